"""An instance without DHCP is told, with the reason and the fix."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.calico import dhcp, endpoints
from calico_fuel.etcd.client import Entry

NEUTRON_CONF = '''[DEFAULT]
root_helper = sudo
[agent]
root_helper = sudo neutron-rootwrap /etc/neutron/rootwrap.conf
'''
PLACE = '/calico/v1/host/node-2/workload/openstack/vm-{0}/endpoint/{0}'
# As networking-calico 1.3 starts it.
DNSMASQ = ('11 dnsmasq --no-hosts --bind-dynamic --interface=ns-calico {} --dhcp-range='
           'set:tag0,203.0.113.0,static,600s --bridge-interface=ns-calico,tapb')


def endpoint(name, *subnets):
    return Entry(PLACE.format(name), json.dumps({
        'state': 'active', 'name': 'tap' + name, 'ipv4_nets': ['203.0.113.21/32'],
        'ipv4_subnet_ids': subnets}), False)


SUBNET = [Entry('/calico/dhcp/v1/subnet/with-dhcp', '{}', False)]
TWO = [endpoint('a', 'with-dhcp'), endpoint('b', 'with-dhcp'),
       endpoint('c', 'without'), Entry('/calico/v1/host/node-2', None, False)]


def served(entries, command_lines, subnets=SUBNET):
    return dhcp.served(
        'calico-dhcp-agent', endpoints.endpoints(entries), subnets, command_lines)


@pytest.mark.parametrize('named', ['--interface=tapa --interface=tapb',
                                   '--interface=tap*'])
def test_taps_that_a_dnsmasq_names_are_served(named):
    """One by one by Calico's agent, all by Neutron's patched one."""
    assert not served(TWO, DNSMASQ.format(named)).is_problem


@pytest.mark.parametrize('lines, state', [
    ('', 'none for tapa, tapb'),
    (DNSMASQ.format('--interface=tapb'), 'none for tapa'),
    (DNSMASQ.format('--interface=tapa --interface=tapbc'), 'none for tapb'),
    ('12 dnsmasq --conf-file=/var/lib/libvirt/dnsmasq/default.conf',
     'none for tapa, tapb')])
def test_a_tap_that_no_dnsmasq_names_has_no_dhcp(lines, state):
    check = served(TWO, lines)

    assert (check.state, check.is_problem) == (state, True)
    assert 'Run "service calico-dhcp-agent restart"' in check.fix


def test_a_tap_that_a_cut_off_command_line_does_not_show_is_served():
    """Trusty shows 4096 characters of a command line."""
    taps = ['tap{:08x}-{:02x}'.format(number, number) for number in range(200)]
    line = DNSMASQ.format(' '.join('--interface=' + tap for tap in taps))
    entries = [endpoint(tap[len('tap'):], 'with-dhcp') for tap in taps]

    assert not served(entries, line[:4096] + '\n').is_problem
    assert served(entries, line[:3000] + '\n').is_problem


def test_many_taps_are_counted():
    assert served([endpoint(name, 'with-dhcp') for name in 'abcde'], '').state == (
        'none for tapa, tapb, tapc and 2 more')


@pytest.mark.parametrize('entries, subnets', [(TWO, []), ([TWO[2]], SUBNET), ([], [])])
def test_who_is_on_no_subnet_with_dhcp_needs_none(entries, subnets):
    assert not served(entries, '', subnets).is_problem


def test_rootwrap_is_found_by_the_options_of_neutron():
    assert dhcp.rootwrap_conf(NEUTRON_CONF) == '/etc/neutron/rootwrap.conf'
    assert dhcp.rootwrap_conf('[agent]\nroot_helper=sudo\n') is None
    assert dhcp.rootwrap_conf(None) is None
    assert dhcp.filter_directories('[DEFAULT]\nfilters_path=/etc/a,/usr/b\n') == [
        '/etc/a', '/usr/b']
    assert dhcp.filter_directories(None) == []


@pytest.mark.parametrize('line, is_good', [
    ('dnsmasq: CommandFilter, dnsmasq, root', True),
    ('dnsmasq: EnvFilter, dnsmasq, root, NEUTRON_NETWORK_ID=', True),
    ('x = CommandFilter, /usr/sbin/dnsmasq, root', True),
    ('kill_dnsmasq: KillFilter, root, /usr/sbin/dnsmasq, -9, -HUP', False),
    ('kill: KillFilter, dnsmasq, root', False),
    ('# dnsmasq: CommandFilter, dnsmasq, root', False),
    ('ip: IpFilter, ip, root', False)])
def test_a_filter_that_names_dnsmasq_lets_it_start(line, is_good):
    check = dhcp.may_start(['/etc/neutron/rootwrap.d'], ['[Filters]\n' + line + '\n'])

    assert check.is_problem != is_good
    assert is_good or 'No filter in /etc/neutron/rootwrap.d names dnsmasq' in check.fix
    assert is_good or 'the package neutron-dhcp-agent: run calico-fuel packages' in (
        check.fix)


@pytest.mark.parametrize('value', [
    '{"name": 5}', '{"name": {}}',
    '{"name": ["tap1"], "ipv4_subnet_ids": ["with-dhcp"]}',
    '{"name": "tap1", "ipv4_subnet_ids": 5}',
    '{"name": "tap1", "ipv4_subnet_ids": [{}]}',
    '[]', '5', '[' * 100000, None])
def test_an_endpoint_that_is_none_needs_no_dhcp(value):
    """Anybody on a node may have written it."""
    odd = endpoint('1', 'with-dhcp')._replace(value=value)

    assert served([odd, TWO[0]], '').state == 'none for ' + json.loads(
        TWO[0].value)['name']

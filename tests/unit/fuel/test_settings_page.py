"""What Fuel's page and API check of a setting, and what the node checks, agree."""

from __future__ import unicode_literals

import io
import itertools
import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from calico_fuel.errors import SettingsError
from calico_fuel.fuel import settings
from calico_fuel.fuel.settings import parse_settings

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
WITH = {'calico_network_cidr': {'calico_network_name': 'demo'},
        'calico_network_gateway': {'calico_network_name': 'demo',
                                   'calico_network_cidr': '10.65.0.0/24'},
        'calico_network_name': {'calico_network_cidr': '10.65.0.0/24'},
        'workload_gateway': {'workload_prefixes': '10.65.0.0/16'}}
PEER = 'border-1 65010 198.51.100.1'
# On in new environments, off in those that were made without the setting.
NEW = ('floating_ips',)
OPTIONS = ('p4ss word hops=1 gtsm limit=5 export=floating import=default '
           'from=10.21.0.0/24 local=65101')

GOOD = [
    ('as_number', '1'), ('as_number', '64512'), ('as_number', '23455'),
    ('as_number', '65534'), ('as_number', '65536'), ('as_number', '234567'),
    ('as_number', '3999999999'), ('as_number', '4200000000'),
    ('as_number', '4294967199'), ('as_number', '4294967294'),
    ('bgp_password', ''), ('bgp_password', 'a b#'), ('bgp_password', 'none'),
    ('bgp_password', 'x' * 80),
    ('external_peers', ''), ('external_peers', '\n \n\t\n'), ('external_peers', PEER),
    ('external_peers', PEER + '\n'), ('external_peers', PEER + '\r\n# one\r\n'),
    ('external_peers', '  # ' + PEER + ' and "more"'),
    ('external_peers', '\n\n' + PEER + ' p4ss word # all of it \n'),
    ('external_peers', PEER + ' ' + 'x' * 80),
    ('external_peers', PEER + ' ' + OPTIONS + ' \nb2 1 203.0.113.2 hops=2'),
    ('external_peers', PEER + ' p4ss  word hops=255 gtsm=yes\timport=default'),
    ('external_peers', PEER + ' "hops=3 gtsm" export=workloads import=none'),
    ('external_peers', PEER + ' "' + 'x' * 80 + '" from=0.0.0.0/0'),
    ('external_peers', PEER + ' x' + ' ' * 90 + 'hops=1'),
    ('external_peers', PEER + ' ab=c gtsms LIMIT=5 export=all'),
    ('external_peers', 'b_6\t4200000001\t2001:DB8::1\tp4ss\nb4 1 203.0.113.255'),
    ('calico_network_name', 'demo'), ('calico_network_name', "it's demo - 1"),
    ('calico_network_name', 'x' * 255),
    ('calico_network_cidr', '10.0.0.0/8'), ('calico_network_cidr', '10.65.0.0/24'),
    ('calico_network_cidr', '203.0.113.252/30'),
    ('calico_network_gateway', ''), ('calico_network_gateway', '10.65.0.254'),
    ('workload_prefixes', ''), ('workload_prefixes', ' \n,'),
    ('workload_prefixes', '10.65.0.0/16'),
    ('workload_prefixes', '\n10.65.0.0/16, 10.66.0.0/16\r\n203.0.113.1/32,\n'),
    ('workload_prefixes', '128.0.0.0/1'),
    ('workload_gateway', ''), ('workload_gateway', '192.0.2.1'),
    ('route_limit', '1'), ('route_limit', '1000'), ('route_limit', '100000'),
    ('reachable_prefixes', ''), ('reachable_prefixes', '192.0.2.53/32\n10.0.0.0/8'),
    ('instance_mtu', ''), ('instance_mtu', '1280'), ('instance_mtu', '1500'),
    ('instance_mtu', '9000'), ('instance_mtu', '9216')]
BAD = [
    ('as_number', ''), ('as_number', '0'), ('as_number', '064512'),
    ('as_number', '23456'), ('as_number', '65535'), ('as_number', '4294967295'),
    ('as_number', '9999999999'), ('as_number', '1.10'), ('as_number', 'notanas'),
    ('bgp_password', 'a"b'), ('bgp_password', 'x' * 81), ('bgp_password', 'n\xe4'),
    ('external_peers', 'border-1'), ('external_peers', 'b1 65010'),
    ('external_peers', 'b.1 65010 198.51.100.1'),
    ('external_peers', 'b1 notanas 198.51.100.1'),
    ('external_peers', 'b1 65010 172.16.0.300'),
    ('external_peers', 'b1 65010 198.51.100'),
    ('external_peers', 'b1 65010 border.example.com'),
    ('external_peers', PEER + '\nb1 65010'), ('external_peers', PEER + ' pa"ss'),
    ('external_peers', PEER + ' ' + 'x' * 81),
    ('external_peers', PEER + ' hops=0'), ('external_peers', PEER + ' hops=256'),
    ('external_peers', PEER + ' limit=0'), ('external_peers', PEER + ' limit=1000000'),
    ('external_peers', PEER + ' hops=1 gtsm=no'),
    ('external_peers', PEER + ' export=some'), ('external_peers', PEER + ' import=all'),
    ('external_peers', PEER + ' from=rack-2'), ('external_peers', PEER + ' limt=5'),
    ('external_peers', PEER + ' from=10.21.0.0'), ('external_peers', PEER + ' local=x'),
    ('external_peers', PEER + ' from=10.21.0.0/33'),
    ('external_peers', PEER + ' hops=3 p4ss'), ('external_peers', PEER + ' "p4ss'),
    ('external_peers', PEER + ' p4ss gtsm word'), ('external_peers', PEER + ' ""'),
    ('external_peers', PEER + ' "p4ss" word'),
    ('external_peers', PEER + ' "' + 'x' * 81 + '"'),
    ('external_peers', '\u0411 65010 198.51.100.1'),
    ('external_peers', PEER + ' b2 65010 198.51.100.2 ' + 'x' * 60),
    ('calico_network_name', '-demo'),
    ('calico_network_name', '\u0441\u0435\u0442\u044c'),
    ('calico_network_name', 'x' * 256), ('calico_network_name', 'a\nb'),
    ('calico_network_cidr', '10.65.0.0'), ('calico_network_cidr', '10.65.0.0/99'),
    ('calico_network_cidr', '10.65.0.0/31'), ('calico_network_cidr', '0.0.0.0/7'),
    ('calico_network_cidr', '10.65.0/24'), ('calico_network_cidr', '10.65.0.256/24'),
    ('calico_network_gateway', '999.9.9.9'), ('calico_network_gateway', 'gateway'),
    ('calico_network_gateway', '10.65.0.01'),
    ('workload_prefixes', '10.65.0.0/99, hello'), ('workload_prefixes', '10.65.0.0'),
    ('workload_prefixes', '0.0.0.0/0'), ('workload_prefixes', '2001:db8::/32'),
    ('workload_prefixes', '10.65.0.0/16;10.66.0.0/16'),
    ('workload_gateway', '192.0.2.1/24'), ('workload_gateway', '192.0.2.300'),
    ('route_limit', ''), ('route_limit', '0'), ('route_limit', '100001'),
    ('route_limit', '1e3'), ('reachable_prefixes', '192.0.2.53'),
    ('reachable_prefixes', '0.0.0.0/0'), ('instance_mtu', '1279'),
    ('instance_mtu', '9217'), ('instance_mtu', '65000'), ('instance_mtu', '90 00'),
    ('instance_mtu', 'jumbo')]
# What no regex can say.
BAD_FOR_THE_NODE = [
    ('external_peers', PEER + '\n' + PEER), ('external_peers', 'b1 0 198.51.100.1'),
    ('external_peers', 'b1 65010 127.0.0.1'), ('external_peers', 'b1 65010 ::1'),
    ('external_peers', 'b1 65010 :::'), ('external_peers', PEER + ' gtsm'),
    ('external_peers', PEER + ' hops=1 hops=2'),
    ('external_peers', PEER + ' from=10.21.0.1/24'),
    ('external_peers', PEER + ' local=23456'),
    ('external_peers', 'b1 65010 2001:db8::1 import=default'),
    ('calico_network_cidr', '10.65.0.1/24'),
    ('calico_network_gateway', '10.66.0.1'), ('workload_prefixes', '10.65.0.1/16')]

# What running Nailguns of Fuel 6.1, 7.0 and 9.2 answered for the settings of an
# environment: of their own controls, what all three know; and the groups of 9.2.
KNOWN_TYPES = ('text', 'password', 'checkbox', 'hidden', 'textarea', 'radio')
KNOWN_KEYS = {'type', 'value', 'label', 'description', 'weight', 'regex',
              'restrictions', 'values'}
GROUPS = ('general', 'security', 'network', 'storage', 'logging', 'openstack_services')


def attributes():
    with io.open(os.path.join(ROOT, 'environment_config.yaml'),
                 encoding='utf-8') as stream:
        return yaml.safe_load(stream)['attributes']


ATTRIBUTES = attributes()


def page_takes(key, value):
    """As Nailgun 6.1 to 9.2 does: it searches, and passes an empty value."""
    return not value or bool(re.search(ATTRIBUTES[key]['regex']['source'], value))


def node_refuses(**raw):
    try:
        parse_settings(raw, 'astute.yaml: calico-fuel-plugin')
    except SettingsError as error:
        return '\n'.join(error.problems)
    return ''


def refusal(key, value):
    return node_refuses(**dict(WITH.get(key, {}), **{str(key): value}))


def test_the_page_shows_the_same_settings_in_the_same_order():
    shown = dict(ATTRIBUTES)
    shown.pop('metadata')
    by_weight = sorted(shown, key=lambda key: shown[key]['weight'])

    assert by_weight == [s.key for s in settings.SETTINGS]
    for setting in settings.SETTINGS:
        control = shown[setting.key]
        assert control['type'] == setting.type
        assert control['value'] == (setting.key in NEW or setting.default)
        assert control['label'] == setting.label
        assert control['description'] == setting.meaning


def test_each_setting_is_drawn_as_all_releases_draw_their_own():
    assert ATTRIBUTES['metadata']['group'] in GROUPS
    for key, control in ATTRIBUTES.items():
        if key != 'metadata':
            assert control['type'] in KNOWN_TYPES and KNOWN_KEYS >= set(control)


def test_every_text_is_checked_before_it_reaches_a_node():
    assert [s.key for s in settings.SETTINGS if s.type != 'checkbox'
            and 'regex' not in ATTRIBUTES[s.key]] == []


@pytest.mark.parametrize('key, value', GOOD)
def test_a_good_value_is_taken_by_the_page_and_by_the_node(key, value):
    assert page_takes(key, value)
    assert refusal(key, value) == ''


@pytest.mark.parametrize('key, value', [pair for pair in BAD if pair[1]])
def test_a_bad_value_is_refused_by_the_page_and_by_the_node(key, value):
    assert not page_takes(key, value)
    assert refusal(key, value).startswith(key)


@pytest.mark.parametrize('key, value', BAD_FOR_THE_NODE)
def test_what_no_regex_can_say_is_refused_by_the_node(key, value):
    assert page_takes(key, value)
    assert refusal(key, value).startswith(key)


# Ended by the alarm after some hundred times of what it takes on a busy machine.
SEARCH = '''
import re, signal, sys
signal.alarm(20)
for line in sys.argv[2:]:
    for end in "", "!", '"':
        re.search(sys.argv[1], (line + " " * 40 + "\\n") * 200 + line + " " * 40 + end)
'''


@pytest.mark.runs_programs
@pytest.mark.parametrize('key', [key for key in sorted(ATTRIBUTES)
                                 if 'regex' in ATTRIBUTES[key]])
def test_no_value_keeps_a_regex_busy(key):
    """One that could match blanks in two ways took ten minutes for 200 such lines."""
    subprocess.check_call([sys.executable, '-c', SEARCH,
                           ATTRIBUTES[key]['regex']['source'], PEER,
                           PEER + ' ' + 'x ' * 39 + 'x', PEER + ' ' + OPTIONS,
                           PEER + ' x' + ' ' * 90 + 'gtsm', '10.65.0.0/16', '# one',
                           'x'])


IN_A_BROWSER = '''
const cases = JSON.parse(process.argv[1]);
const taken = cases.map(([source, value]) => new RegExp(source).test(value));
console.log(JSON.stringify(taken));
'''


@pytest.mark.runs_programs
def test_the_regex_of_external_peers_says_the_same_in_a_browser():
    """Within the alarm of the test above, for as many lines."""
    values = [value for key, value in GOOD + BAD if key == 'external_peers' and value]
    values += [(PEER + ' ' + OPTIONS + ' ' * 40 + '\n') * 200 + PEER + ' "']
    source = ATTRIBUTES['external_peers']['regex']['source']
    try:
        said = subprocess.check_output([
            'timeout', '20', 'node', '-e', IN_A_BROWSER,
            json.dumps([[source, value] for value in values])])
    except (OSError, subprocess.CalledProcessError) as error:
        if getattr(error, 'returncode', 127) != 127:
            raise
        pytest.skip('there is no node')

    assert json.loads(said.decode()) == [
        page_takes('external_peers', value) for value in values]


def warnings(raw):
    """Keys whose warning holds; the grammar of Fuel's conditions is that of Python."""
    values = dict((setting.key, setting.default) for setting in settings.SETTINGS)
    values.update(raw)
    for key, control in sorted(ATTRIBUTES.items()):
        for restriction in control.get('restrictions', []) if key != 'metadata' else []:
            assert restriction['action'] == 'none' and restriction['message']
            if eval(re.sub(r'settings:calico-fuel-plugin\.(\w+)\.value',
                           r'values["\1"]', restriction['condition']),
                    {'values': values}):
                yield key


@pytest.mark.parametrize('is_set', list(itertools.product([False, True], repeat=5)))
def test_the_page_warns_where_one_setting_needs_another_and_nowhere_else(is_set):
    raw = dict((str(key), value) for (key, value), wanted in zip([
        ('calico_network_name', 'demo'), ('calico_network_cidr', '10.65.0.0/24'),
        ('calico_network_gateway', '10.65.0.1'), ('workload_prefixes', '10.0.0.0/8'),
        ('workload_gateway', '192.0.2.1')], is_set) if wanted)

    assert bool(list(warnings(raw))) == bool(node_refuses(**raw))

"""The wanted options differ by OpenStack release only where they must."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.openstack import options
from tests.unit.builders import environment

OLD, NEW = ['6.1', '7.0'], ['8.0', '9.0', '9.2']


def wanted(release, uid, **settings):
    env = environment(release=release, **settings)
    return options.wanted_options(env, env.node(uid))


@pytest.mark.parametrize('release', ['6.1', '9.2'])
@pytest.mark.parametrize('role, uid', [('controller', '1'), ('compute', '2')])
def test_all_options(golden, release, role, uid):
    golden('options-{}-{}.json'.format(release, role), '{}\n'.format(json.dumps(
        wanted(release, uid), indent=2, sort_keys=True, separators=(',', ': '))))


@pytest.mark.parametrize('release', OLD + NEW)
def test_controllers_load_only_the_calico_mechanism_driver(release):
    ml2 = wanted(release, '1')[options.ML2_CONF]['ml2']

    assert ml2['mechanism_drivers'] == 'calico'
    assert 'vlan' not in ml2['type_drivers'] + ml2['tenant_network_types']


@pytest.mark.parametrize('release', NEW)
def test_with_floating_ips_calico_is_the_core_plugin_and_the_only_one_of_routers(
        release):
    """A second plugin with the extension "router" stops neutron-server."""
    found = wanted(release, '1', floating_ips=True)[options.NEUTRON_CONF]['DEFAULT']

    assert found['core_plugin'] == 'calico'
    assert found['service_plugins'] is options.ABSENT


@pytest.mark.parametrize('release', NEW)
def test_without_floating_ips_the_core_plugin_is_again_the_one_of_fuel(release):
    found = wanted(release, '1')[options.NEUTRON_CONF]['DEFAULT']

    assert found['core_plugin'] == 'neutron.plugins.ml2.plugin.Ml2Plugin'
    assert 'service_plugins' not in found


@pytest.mark.parametrize('release, drivers', [('8.0', None), ('9.2', 'port_security')])
def test_with_floating_ips_mitaka_has_no_dns_extension(release, drivers):
    """Calico's plugin lacks what Neutron then calls for each floating IP."""
    found = wanted(release, '1', floating_ips=True)[options.ML2_CONF]['ml2']

    assert found.get('extension_drivers') == drivers
    assert found['mechanism_drivers'] == 'calico'


@pytest.mark.parametrize('uid', ['1', '2'])
@pytest.mark.parametrize('release', OLD)
def test_up_to_kilo_floating_ips_change_nothing(release, uid):
    assert wanted(release, uid, floating_ips=True) == wanted(release, uid)


@pytest.mark.parametrize('release', OLD + NEW)
def test_workers_stay_as_fuel_sets_them(release):
    assert 'workers' not in '{}'.format(wanted(release, '1'))


@pytest.mark.parametrize('release', OLD)
def test_up_to_kilo_every_compute_has_neutrons_own_dhcp_agent(release):
    assert wanted(release, '1')[options.NEUTRON_CONF]['DEFAULT'][
        'dhcp_agents_per_network'] == '1000'
    assert 'RoutedInterfaceDriver' in wanted(release, '2')[
        options.DHCP_AGENT_CONF]['DEFAULT']['interface_driver']


@pytest.mark.parametrize('release', NEW)
def test_from_liberty_calico_dhcp_agent_reads_neutron_conf(release):
    compute = wanted(release, '2')

    assert options.DHCP_AGENT_CONF not in compute
    assert compute[options.NEUTRON_CONF]['calico'] == {
        'etcd_host': '127.0.0.1', 'etcd_port': '4001'}


@pytest.mark.parametrize('release', OLD + NEW)
def test_guests_may_open_taps(release):
    qemu = wanted(release, '2')[options.QEMU_CONF]['']

    assert '"/dev/net/tun"' in qemu['cgroup_device_acl']


@pytest.mark.parametrize('release', OLD + NEW)
def test_qemu_runs_as_the_user_that_fuel_gives_it(release):
    """Who escapes from a QEMU of root has all secrets of the environment at once."""
    assert list(wanted(release, '2')[options.QEMU_CONF]['']) == ['cgroup_device_acl']


def test_the_open_vswitch_driver_is_taken_out_of_nova():
    assert wanted('6.1', '2')[options.NOVA_CONF]['DEFAULT'][
        'linuxnet_interface_driver'] is options.ABSENT


@pytest.mark.parametrize('release, dhcp_agent', [
    ('6.1', options.DHCP_AGENT_CONF), ('7.0', options.DHCP_AGENT_CONF),
    ('8.0', options.NEUTRON_CONF), ('9.2', options.NEUTRON_CONF)])
def test_taps_have_the_mtu_of_instances_and_dnsmasq_alone_tells_it(release, dhcp_agent):
    env = environment(release=release, uid='2', instance_mtu='1400')
    compute = options.wanted_options(env, env.this_node)

    assert compute[options.NOVA_CONF]['DEFAULT']['network_device_mtu'] == '1400'
    assert compute[dhcp_agent]['DEFAULT']['advertise_mtu'] == 'False'
    assert compute[dhcp_agent]['DEFAULT']['dnsmasq_config_file'] == options.DNSMASQ_CONF


def test_a_node_with_both_roles_gets_the_options_of_both():
    env = environment([['primary-controller', 'compute']], '9.2')
    both = options.wanted_options(env, env.this_node)

    assert set(both) == {options.NEUTRON_CONF, options.ML2_CONF,
                         options.NOVA_CONF, options.QEMU_CONF}
    assert 'agent_down_time' in both[options.NEUTRON_CONF]['DEFAULT']

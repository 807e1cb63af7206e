"""Settings that contradict the environment's networks are refused."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel import addresses
from calico_fuel.bgp import route_policy, sessions
from calico_fuel.errors import SettingsError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import changed, environment, roles


def problems(**settings):
    with pytest.raises(SettingsError) as error:
        route_policy.check(environment(**settings))
    return error.value.args[0]


def test_instances_must_not_have_a_larger_mtu_than_the_network_of_a_compute():
    assert problems(uid='2', instance_mtu='9000') == (
        'astute.yaml: calico-fuel-plugin: instance_mtu: 9000 is more than 1500, the '
        'MTU of the management network of node-2 in Fuel: write 1500 or less, or first '
        'give a larger one to its interface in Fuel and to the switches')


@pytest.mark.parametrize('uid, instance_mtu', [('1', '9000'), ('2', '1500'), ('2', '')])
def test_a_smaller_mtu_is_taken_and_that_of_a_node_without_instances_means_nothing(
        uid, instance_mtu):
    route_policy.check(environment(uid=uid, instance_mtu=instance_mtu))


@pytest.mark.parametrize('cidr', ['192.0.2.0/28', '192.0.0.0/16'])
def test_a_calico_network_must_not_overlap_a_network_of_the_deployment(cidr):
    found = problems(calico_network_name='demo', calico_network_cidr=cidr)

    assert 'calico_network_cidr: {} overlaps 192.0.2.0/24'.format(cidr) in found


@pytest.mark.parametrize('cidr', ['127.0.0.0/8', '224.0.0.0/8', '0.0.0.0/8'])
def test_a_calico_network_must_be_one_that_hosts_may_have(cidr):
    assert 'which no host may have' in problems(
        calico_network_name='demo', calico_network_cidr=cidr)


@pytest.mark.parametrize('settings, workload', [
    ({'calico_network_name': 'demo', 'calico_network_cidr': '10.67.0.0/24'},
     ['10.66.0.0/16', '10.67.0.0/24']),
    # Admin Tenant, which the page of Fuel 9 asks for elsewhere. Up to 8.0 Fuel makes
    # it by itself, for layer 2.
    ({'release': '9.2'}, ['10.65.0.0/24', '10.66.0.0/16']),
    ({'release': '9.2', 'remove_default_networks': True}, ['10.66.0.0/16']),
    ({'release': '8.0'}, ['10.66.0.0/16'])])
def test_the_network_that_is_created_is_one_of_the_workload_prefixes(
        settings, workload):
    of = environment(workload_prefixes='10.66.0.0/16', **settings)

    route_policy.check(of)

    of_workloads = route_policy.routing_policy(of).workload
    assert ['{}'.format(one) for one in of_workloads] == workload


def test_without_workload_prefixes_no_network_restricts_the_others():
    assert route_policy.routing_policy(environment(
        calico_network_name='demo', calico_network_cidr='10.67.0.0/24')).workload == ()


def test_a_network_of_fuel_9_that_overlaps_one_of_the_deployment_is_named():
    """It is in no field of the plugin's, so its name is told."""
    quantum = fuel_metadata.metadata('9.2', roles())['quantum_settings']
    quantum['predefined_networks']['admin_internal_net']['L3'].update(
        subnet='192.0.2.0/24', gateway='192.0.2.1')
    with pytest.raises(SettingsError) as error:
        route_policy.check(parse_environment(changed('9.2', quantum_settings=quantum)))

    assert 'is empty, so admin_internal_net is made' in error.value.args[0]
    assert 'its subnet 192.0.2.0/24 overlaps' in error.value.args[0]


@pytest.mark.parametrize('release', ['6.1', '9.2'])
@pytest.mark.parametrize('address, owner', [
    ('192.0.2.11', 'node-1'), ('192.0.2.12', 'node-2'),
    ('192.0.2.2', 'the VIP "management"'), ('198.51.100.2', 'the VIP "public"')])
def test_a_workload_gateway_must_be_no_node_and_no_vip(release, address, owner):
    assert ('workload_gateway: {} is the address of {}: write the address of a router '
            'outside the environment'.format(address, owner)) in problems(
                release=release, workload_prefixes='10.65.0.0/16',
                workload_gateway=address)


@pytest.mark.parametrize('pool', ['192.0.2.0/24', '198.51.100.128/27', '127.0.0.0/8'])
def test_a_workload_prefix_in_which_every_route_is_refused_is_an_error(pool):
    assert 'workload_prefixes: {} lies in'.format(pool) in problems(
        workload_prefixes='10.65.0.0/16 ' + pool)


def test_all_problems_are_named_at_once_each_with_its_reason():
    found = problems(
        release='9.2', floating_ips=True, remove_default_networks=True,
        calico_network_name='demo', calico_network_cidr='192.0.2.0/28',
        workload_prefixes='127.0.0.0/8')

    for words in ('remove_default_networks: is on',
                  '192.0.2.0/28 overlaps 192.0.2.0/24, a network of the deployment: ',
                  '127.0.0.0/8 lies in 127.0.0.0/8, which no host may have: '):
        assert words in found


@pytest.mark.parametrize('number, is_refused', [(100, False), (101, True)])
def test_an_outbound_router_takes_a_hundred_instance_cidrs(number, is_refused):
    of = dict(workload_gateway='192.0.2.200', workload_prefixes=' '.join(
        '10.{}.0.0/24'.format(one) for one in range(number)))

    if is_refused:
        assert 'workload_prefixes: 101 prefixes' in problems(**of)
    else:
        route_policy.check(environment(**of))


def test_settings_that_fit_are_good():
    route_policy.check(environment(
        calico_network_name='demo', calico_network_cidr='10.65.0.0/24',
        external_peers='b1 65010 192.0.2.200'))


def test_floating_addresses_are_good_for_workloads():
    route_policy.check(environment(
        workload_prefixes='198.51.100.64/26', calico_network_name='demo',
        calico_network_cidr='198.51.100.64/28'))


def test_the_policy_is_the_same_on_every_node():
    one, other = environment(uid='1'), environment(uid='2')
    assert route_policy.routing_policy(one) == route_policy.routing_policy(other)


@pytest.mark.parametrize('settings, floating', [
    ({}, []), ({'workload_prefixes': '10.65.0.0/16'}, []),
    ({'workload_prefixes': '198.51.100.96/28'}, ['198.51.100.96/28']),
    ({'workload_prefixes': '198.51.100.112/28'}, [
        '198.51.100.112/29', '198.51.100.120/30', '198.51.100.124/31',
        '198.51.100.126/32']),
    ({'calico_network_name': 'demo', 'calico_network_cidr': '198.51.100.96/29'},
     ['198.51.100.96/29'])])
def test_floating_addresses_are_of_instances_only_where_a_setting_says_so(
        settings, floating):
    """Without floating IPs nobody has any other."""
    policy = route_policy.routing_policy(environment(**settings))

    assert ['{}'.format(one) for one in policy.floating] == floating


@pytest.mark.parametrize('given, workload', [
    ('', []), ('10.66.0.0/16', ['10.66.0.0/16'])])
def test_with_floating_ips_the_whole_range_is_of_instances(given, workload):
    of = environment(release='8.0', floating_ips=True, workload_prefixes=given)
    policy = route_policy.routing_policy(of)
    floating = ['{}'.format(one) for one in of.floating]

    assert floating and ['{}'.format(one) for one in policy.floating] == floating
    assert ['{}'.format(one) for one in policy.workload] == (
        workload and workload + floating)
    for address, is_accepted in (('198.51.100.64', True), ('198.51.100.126', True),
                                 ('198.51.100.63', False), ('198.51.100.2', False)):
        assert is_accepted == (not route_policy.refusal_of(
            policy, addresses.enclosing_prefix(address + '/32')))


@pytest.mark.parametrize('release', ['6.1', '7.0'])
def test_up_to_kilo_the_setting_changes_no_policy(release):
    one, other = [route_policy.routing_policy(environment(
        release=release, floating_ips=is_on)) for is_on in (True, False)]
    assert one == other


def test_instances_in_the_range_of_floating_ips_are_refused():
    """Neutron would give the same address twice."""
    assert 'calico_network_cidr: 198.51.100.64/28 overlaps' in problems(
        release='8.0', floating_ips=True, calico_network_name='demo',
        calico_network_cidr='198.51.100.64/28')


def test_floating_ips_need_the_networks_that_a_setting_would_remove():
    both = {'floating_ips': True, 'remove_default_networks': True}

    assert 'Switch one of them off' in problems(release='9.2', **both)
    # Up to Kilo there are no floating IPs.
    route_policy.check(environment(release='7.0', **both))


@pytest.mark.parametrize('settings, is_own', [
    ({}, True), ({'workload_prefixes': '10.65.0.0/16'}, True),
    ({'workload_prefixes': '10.66.0.0/16'}, False)])
def test_the_servers_of_the_nodes_are_own_unless_they_are_instances(settings, is_own):
    """The operator may run the DNS server of the nodes in an instance."""
    data = fuel_metadata.metadata('9.2', roles(), **settings)
    data['external_dns'] = {'dns_list': ['10.66.0.53']}
    policy = route_policy.routing_policy(parse_environment(json.dumps(data)))

    assert ('10.66.0.53/32' in ['{}'.format(one) for one in policy.own]) == is_own


@pytest.mark.parametrize('uid, options, most', [
    ('1', '', 100000), ('1', 'limit=5', 5), ('1', 'limit=200000', 200000),
    ('2', 'from=192.0.2.12/32', 20), ('2', 'from=192.0.2.12/32 limit=5', 5)])
def test_a_line_may_have_a_limit_of_its_own(uid, options, most):
    env = environment(
        route_limit='20', external_peers='b1 65010 203.0.113.1 ' + options)
    session = sessions.of(env, env.node(uid))[-1]

    assert route_policy.export_limit(env, session) == most


def test_limits_are_of_the_setting_and_do_not_depend_on_the_nodes():
    few, many = environment(roles(1, 1)), environment(roles(3, 20))

    assert route_policy.limits(few) == route_policy.limits(many) == {
        'client': 1000, 'reflector': 100000, 'external': 100000}


@pytest.mark.parametrize('of_compute, of_all', [(20, 100000), (2000, 200000)])
def test_a_low_limit_for_a_compute_refuses_no_route_of_hundreds_of_computes(
        of_compute, of_all):
    limits = route_policy.limits(environment(route_limit='{}'.format(of_compute)))

    assert limits == {'client': of_compute, 'reflector': of_all, 'external': of_all}

"""Settings that contradict the environment's networks are refused."""

from __future__ import unicode_literals

import pytest

from calico_fuel import policy
from calico_fuel.errors import SettingsError
from tests.unit.builders import environment


def problems(**settings):
    with pytest.raises(SettingsError) as error:
        policy.check(environment(**settings))
    return error.value.args[0]


@pytest.mark.parametrize('cidr', ['192.0.2.0/28', '192.0.0.0/16'])
def test_a_calico_network_must_not_overlap_a_network_of_the_deployment(cidr):
    found = problems(calico_network_name='demo', calico_network_cidr=cidr)

    assert 'calico_network_cidr: {} overlaps 192.0.2.0/24'.format(cidr) in found


@pytest.mark.parametrize('cidr', ['127.0.0.0/8', '224.0.0.0/8', '0.0.0.0/8'])
def test_a_calico_network_must_be_one_that_hosts_may_have(cidr):
    assert 'which no host may have' in problems(
        calico_network_name='demo', calico_network_cidr=cidr)


def test_a_calico_network_lies_in_the_workload_prefixes():
    assert '10.65.0.0/24 lies outside of workload_prefixes: add it there' in problems(
        calico_network_name='demo', calico_network_cidr='10.65.0.0/24',
        workload_prefixes='10.66.0.0/16')


def test_on_fuel_9_the_network_of_the_wizard_has_to_fit_too():
    """It is made where no other is asked for; up to 8.0 Fuel makes one for layer 2."""
    found = problems(release='9.2', workload_prefixes='10.66.0.0/16')

    assert 'is empty, so admin_internal_net is made' in found
    assert '10.65.0.0/24 lies outside of workload_prefixes' in found
    policy.check(environment(release='9.2', workload_prefixes='10.66.0.0/16',
                             remove_default_networks=True))
    policy.check(environment(release='8.0', workload_prefixes='10.66.0.0/16'))


@pytest.mark.parametrize('pool', ['192.0.2.0/24', '198.51.100.128/27', '127.0.0.0/8'])
def test_a_workload_prefix_in_which_every_route_is_refused_is_an_error(pool):
    assert 'workload_prefixes: {} lies in'.format(pool) in problems(
        workload_prefixes='10.65.0.0/16 ' + pool)


def test_an_external_peer_must_not_be_a_node():
    found = problems(external_peers='b1 65010 192.0.2.12')

    assert 'b1 has the address 192.0.2.12 of node-2' in found


def test_settings_that_fit_are_good():
    policy.check(environment(
        calico_network_name='demo', calico_network_cidr='10.65.0.0/24',
        external_peers='b1 65010 192.0.2.200'))


def test_floating_addresses_are_good_for_workloads():
    policy.check(environment(
        workload_prefixes='198.51.100.64/26', calico_network_name='demo',
        calico_network_cidr='198.51.100.64/28'))


def test_the_policy_is_the_same_on_every_node():
    assert policy.routing_policy(environment(uid='1')) == policy.routing_policy(
        environment(uid='2'))

"""Can this deployment work?  What the node's own addresses tell."""

from __future__ import unicode_literals

import pytest

from tests.unit.builders import environment
from tests.unit.fake.preflight_node import Node, problems, told


def test_a_node_that_fuel_has_not_set_up_yet_has_no_management_address_yet():
    """The first deployment runs this before it configures the networks."""
    system = Node(address='198.51.100.203')
    del system.files['/sys/class/net/br-mgmt/address']

    assert problems(system=system) == []
    assert ('192.0.2.11 is not on this node yet: Fuel sets up its networks later'
            in told(system=system))


def test_a_bridge_with_another_address_is_a_problem():
    problem, = problems(system=Node(address='192.0.2.99'))

    assert ('astute.yaml: nodes: node-1 has the management address 192.0.2.11, but '
            'br-mgmt of this node has 192.0.2.99. ') in problem


@pytest.mark.parametrize('uid, of_bridge, is_told', [
    ('2', 1400, True), ('2', 1500, False), ('1', 1400, False)])
def test_a_smaller_mtu_than_instances_get_is_a_risk_until_fuel_has_set_up_networks(
        uid, of_bridge, is_told):
    system = Node(address='192.0.2.1' + uid, mtu=of_bridge)
    env = environment(uid=uid)

    assert 'MTU' not in '\n'.join(problems(env, system))
    assert ('Risk: br-mgmt has the MTU 1400 now, and instances get 1500: if this '
            'deployment does not change that, verify fails'
            in told(env, system)) == is_told


@pytest.mark.parametrize('has_ip', [True, False])
@pytest.mark.parametrize('uid, address, is_refused', [
    ('2', '10.99.0.1', True), ('2', '192.0.2.200', False), ('1', '10.99.0.1', False)])
def test_preflight_of_a_compute_refuses_a_gateway_in_no_network_of_it(
        uid, address, is_refused, has_ip):
    """Without it, `compute` fails on each, after all that Fuel does before."""
    system = Node()
    if not has_ip:
        system.programs['ip'] = None
    env = environment(uid=uid, workload_prefixes='10.65.0.0/24',
                      workload_gateway=address)

    told = [text for text in problems(env, system) if 'workload_gateway' in text]

    assert len(told) == is_refused
    for text in told:
        assert ('astute.yaml: calico-fuel-plugin: workload_gateway: 10.99.0.1 is in no '
                'network of node-2, which has 192.0.2.0/24, 198.51.100.') in text
        assert 'write the address of a router in a network that every' in text


def test_preflight_of_a_node_refuses_any_address_of_its_own_as_gateway():
    """Metadata knows that of the management network alone."""
    system = Node(address='192.0.2.77')

    told = [text for text in problems(environment(
        workload_prefixes='10.65.0.0/24', workload_gateway='192.0.2.77'), system)
        if 'workload_gateway' in text]

    assert told == [
        'SETTING_WRONG: astute.yaml: calico-fuel-plugin: workload_gateway: 192.0.2.77 '
        'is the address of node-1: write the address of a router outside the '
        'environment']

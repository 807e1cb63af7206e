"""Workloads reach each other."""

from calico_fuel.bgp.bird_replies import parse_routes
from lab.machine.programs import eventually
from lab.network import fabric
from tests.live import COMPUTE, CONTROLLER

FIRST, SECOND = '203.0.113.21', '203.0.113.31'


def test_a_workload_is_reachable_from_another_compute_until_it_is_gone(network):
    """What Felix does on one compute ends up in the other's kernel."""
    first = network.add_workload('vm-1', 'node-2', FIRST)
    second = network.add_workload('vm-2', 'node-3', SECOND)
    node, other = network.nodes['node-2'], network.nodes['node-3']

    assert eventually(lambda: 'via 192.0.2.13 dev br-mgmt proto bird'
                      in node.routes(SECOND))
    assert eventually(lambda: 'via 192.0.2.12 dev br-mgmt proto bird'
                      in other.routes(FIRST))
    assert fabric.ping(first, second)

    # In another rack a router is the next hop; BIRD knows which node a route is of.
    node.configure('route add 192.0.2.13/32 via 192.0.2.11 dev br-mgmt')
    assert eventually(lambda: 'via 192.0.2.11' in node.routes(SECOND))
    brought = parse_routes(network.birds['node-2'].birdc('show', 'route', 'all'))
    assert brought['reflector_node_1'] == {SECOND + '/32': '192.0.2.13'}

    node.configure('route del {}/32'.format(FIRST))
    assert eventually(lambda: not other.routes(FIRST))


def test_workloads_of_a_controller_that_is_a_compute_too_are_reachable(bring_up):
    """A node with both roles reflects routes, and hosts workloads."""
    network = bring_up(CONTROLLER + COMPUTE, COMPUTE)
    first = network.add_workload('vm-1', 'node-1', FIRST)
    second = network.add_workload('vm-2', 'node-2', SECOND)

    assert eventually(lambda: 'via 192.0.2.11' in network.nodes['node-2'].routes(FIRST))
    assert eventually(lambda: 'via 192.0.2.12'
                      in network.nodes['node-1'].routes(SECOND))
    assert fabric.ping(first, second)


def test_of_two_owners_of_an_address_each_keeps_its_own_and_one_may_go(network):
    """As in a live migration: first on two nodes, then on the new one alone."""
    reflector = network.birds['node-1']
    old, new = network.nodes['node-2'], network.nodes['node-3']
    network.add_workload('vm-1', 'node-2', FIRST)
    assert eventually(lambda: new.routes(FIRST))

    network.add_workload('vm-2', 'node-3', FIRST)

    def announced():
        return reflector.birdc('show', 'route', FIRST + '/32', 'all')
    assert eventually(lambda: 'client_node_3' in announced())
    assert 'client_node_2' in announced()
    for node in old, new:
        assert 'dev tap' in node.routes(FIRST)
        assert 'via' not in node.routes(FIRST)

    old.configure('route del {}/32'.format(FIRST))
    assert eventually(lambda: 'via 192.0.2.13' in old.routes(FIRST))
    assert 'dev tap' in new.routes(FIRST)

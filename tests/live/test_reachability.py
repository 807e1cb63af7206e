"""Workloads reach each other."""

from calico_fuel.bgp.bird_replies import parse_routes
from lab.machine.programs import eventually
from lab.network import fabric
from tests.live import COMPUTE, CONTROLLER

FIRST, SECOND = '203.0.113.21', '203.0.113.31'


def test_a_workload_is_reachable_from_a_workload_on_another_compute(network):
    """What Felix does on one compute ends up in the other's kernel."""
    first = network.add_workload('vm-1', 'node-2', FIRST)
    second = network.add_workload('vm-2', 'node-3', SECOND)

    assert eventually(lambda: 'via 192.0.2.13 dev br-mgmt proto bird'
                      in network.nodes['node-2'].routes(SECOND))
    assert eventually(lambda: 'via 192.0.2.12 dev br-mgmt proto bird'
                      in network.nodes['node-3'].routes(FIRST))
    assert fabric.ping(first, second)


def test_behind_a_router_the_compute_is_still_known(network):
    """Who hands over asks which node a route is of; in other racks it is the same."""
    network.add_workload('vm-2', 'node-3', SECOND)
    node = network.nodes['node-2']
    node.configure('route add 192.0.2.13/32 via 192.0.2.11 dev br-mgmt')
    assert eventually(lambda: 'via 192.0.2.11' in node.routes(SECOND))

    brought = parse_routes(network.birds['node-2'].birdc('show', 'route', 'all'))

    assert brought['reflector_node_1'] == {SECOND + '/32': '192.0.2.13'}


def test_a_workload_that_is_gone_is_gone_everywhere(network):
    """A deleted workload leaves no route behind."""
    network.add_workload('vm-1', 'node-2', FIRST)
    other = network.nodes['node-3']
    assert eventually(lambda: other.routes(FIRST))

    network.nodes['node-2'].configure('route del {}/32'.format(FIRST))

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


def test_a_compute_keeps_and_announces_its_own_workload_when_another_claims_it(network):
    """A second node that announces the same address takes nothing away."""
    reflector, owner = network.birds['node-1'], network.nodes['node-2']
    network.add_workload('vm-1', 'node-2', FIRST)
    assert eventually(lambda: network.nodes['node-3'].routes(FIRST))

    network.add_workload('vm-2', 'node-3', FIRST)

    def announced():
        return reflector.birdc('show', 'route', FIRST + '/32', 'all')
    assert eventually(lambda: 'client_node_3' in announced())
    assert 'client_node_2' in announced()
    for node in owner, network.nodes['node-3']:
        assert 'dev tap' in node.routes(FIRST)
        assert 'via' not in node.routes(FIRST)


def test_when_one_of_two_owners_goes_the_other_still_serves(network):
    """A live migration is an address on two nodes, then on the new one alone."""
    old, new = network.nodes['node-2'], network.nodes['node-3']
    network.add_workload('vm-1', 'node-2', FIRST)
    assert eventually(lambda: new.routes(FIRST))
    network.add_workload('vm-2', 'node-3', FIRST)

    old.configure('route del {}/32'.format(FIRST))

    assert eventually(lambda: 'via 192.0.2.13' in old.routes(FIRST))
    assert 'dev tap' in new.routes(FIRST)

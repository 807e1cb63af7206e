"""A node of the lab's Fuel is on the networks that its metadata tells."""

import pytest

from lab.fuel import fuel_metadata
from lab.machine import programs
from lab.network import fabric

ROLES = ['primary-controller'], ['compute']


@pytest.fixture
def make_nodes(lab_run, demand):
    """The controller and the compute of a small environment."""
    demand()
    network = fabric.Fabric(lab_run)

    def make_nodes(**settings):
        return [network.add_fuel_node(
            'node-' + uid, fuel_metadata.metadata('6.1', ROLES, uid, **settings)[
                'network_scheme']['endpoints']) for uid in ('1', '2')]
    return make_nodes


def bridges(node):
    """Bridge -> its only IPv4 address, as ``ip -br addr`` shows them."""
    lines = node.run('ip', '-4', '-brief', 'address').splitlines()
    return {name: address for name, state, address in map(str.split, lines)
            if name != 'lo' and state == 'UP'}


def test_nodes_reach_each_other_on_every_network_and_no_network_another(make_nodes):
    controller, compute = make_nodes(public_to_all=True)

    assert len(bridges(compute)) == 4
    for name, address in bridges(compute).items():
        target = fabric.Node(name, address.partition('/')[0], None)
        assert fabric.ping(controller, target)
        neighbor = controller.run('ip', 'neighbor', 'show', target.address)
        assert 'dev {} '.format(name) in neighbor
    # Only a cable from the one network to the other would bring it there.
    controller.configure('route add 203.0.113.1 dev br-storage')
    compute.configure('address add 203.0.113.1/32 dev br-ex',
                      'link set dev br-storage down')
    assert not programs.succeeds(controller.inside('ping', '-c', 1, '-W', 1,
                                                   '203.0.113.1'))


def test_no_interface_of_a_node_is_one_of_this_machine(make_nodes):
    def interfaces():
        return {line.split()[0] for line in programs.run(
            ['ip', '-brief', 'link']).splitlines()}
    before = interfaces()

    make_nodes()

    assert interfaces() == before

"""Fuel 8.0: what its master does to nodes that are ready, and in which order.

One environment of two controllers and three computes, one event after the other.
"""

import pytest

from lab.fuel import openvswitch
from lab.machine.programs import eventually
from tests.plan.nodes import deploying, established, peers

LIST, SAVED = '/etc/hiera/nodes.yaml', '/etc/iptables/rules.v4'
# What the plugin removes, and what Fuel's Puppet waits for.
BRIDGES, LEFT = {'br-prv', 'br-floating'}, ['br-int']


@pytest.fixture(scope='class')
def lab(make_lab):
    lab = make_lab('primary-controller', 'controller', 'compute', 'compute', 'compute')
    lab.add_workload('node-3')
    lab.add_workload('node-4')
    return lab


@pytest.fixture
def deploy(lab, lost_packets, record_property):
    """Delete a node and deploy changes, under a ping at 20 Hz that loses nothing."""
    def deploy(name):
        first, second = (workload for _, workload in lab.workloads.values())
        lost = lost_packets(
            lab, first, second, deploying(lab, lambda: lab.fuel.remove(name)))
        record_property('packets lost', lost)
        assert lost == 0
        for member in lab.fuel.members.values():
            assert name not in member.machine.read(LIST)
    return deploy


class TestFuel8:

    @pytest.mark.plan('Fuel 8.0: compute deleted')
    def test_the_deployment_that_deletes_a_compute_ends_well(self, lab, deploy):
        """All tasks run before the list is written, and it is written in the end."""
        deploy('node-5')

        for name in 'node-1', 'node-2':
            assert peers(lab, name) == established(lab, name)
            assert 'client_node_5' not in peers(lab, name)
        for member in lab.fuel.members.values():
            assert openvswitch.bridges(member.machine) == LEFT

    @pytest.mark.plan('Fuel 8.0: controller deleted')
    def test_computes_follow_the_list_alone_when_a_controller_is_deleted(
            self, lab, deploy):
        """Fuel sets up network and firewall again on them, and runs no task of ours."""
        deploy('node-1')

        for member in lab.computes():
            machine = member.machine
            assert BRIDGES & set(openvswitch.bridges(machine))
            for rules in machine.run('iptables-save'), machine.read(SAVED):
                assert ':INPUT DROP' in rules and '-j calico-fuel-bgp' in rules
            assert eventually(lambda m=member: peers(lab, m.name) == established(
                lab, m.name) == ['reflector_node_2'], 20)
            assert '192.0.2.11' not in machine.read('/etc/default/etcd')

    @pytest.mark.plan('Fuel 8.0: bridges that came back')
    def test_what_fuel_set_up_again_is_removed_soon_after(self, lab):
        """By the second run of the service, a minute after the new list."""
        for member in lab.computes():
            assert eventually(lambda m=member: openvswitch.bridges(
                m.machine) == LEFT, 90)
        assert lab.is_matrix_whole()

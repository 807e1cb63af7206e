"""Fuel 8.0: what its master does to nodes that are ready, and in which order."""

from lab.fuel import openvswitch
from lab.machine.programs import eventually
from tests.plan.nodes import deploying, established, peers

LIST, SAVED = '/etc/hiera/nodes.yaml', '/etc/iptables/rules.v4'
# What the plugin removes, and what Fuel's Puppet waits for.
BRIDGES, LEFT = {'br-prv', 'br-floating'}, ['br-int']


def test_nodes_of_fuel_8_go(make_lab, case):
    """Two controllers and three computes, two of them with an instance. Each deployment
    is under traffic between these, and no packet is lost.
    """
    lab = make_lab('primary-controller', 'controller', 'compute', 'compute', 'compute')
    lab.add_workload('node-3')
    lab.add_workload('node-4')

    def delete(bear, name):
        bear(lab, deploying(lab, lambda: lab.fuel.remove(name)))
        for member in lab.fuel.members.values():
            assert name not in member.machine.read(LIST)

    def bridges(member):
        return openvswitch.bridges(member.machine)

    with case('Fuel 8.0: compute deleted', 'Each node has the new list of nodes. The '
              'controllers have sessions to the other computes alone. Of the bridges '
              'only br-int is there.') as bear:
        delete(bear, 'node-5')
        for name in 'node-1', 'node-2':
            assert peers(lab, name) == established(lab, name)
            assert 'client_node_5' not in peers(lab, name)
        for member in lab.fuel.members.values():
            assert bridges(member) == LEFT

    with case('Fuel 8.0: controller deleted', 'Fuel makes the bridges of computes '
              "again. The plugin's firewall chains stay. By the list of nodes each "
              'compute has a session to the other controller alone.') as bear:
        delete(bear, 'node-1')
        for member in lab.computes():
            machine = member.machine
            assert BRIDGES & set(bridges(member))
            for rules in machine.run('iptables-save'), machine.read(SAVED):
                assert ':INPUT DROP' in rules and '-j calico-fuel-bgp' in rules
            assert eventually(lambda m=member: peers(lab, m.name) == established(
                lab, m.name) == ['reflector_node_2'], 20)
            assert '192.0.2.11' not in machine.read('/etc/default/etcd')

    with case('Fuel 8.0: bridges that came back', 'cron removes them after the new '
              'list, and the instances reach each other.'):
        for member in lab.computes():
            assert eventually(lambda m=member: bridges(m) == LEFT, 90)
        assert lab.is_matrix_whole()

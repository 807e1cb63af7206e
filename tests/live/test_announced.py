"""One address on two computes: what verify says on their route reflector."""

import json

from calico_fuel import system
from calico_fuel.bgp import announced
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from tests.live import COMPUTE, CONTROLLER
from tests.live.test_verify import Node

ROLES = CONTROLLER, COMPUTE, COMPUTE
VM, ANOTHER = '203.0.113.31', '203.0.113.32'
KEY = '/calico/v1/host/{}/workload/openstack/vm/endpoint/{}'


class Reflector(Node):
    """Neutron has bound addresses to hosts."""

    def __init__(self, daemon, **hosts):
        super().__init__(daemon)
        self._nodes = [
            {'key': KEY.format(host, number), 'value': json.dumps(
                {'state': 'active', 'ipv4_nets': [address + '/32']})}
            for number, (address, host) in enumerate(hosts.items())]

    def http(self, method, url, **options):
        assert url.endswith('/v2/keys/calico/v1/host?recursive=true')
        return system.Reply(200, json.dumps({'node': {'nodes': self._nodes}}))


def test_an_address_that_a_second_compute_announces_is_a_problem_while_it_does(network):
    of = parse_environment(fuel_metadata.text('6.1', ROLES, '1'))
    reflector = Reflector(network.birds['node-1'], **{
        VM: 'node-2', ANOTHER: 'node-3.example.com'})

    def verdicts():
        return [(check.subject, check.state, check.is_problem)
                for check in announced.of_node(of, of.this_node, reflector)]

    def learned(address):
        return network.birds['node-1'].birdc('show', 'route', 'all').count(
            'BGP.next_hop: ' + address)
    network.add_workload('vm-1', 'node-2', VM)
    network.add_workload('vm-2', 'node-3', ANOTHER)
    assert eventually(lambda: learned('192.0.2.12') and learned('192.0.2.13'))
    assert verdicts() == []

    network.add_workload('fake', 'node-3', VM)
    assert eventually(verdicts)
    assert verdicts() == [(
        'routes from node-3.example.com', 'lead to instances elsewhere: 203.0.113.31 '
        '(Neutron bound it to node-2.example.com, which announces it too)', True)]

    network.birds['node-2'].birdc('disable', 'reflector_node_1')
    assert eventually(lambda: 'too' not in str(verdicts()))
    (subject, state, is_problem), = verdicts()
    assert (subject, is_problem) == ('routes from node-3.example.com', True)
    assert state.endswith('203.0.113.31 (Neutron bound it to node-2.example.com)')

    network.nodes['node-3'].run('ip', 'route', 'del', VM)
    assert eventually(lambda: not verdicts())

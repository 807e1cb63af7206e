"""The gateway of workloads with a real kernel: who leaves by it, and who does not."""

import re

from calico_fuel import system
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.tasks import gateway
from lab.network import fabric
from tests.unit.builders import environment

GATEWAY, OUTSIDE = '192.0.2.200', '203.0.113.9'
OWN_WORKLOAD, OTHER_WORKLOAD = '10.65.0.5', '10.65.0.7'


class NodeSystem:
    """calico_fuel.system for a node of the lab; its files are in *directory*."""

    def __init__(self, node, directory):
        self.node, self.directory = node, directory

    def run(self, argv, **options):
        options.setdefault('accept', (0,))
        if argv[0] == 'sh':
            argv = ['sh', str(self.directory) + argv[1]]
        return system.run(self.node.inside(*argv), **options)

    def __getattr__(self, name):
        function = getattr(system, name)
        if name in ('eventually', 'now', 'uptime'):
            return function
        return lambda path, *args: function(str(self.directory) + path, *args)

    def put_in_place(self, staged, path):
        system.put_in_place(staged, str(self.directory) + path)

    def remove(self, path):
        if not path.startswith(str(self.directory)):
            path = str(self.directory) + path
        system.remove(path)


def states(of_all, on_node):
    return [outcome.state for outcome in converge(
        gateway.resources(of_all, of_all.this_node, on_node), on_node)]


def next_hop(node, target, *selector):
    """The router on the way to *target*, or the interface that it is behind."""
    route = node.run('ip', 'route', 'get', target, *selector)
    return re.search(r'(?:via|dev) (\S+)', route).group(1)


def test_only_what_workloads_send_to_the_outside_goes_to_their_gateway(
        lab_run, tmp_path):
    network = fabric.Fabric(lab_run)
    node = network.add_node('node-2', '192.0.2.12')
    network.add_workload('workload', node, OWN_WORKLOAD)
    tap = node.tap_of(OWN_WORKLOAD)
    node.configure('route add {} via 192.0.2.13'.format(OTHER_WORKLOAD),
                   'route add default via 192.0.2.1')
    # The strict check of source addresses, as Felix wants it.
    node.set(conf__all__rp_filter=1)
    of_workload = ('from', OWN_WORKLOAD, 'iif', tap)
    on_node = NodeSystem(node, tmp_path)
    asked, other = [
        environment(uid='2', workload_prefixes=prefix, workload_gateway=GATEWAY)
        for prefix in ('10.65.0.0/24', '10.65.0.0/28')]

    assert states(asked, on_node) == [CHANGED, CHANGED]

    assert next_hop(node, OUTSIDE, *of_workload) == GATEWAY
    assert next_hop(node, OTHER_WORKLOAD, *of_workload) == '192.0.2.13'
    assert next_hop(node, '192.0.2.13', *of_workload) == 'br-mgmt'
    assert next_hop(node, OUTSIDE) == '192.0.2.1'
    assert next_hop(node, OWN_WORKLOAD, 'from', OUTSIDE, 'iif', 'br-mgmt') == tap
    assert set(states(asked, on_node)) == {UNCHANGED}

    assert states(other, on_node) == [CHANGED, CHANGED]
    assert next_hop(node, OUTSIDE, *of_workload) == GATEWAY
    assert states(environment(), on_node) == [CHANGED, CHANGED]
    assert next_hop(node, OUTSIDE, *of_workload) == '192.0.2.1'
    assert states(environment(), on_node) == []

"""Each fault of the way of packets is named, and gone once its fix was followed."""

import json
import re
import shlex

import pytest

from calico_fuel import system
from calico_fuel.bgp import data_path, local_files, path_mtu
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from lab.network.bird import program
from tests.live import COMPUTE, CONTROLLER

ROLES = CONTROLLER, ['controller'], COMPUTE, COMPUTE
OWN, ELSEWHERE, ANOTHER = '203.0.113.21', '203.0.113.31', '203.0.113.32'
KEY = '/calico/v1/host/node-3/workload/openstack/vm/endpoint/{}'


class Node:
    """A node whose programs and files are those of the lab; etcd knows *taps*."""

    def __init__(self, daemon, line, taps):
        self.daemon, self._line = daemon, line
        self._nodes = [
            {'key': KEY.format(number), 'value': json.dumps(
                {'state': 'active', 'name': tap, 'ipv4_nets': [address + '/32']})}
            for number, (tap, address) in enumerate(taps.items())]

    def run(self, argv, **options):
        if argv[0] == 'birdc':
            return system.run(self.daemon.birdc_command(*argv[1:]), **options)
        if argv[0] == 'bird':
            argv = [str(program('bird', self._line)), *map(self.of_lab, argv[1:])]
        return system.run(self.daemon.node.inside(*argv), **options)

    def of_lab(self, path):
        return path.replace('/etc/bird', str(self.daemon.config.parent))

    def exists(self, path):
        return system.exists(self.of_lab(path))

    def names_in(self, path):
        return system.names_in(self.of_lab(path))

    def read_if_exists(self, path):
        return ''

    def http(self, method, url, **options):
        assert '/v2/keys/calico/v1/host/node-3' in url
        return system.Reply(200, json.dumps({'node': {'nodes': (
            [] if 'example.com' in url else self._nodes)}}))


class Compute:
    """node-3, with an instance; two are on node-4."""

    def __init__(self, network, line):
        self.network, self.line = network, line
        self.node, self.daemon = network.nodes['node-3'], network.birds['node-3']
        network.add_workload('vm-1', 'node-3', OWN)
        network.add_workload('vm-2', 'node-4', ELSEWHERE)
        network.add_workload('vm-3', 'node-4', ANOTHER)
        self.tap = self.node.tap_of(OWN)
        self.system = Node(self.daemon, line, {self.tap: OWN})
        self.environment = parse_environment(fuel_metadata.text('6.1', ROLES, '3'))

    def checks(self, *modules):
        return [check for module in modules or (data_path, local_files, path_mtu)
                for check in module.of_node(
                    self.environment, self.environment.this_node, self.system)]

    def add_to_bird(self, text):
        """Write a file of the operator; None removes it."""
        path = self.daemon.config.parent / 'local.d/ops.conf'
        path.write_text(text + '\n') if text else path.unlink()

    def states(self):
        return {check.subject: check.state for check in self.checks()}

    def names(self, *words):
        """The fix of the only row that is not good, once it has these *words*."""
        def look():
            rows = [check for check in self.checks() if check.fix]
            return len(rows) == 1 and all(
                word in rows[0].sentence for word in words) and rows[0]
        found = eventually(look, 15)
        assert found, (words, self.checks())
        return found

    def is_good(self):
        return eventually(lambda: not any(one.fix for one in self.checks()), 25)

    def follow(self, fix, pattern):
        """Run what *pattern* finds in *fix*, as an operator would."""
        command = shlex.split(re.search('"({})"'.format(pattern), fix).group(1))
        self.system.run(command)


@pytest.fixture
def compute(bring_up, line):
    compute = Compute(bring_up(*ROLES), line)
    assert compute.is_good(), compute.checks()
    return compute


def tap_is_down(compute):
    compute.node.configure('link set {} down'.format(compute.tap))
    row = compute.names('1 of 1 with a tap that is down: 203.0.113.21 (tap')
    compute.follow(row.fix, 'ip link set tap[0-9]+ up')
    # There is no Felix here.
    route_is_named(compute)


def route_is_gone(compute):
    compute.node.configure('route del ' + OWN)
    route_is_named(compute)


def route_is_named(compute):
    row = compute.names('1 of 1 without a route to the tap: 203.0.113.21')
    compute.follow(row.fix, 'ip route replace 203.0.113.21 dev tap[0-9]+')


def tap_is_gone(compute):
    compute.node.configure('link set {} down'.format(compute.tap),
                           'link set {} name was'.format(compute.tap))
    assert not compute.names('1 of 1 without a tap: 203.0.113.21').is_problem
    compute.node.configure('link set was name {}'.format(compute.tap),
                           'link set {} up'.format(compute.tap))
    route_is_named(compute)


def foreign_route(compute):
    compute.node.configure(
        'route replace {} via 192.0.2.1 dev br-mgmt'.format(ELSEWHERE))
    row = compute.names('1 of 2 that another route in the kernel replaces: '
                        '203.0.113.31 via 192.0.2.1 dev br-mgmt')
    compute.follow(row.fix, 'ip route del [^"]*')


def static_route(compute):
    compute.add_to_bird('protocol static ops {{ {} route {}/32 blackhole; }}'.format({
        '1': 'preference 250;', '2': 'ipv4 { preference 250; };'}[compute.line],
        ELSEWHERE))
    compute.system.run(['birdc', 'configure'])
    row = compute.names('1 of 2 with a route of another protocol: 203.0.113.31 (ops)',
                        'Take it out of /etc/bird/local.d')
    assert compute.states()['configuration of BIRD'] == 'accepted, with your ops.conf'
    compute.add_to_bird(None)
    compute.follow(row.fix, 'birdc configure')


def broken_file(compute):
    compute.add_to_bird('protocol nonsense {')
    row = compute.names('configuration of BIRD: refused: ', 'ops.conf')
    compute.add_to_bird(None)
    compute.follow(row.fix, 'bird -p -c /etc/bird/bird.conf')
    compute.follow(row.fix, 'birdc configure')


def kernel_protocol_is_off(compute):
    compute.system.run(['birdc', 'disable', 'kernel1'])
    row = compute.names('1 of 1 with a route that BIRD does not have: 203.0.113.21')
    compute.follow(row.fix, 'birdc enable kernel1')


def next_hops_do_not_resolve(compute):
    compute.system.run(['birdc', 'disable', 'direct1'])
    row = compute.names('2 of 2 with a next hop that this node cannot reach: '
                        '203.0.113.31 (192.0.2.14), 203.0.113.32 (192.0.2.14)')
    compute.follow(row.fix, 'birdc enable direct1')


def mtu_elsewhere(compute):
    other = compute.network.nodes['node-4']
    other.configure('link set br-mgmt mtu 1300')
    row = compute.names('packets of 1500 bytes, the MTU of br-mgmt: not answered by '
                        'node-4, expected: answered')
    assert row.is_problem and '"ip link set br-mgmt mtu NUMBER"' in row.fix
    other.configure('link set br-mgmt mtu 1500')


def reflector_lacks_routes(compute):
    other = compute.network.birds['node-4']
    other.birdc('disable', 'reflector_node_2')
    row = compute.names('routes from node-2.example.com: 2 of 2 are missing: '
                        '203.0.113.31, 203.0.113.32', 'verify on node-2.example.com')
    assert not row.is_problem
    other.birdc('enable', 'reflector_node_2')


FAULTS = (tap_is_down, route_is_gone, tap_is_gone, foreign_route, static_route,
          broken_file, kernel_protocol_is_off, next_hops_do_not_resolve, mtu_elsewhere,
          reflector_lacks_routes)


def test_each_fault_is_one_row_that_goes_when_its_fix_is_followed(compute):
    assert eventually(lambda: compute.states() == {
        'instances of this node': '1 of 1 reachable',
        'routes to instances elsewhere': '2 of 2 in use',
        'configuration of BIRD': 'accepted',
        'packets of 1500 bytes, the MTU of br-mgmt': 'answered by 3 nodes'}
    ), compute.states()
    for fault in FAULTS:
        fault(compute)
        assert compute.is_good(), (fault, compute.checks())


def test_a_pinned_route_is_no_fault(compute):
    """While sessions are reset, it is the only one."""
    compute.node.configure('route add {} via 192.0.2.14 dev br-mgmt proto 202 metric '
                           '20200'.format(ELSEWHERE))
    assert compute.is_good()
    for session in 'reflector_node_1', 'reflector_node_2':
        compute.system.run(['birdc', 'disable', session])
    assert eventually(lambda: 'proto 202' in compute.node.routes(ELSEWHERE))
    assert compute.is_good()

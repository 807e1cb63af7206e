"""A border router learns the way to the workloads, and teaches nothing."""

import pytest

from lab.machine.programs import eventually
from lab.network.bird import Bird
from tests.live import COMPUTE, CONTROLLER

WORKLOAD = '203.0.113.21'
# What the border router would like the environment to believe.
FOREIGN = '203.0.113.222'

BORDER = {
    '1': '''
router id 192.0.2.200;
protocol device {{ }}
protocol direct {{ }}
protocol static foreign {{ route {foreign}/32 unreachable; }}
protocol bgp environment {{
  local as 65010;
  neighbor {neighbor} as 64512;
  multihop;
  connect retry time 2;
  {password}
  import all;
  export all;
}}
''',
    '2': '''
router id 192.0.2.200;
protocol device {{ }}
protocol direct {{ ipv4; }}
protocol static foreign {{ ipv4; route {foreign}/32 unreachable; }}
protocol bgp environment {{
  local as 65010;
  neighbor {neighbor} as 64512;
  multihop;
  connect retry time 2;
  {password}
  ipv4 {{ import all; export all; }};
}}
''',
}


@pytest.fixture
def border(lab_run, line):
    """Start a border router of AS 65010 beside a network; its daemon."""
    def border(network, neighbor='192.0.2.11', password=''):
        directory = lab_run.directory / 'border'
        directory.mkdir()
        (directory / 'bird.conf').write_text(BORDER[line].format(
            neighbor=neighbor, foreign=FOREIGN,
            password='password "{}";'.format(password) if password else ''))
        node = network.fabric.add_node('border', '192.0.2.200')
        if ':' in neighbor:
            node.configure('address add 2001:db8::200/64 dev br-mgmt nodad')
        daemon = Bird(lab_run, node, directory, line)
        daemon.start()
        return daemon
    return border


def assert_learns_only(network, daemon):
    """The border router has the workload's route, by way of the compute itself."""
    network.add_workload('vm-1', 'node-2', WORKLOAD)

    def route():
        return daemon.birdc('show', 'route', 'for', WORKLOAD, 'all')
    assert eventually(lambda: 'via 192.0.2.12' in route())
    assert 'BGP.next_hop: 192.0.2.12' in route()


def assert_teaches_nothing(network, daemon):
    assert FOREIGN in daemon.birdc('show', 'route', 'export', 'environment')
    for other in network.birds.values():
        assert FOREIGN not in other.birdc('show', 'route')


@pytest.mark.parametrize('password', ['', 'peer of 65010'])
def test_an_external_peer_learns_workload_routes_with_the_next_hop_kept(
        prepare, border, password):
    """Traffic from outside goes straight to the compute, and no route comes in."""
    network = prepare(CONTROLLER, COMPUTE, bgp_password='inside only',
                      external_peers='border-1 65010 192.0.2.200 ' + password)
    daemon = border(network, password=password)

    network.start()

    network.await_sessions()
    assert eventually(daemon.is_established)
    assert_learns_only(network, daemon)
    assert_teaches_nothing(network, daemon)


def test_an_external_peer_with_a_wrong_password_is_kept_out(prepare, border):
    """The sessions inside do not suffer."""
    network = prepare(CONTROLLER, COMPUTE,
                      external_peers='border 65010 192.0.2.200 right')
    daemon = border(network, password='wrong')

    network.start()

    assert eventually(network.birds['node-2'].is_established)
    assert not eventually(daemon.is_established, timeout=5)


@pytest.mark.parametrize('line', ['2'], indirect=True)
def test_an_external_peer_may_have_an_ipv6_address(prepare, border):
    """The routes and their next hops are IPv4 all the same."""
    network = prepare(CONTROLLER, COMPUTE, external_peers='border 65010 2001:db8::200')
    network.nodes['node-1'].configure('address add 2001:db8::11/64 dev br-mgmt nodad')
    daemon = border(network, neighbor='2001:db8::11')

    network.start()

    network.await_sessions()
    assert_learns_only(network, daemon)
    assert_teaches_nothing(network, daemon)

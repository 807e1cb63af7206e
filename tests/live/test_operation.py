"""What an operator does to a network that runs."""

from lab.machine.programs import eventually
from tests.live import COMPUTE, CONTROLLER


def test_clients_that_come_and_go_leave_the_other_sessions_alone(network, render):
    """And a reload that changes nothing leaves all."""
    reflector = network.birds['node-1']
    before = connections(reflector)
    assert len(before) == 2

    assert 'Reconfigured' in reflector.birdc('configure')
    assert connections(reflector) == before

    grown = render(CONTROLLER, COMPUTE, COMPUTE, COMPUTE)
    network.add('node-4', grown / 'node-4/etc/bird')
    network.birds['node-4'].start()
    for name in 'node-1', 'node-2', 'node-3':
        network.reconfigure(name, grown / name / 'etc/bird/bird.conf')
    assert eventually(lambda: not network.pending(), timeout=20)
    after = connections(reflector)
    assert after.pop('192.0.2.14')
    assert after == before

    shrunk = render(CONTROLLER, COMPUTE)
    network.reconfigure('node-1', shrunk / 'node-1/etc/bird/bird.conf')
    assert eventually(lambda: 'client_node_3' not in reflector.protocols())
    del before['192.0.2.13']
    assert eventually(lambda: connections(reflector) == before)


def test_a_file_of_the_operator_in_local_d_takes_effect(network, line):
    """It needs no change in bird.conf, only a reload."""
    daemon = network.birds['node-2']
    (daemon.config.parent / 'local.d/mine.conf').write_text(
        'protocol static mine { %s route 203.0.113.250/32 unreachable; }\n' % (
            'ipv4;' if line == '2' else ''))

    daemon.birdc('configure')

    assert eventually(lambda: 'mine' in daemon.protocols())
    assert '203.0.113.250' in daemon.birdc('show', 'route')


def test_a_crash_of_a_bird_that_recovers_loses_no_packet(network, lost_packets):
    """The only route reflector, then a compute: killed, and started with -R."""
    first = network.add_workload('vm-1', 'node-2', '203.0.113.21')
    second = network.add_workload('vm-2', 'node-3', '203.0.113.31')

    for name in 'node-1', 'node-2':
        def crash():
            network.birds[name].kill()
            network.birds[name].start('-R')

        assert lost_packets(first, second, crash, packets=100) == 0
        network.await_sessions()


def test_a_stopped_bird_leaves_the_routes_in_the_kernel_of_its_node(network):
    """What its workloads have open goes on while the package is upgraded."""
    network.add_workload('vm-1', 'node-2', '203.0.113.21')
    other = network.nodes['node-3']
    assert eventually(lambda: other.routes('203.0.113.21'))

    network.birds['node-3'].stop()

    assert 'via 192.0.2.12' in other.routes('203.0.113.21')


def connections(daemon):
    """The address of each neighbor -> both ends of its TCP connection.

    A session that restarts has another one.  The times that BIRD tells are no
    measure: it computes them at each question, and they differ by a second.
    """
    ends = [line.split()[-2:] for line in daemon.node.run(
        'ss', '-Htn', 'state', 'established').splitlines()]
    return {peer.rpartition(':')[0]: (local, peer) for local, peer in ends}

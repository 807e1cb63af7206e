"""What an open TCP connection notices: a gap, and its end."""

import re

import pytest

from lab.machine.programs import eventually
from lab.network import fabric, flow, stream

RESET = '-p tcp -j REJECT --reject-with tcp-reset'.split()
DROP = '-p tcp -j DROP'.split()


@pytest.fixture
def scene(lab_run, iptables):
    """A node, and two workloads on it."""
    network = fabric.Fabric(lab_run)
    node = network.add_node('node-1', '192.0.2.11')
    return (node, network.add_workload('vm-1', node, '203.0.113.21'),
            network.add_workload('vm-2', node, '203.0.113.22'))


def dropped(node):
    """Packets that the first rule of FORWARD has dropped."""
    return int(re.search(r'(?m)^ *(\d+) .* DROP ', node.run(
        'iptables', '-nvxL', 'FORWARD')).group(1))


def test_what_is_lost_comes_late_on_the_same_connection(lab_run, scene):
    node, first, second = scene

    def outage():
        node.run('iptables', '-I', 'FORWARD', *DROP)
        assert eventually(lambda: dropped(node) >= 3)
        node.run('iptables', '-D', 'FORWARD', *DROP)

    seen = stream.during(lab_run, first, second, outage)

    assert seen.is_whole and seen.gap > 0.2 and seen.retransmits >= 2


def test_a_reset_ends_it(lab_run, scene):
    node, first, second = scene

    def reset():
        node.run('iptables', '-I', 'FORWARD', *RESET)
        assert eventually(lambda: 'sent' in flow.log_of(
            lab_run, first, second, 'stream').read_text())

    seen = stream.during(lab_run, first, second, reset)

    assert not seen.is_whole and 'reset by peer' in seen.end

"""What counts as lost: what nobody answers, not what is late or sent again."""

import pytest

from lab.machine.programs import eventually
from lab.network import fabric, traffic


@pytest.fixture
def scene(lab_run, demand):
    """A node, and two workloads on it."""
    demand()
    network = fabric.Fabric(lab_run)
    node = network.add_node('node-1', '192.0.2.11')
    return (node, network.add_workload('vm-1', node, '203.0.113.21'),
            network.add_workload('vm-2', node, '203.0.113.22'))


def test_a_packet_that_is_answered_after_the_event_is_not_lost(lab_run, scene):
    """The workload asks for a hardware address, is answered at its second question
    only, and sends then what has waited."""
    node, first, second = scene
    proxy_arp = 'conf__{}__proxy_arp'.format(node.tap_of(first.address))

    def forget_the_address():
        node.set(**{proxy_arp: 0})
        first.configure('neighbour flush dev eth0')
        assert eventually(lambda: 'INCOMPLETE' in first.run('ip', 'neighbour'))
        node.set(**{proxy_arp: 1})

    assert traffic.lost_packets(lab_run, first, second, forget_the_address) == 0


def test_a_packet_that_nobody_answers_is_lost(lab_run, scene):
    _, first, second = scene

    def be_silent():
        second.set(icmp_echo_ignore_all=1)
        before = _asked(second)
        assert eventually(lambda: _asked(second) >= before + 3)
        second.set(icmp_echo_ignore_all=0)

    assert traffic.lost_packets(lab_run, first, second, be_silent) >= 3


def test_each_kind_of_traffic_tells_what_it_loses(lab_run, scene, iptables):
    """All of TCP to a workload is refused, and then its datagrams are dropped."""
    node, first, second = scene

    def harm():
        for what in 'tcp -j REJECT --reject-with tcp-reset', 'udp -j DROP':
            rule = ['FORWARD', '-d', second.address, '-p', *what.split()]
            node.run('iptables', '-I', *rule)
            assert eventually(lambda: _matched(node) >= 5)
            node.run('iptables', '-D', *rule)
    seen = traffic.during(lab_run, [(first, second), (second, first)], harm)

    assert (seen.packets, seen.resets) == (0, 2)
    assert seen.connections >= 1 and seen.datagrams >= 3
    assert seen.gap > 0.2
    assert seen.lost == 2 + seen.connections + seen.datagrams


def test_what_is_sent_again_is_not_lost(lab_run, scene, iptables):
    node, first, second = scene
    rule = 'FORWARD -d 203.0.113.22 -p tcp --dport 22 -j DROP'.split()

    def drop():
        node.run('iptables', '-I', *rule)
        assert eventually(lambda: _matched(node) >= 3)
        node.run('iptables', '-D', *rule)
    seen = traffic.during(lab_run, [(first, second)], drop)

    assert seen.lost == 0, seen
    assert seen.retransmits >= 2 and seen.gap > 0.2


def _matched(node):
    """Packets that the first rule of FORWARD has matched."""
    return int(node.run('iptables', '-nvxL', 'FORWARD').splitlines()[2].split()[0])


def _asked(workload):
    """Echo requests that a workload has received."""
    names, values = (line.split() for line in workload.run(
        'cat', '/proc/net/snmp').splitlines() if line.startswith('Icmp:'))
    return int(dict(zip(names, values))['InEchos'])

"""Reflectors come and are deleted while computes ping each other: nothing is lost.

The task's own resource works on real daemons, on all computes at once as Fuel runs it.
"""

from concurrent.futures import ThreadPoolExecutor

from calico_fuel import system as real_system
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.system import Answer
from calico_fuel.tasks import bgp
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from lab.network import bird_network
from tests.live import COMPUTE, CONTROLLER
from tests.unit.fake.system import FakeSystem, bad, good

REFLECTOR = ['calico-rr']
ROLES = [CONTROLLER + COMPUTE, COMPUTE, COMPUTE]


class Node(FakeSystem):
    """A node whose bird.conf and birdc are those of a real daemon."""

    def __init__(self, daemon):
        text = daemon.config.read_text()
        for new, old in [bird_network.LOG]:
            text = text.replace(old, new)
        super().__init__({BIRD_CONF: text})
        self.daemon = daemon
        self.looks = 0
        self.programs['birdc'] = self.birdc
        self.programs['bird'] = self.bird

    def birdc(self, argv, text):
        self.looks += argv[1:3] == ['show', 'route']
        return Answer(0, self.daemon.birdc(*argv[1:]), '')

    def bird(self, argv, text):
        return good() if '-p' in argv else bad(
            'BIRD version ' + self.daemon.version().partition(' ')[2], 0)

    def put_in_place(self, staged, path):
        super().put_in_place(staged, path)
        if path == BIRD_CONF:
            self.daemon.config.write_text(self.text(path).replace(*bird_network.LOG))

    def eventually(self, look, seconds, interval=0.25, until=bool):
        return real_system.eventually(look, seconds, interval, until)


def change(node, roles):
    """The part of BIRD in the task of a compute."""
    wanted = parse_environment(fuel_metadata.text(
        '6.1', roles, node.daemon.node.name.rpartition('-')[2]))
    configuration = bgp.configuration(wanted, wanted.this_node, node)
    if configuration.difference(node):
        configuration.change(node)
        node.daemon.birdc('configure')


def deploy(network, roles):
    """All computes at once."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: change(Node(network.birds[name]), roles),
                      ['node-1', 'node-2', 'node-3']))


def test_reflectors_take_over_from_each_other_without_a_lost_packet(
        bring_up, render, lost_packets):
    """A dedicated one from a controller that is a compute too, and back when it was
    wiped."""
    network = bring_up(*ROLES)
    first = network.add_workload('vm-1', 'node-2', '203.0.113.21')
    second = network.add_workload('vm-2', 'node-3', '203.0.113.31')

    def come():
        network.add('node-4', render(*ROLES, REFLECTOR) / 'node-4/etc/bird')
        network.birds['node-4'].start()
        deploy(network, ROLES + [REFLECTOR])

    def leave():
        network.birds['node-4'].kill()
        deploy(network, ROLES)
    lost = []
    for event, sessions in (
            (come, ['reflector_node_4']), (leave, ['reflector_node_1'])):
        lost.append(lost_packets(first, second, event, packets=1))
        assert eventually(lambda: list(network.birds['node-2'].sessions()) == sessions)
    assert lost == [0, 0]


def test_a_late_compute_in_another_rack_is_waited_for(bring_up, render, lost_packets):
    """Its routes lead through a router; here node-1, by an address that no node has."""
    network = bring_up(*ROLES)
    first = network.add_workload('vm-1', 'node-2', '203.0.113.21')
    second = network.add_workload('vm-2', 'node-3', '203.0.113.31')
    network.nodes['node-1'].configure('address add 192.0.2.1/32 dev br-mgmt')
    for name, other in ('node-2', '192.0.2.13'), ('node-3', '192.0.2.12'):
        network.nodes[name].configure(
            'route add {}/32 via 192.0.2.1 dev br-mgmt'.format(other))
    assert eventually(
        lambda: 'via 192.0.2.1 ' in network.nodes['node-2'].routes('203.0.113.31'))
    router, in_time, late = (
        Node(network.birds[name]) for name in ('node-1', 'node-2', 'node-3'))
    roles = ROLES + [REFLECTOR]

    def come():
        network.add('node-4', render(*roles) / 'node-4/etc/bird')
        network.birds['node-4'].start()
        with ThreadPoolExecutor() as pool:
            changes = [pool.submit(change, one, roles) for one in (router, in_time)]
            # More looks than it takes with the routes there.
            assert eventually(
                lambda: changes[1].done() or in_time.looks > 8, timeout=30)
            changes.append(pool.submit(change, late, roles))
            for one in changes:
                one.result()
    assert lost_packets(first, second, come, packets=1) == 0

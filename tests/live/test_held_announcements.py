"""A border router loses no packet to instances while a deployment resets sessions.

The plugin's own tasks pin and release, by a real BIRD and its own parser.
"""

import time

import pytest

from calico_fuel.bgp.held_announcements import PATH
from calico_fuel.converge import CHANGED, converge
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.tasks import hold_routes, release_routes
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from lab.network import bird, bird_network, traffic
from tests.live import COMPUTE, CONTROLLER
from tests.live.test_handed_over import Node
from tests.unit.fake.system import bad, good

ROLES = CONTROLLER, COMPUTE, COMPUTE
PEER = 'border 65010 192.0.2.200'
WORKLOAD = '203.0.113.21'
# Between reflectors and computes.  In Fuel it is a minute or more.
SECONDS_BETWEEN = 8
BORDER = '''
router id 192.0.2.200;
protocol device {{ }}
protocol direct {{ {direct} }}
protocol kernel {{ {kernel} }}
protocol bgp environment {{
  local as 65010;
  neighbor 192.0.2.11 as 64512;
  multihop;
  connect retry time 1;
  {channel}
}}
'''
CHANNELS = {
    '1': ('', 'export all;', 'import all; export none;'),
    '2': ('ipv4;', 'ipv4 { export all; };', 'ipv4 { import all; export none; };')}


class Reflector(Node):
    """Its local.d is that of the daemon, and the parser of its BIRD reads each file."""

    def __init__(self, daemon, line):
        super().__init__(daemon)
        self.line, self.local = line, daemon.config.parent / 'local.d'

    def bird(self, argv, text):
        if '-p' not in argv:
            return super().bird(argv, text)
        staged = self.daemon.config.parent / 'staged'
        staged.write_text(self.text(argv[-1]))
        complaint = bird.check(staged, self.line)
        return bad(complaint) if complaint else good()

    def put_in_place(self, staged, path):
        super().put_in_place(staged, path)
        if path == PATH:
            (self.local / path.rpartition('/')[2]).write_text(self.text(path))

    def remove(self, path):
        super().remove(path)
        if path == PATH:
            (self.local / path.rpartition('/')[2]).unlink(missing_ok=True)


@pytest.fixture
def deploy(lab_run, prepare, render, line):
    """Deploy other settings; for how many seconds the border router loses packets."""
    def deploy(pins=True, peer=PEER, **settings):
        network = prepare(*ROLES, external_peers=peer)
        border = start_border(lab_run, network, line)
        network.start()
        network.await_sessions()
        of = parse_environment(fuel_metadata.text(
            '6.1', ROLES, external_peers=peer, **settings))
        reflector = Reflector(network.birds['node-1'], line)
        rendered = render(*ROLES, external_peers=peer, **settings)

        def change(*names):
            for name in names:
                network.reconfigure(name, rendered / name / 'etc/bird/bird.conf')

        def run(task):
            outcome, = converge(
                task.resources(of, of.this_node, reflector), reflector)
            assert outcome.state == CHANGED, outcome

        def deployment():
            if pins:
                run(hold_routes)
            change('node-1')
            accept(border, settings)
            time.sleep(SECONDS_BETWEEN)
            change('node-2', 'node-3')
            if pins:
                run(release_routes)
            network.await_sessions()
            assert eventually(lambda: network.birds['node-1'].birdc(
                'show', 'route', 'for', WORKLOAD).count('client_node_2') == 1)
        seconds = traffic.INTERVAL * traffic.lost_packets(
            lab_run, border.node, network.add_workload('vm-1', 'node-2', WORKLOAD),
            deployment)
        assert PATH not in reflector.files
        assert 'pinned' not in network.birds['node-1'].birdc('show', 'route')
        return seconds
    return deploy


def start_border(lab_run, network, line):
    """The BIRD of a border router, which routes as BIRD says."""
    directory = lab_run.directory / 'border'
    directory.mkdir()
    direct, kernel, channel = CHANNELS[line]
    (directory / 'bird.conf').write_text(BORDER.format(
        direct=direct, kernel=kernel, channel=channel))
    daemon = bird.Bird(
        lab_run, network.fabric.add_node('border', '192.0.2.200'), directory, line)
    daemon.start()
    return daemon


def accept(border, settings):
    """Let the border router have the new AS number of the environment, if it is new."""
    if 'as_number' in settings:
        bird_network.edit(border.config, 'as 64512', 'as ' + settings['as_number'])
        border.birdc('configure')


def test_a_border_router_loses_nothing_while_the_password_changes(
        deploy, line, capsys):
    seconds = deploy(bgp_password='another')

    told(capsys, line, 'another password, pinned', seconds)
    assert seconds == 0


def test_without_pins_it_loses_all_until_the_computes_follow(deploy, line, capsys):
    """So the test above can fail."""
    seconds = deploy(pins=False, bgp_password='another')

    told(capsys, line, 'another password, not pinned', seconds)
    assert seconds > SECONDS_BETWEEN / 2


def test_after_another_as_number_it_loses_until_its_own_session_is_back(
        deploy, line, capsys):
    """The border router has to accept the new number itself."""
    seconds = deploy(as_number='64511', peer=PEER + ' export=workloads')

    told(capsys, line, 'another AS number, pinned', seconds)
    assert seconds < SECONDS_BETWEEN / 2


def told(capsys, line, change, seconds):
    with capsys.disabled():
        print('\nBIRD {}: {}: lost {:.2f} s'.format(line, change, seconds))

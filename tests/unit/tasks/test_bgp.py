"""BIRD on a controller: it is configured, and stays up without a restart."""

from __future__ import unicode_literals

import re

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.tasks import route_reflector
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.sysctl import Sysctl
from tests.unit.fake.system import Entry, FakeSystem, bad, good

SOCKET_MEMORY = '/proc/sys/net/core/optmem_max'
KEPT = '/etc/sysctl.d/60-calico-fuel-net-core-optmem_max.conf'
OVERRIDE = '/etc/init/bird.override'


class Controller(FakeSystem):
    """A node with Debian's bird, installed and not started yet."""

    def __init__(self, dies_at=None, version='1.6.8'):
        super(Controller, self).__init__(dies_at=dies_at)
        self.files[CONF] = Entry('sample', 'bird:bird', 0o640)
        self.files['/etc/bird/envvars'] = Entry(
            'BIRD_RUN_USER=bird\n#BIRD_ARGS=\n', 'root:root', 0o644)
        self.bird = Bird(self, version)
        self.iptables = Iptables(self)
        self.services = Services(self, jobs=['bird'])
        self.programs['service'] = self.service
        self.programs['dpkg-query'] = lambda argv, text: good(
            'bird\t{}\tinstall ok installed\n'.format(self.bird.version))

    def service(self, argv, text):
        if argv[1:] == ['bird', 'start'] and self.bird.loaded is not None:
            return bad('start: Job is already running: bird')
        answer = self.services.service(argv, text)
        if argv[1:] == ['bird', 'start']:
            self.bird.start()
        return answer


def run(node, of_nodes, uid='1', **settings):
    wanted = environment(of_nodes, uid=uid, **settings)
    resources = route_reflector.resources(wanted, wanted.this_node, node)
    return list(converge(resources, node))


def states(outcomes):
    return set(outcome.state for outcome in outcomes)


def test_bird_is_configured_started_and_reachable_for_its_neighbors_only():
    node = Controller()

    run(node, roles(2, 2), bgp_password='s3cret')

    assert 'protocol bgp client_node_3' in node.bird.loaded
    assert node.owner_and_mode(CONF) == ('root:bird', 0o640)
    for directory in '/etc/bird', '/etc/bird/local.d':
        assert node.owner_and_mode(directory) == ('root:bird', 0o750)
    assert node.iptables.rules['filter']['calico-fuel-bgp'] == [
        '-s 192.0.2.12/32 -j ACCEPT', '-s 192.0.2.13/32 -j ACCEPT',
        '-s 192.0.2.14/32 -j ACCEPT']
    assert 'BIRD_ARGS="-R"' in node.text('/etc/bird/envvars')
    assert node.services.starts == ['bird']


def test_a_second_run_changes_nothing():
    node = Controller()
    run(node, roles(1, 2))
    changes = node.changes

    assert states(run(node, roles(1, 2))) == {UNCHANGED}

    assert node.changes == changes


def test_a_compute_that_comes_or_goes_is_a_reload():
    node = Controller()
    run(node, roles(1, 1))

    assert CHANGED in states(run(node, roles(1, 3)))
    assert 'client_node_4' in node.bird.loaded
    run(node, roles(1, 1))

    assert 'client_node_4' not in node.bird.loaded
    assert node.iptables.rules['filter']['calico-fuel-bgp'] == [
        '-s 192.0.2.12/32 -j ACCEPT']
    assert (node.services.starts, node.bird.reloads) == (['bird'], 2)


def test_a_node_that_the_list_lacks_stays_while_its_session_is_established():
    """In the first run after it went down, its session and its port go."""
    node, without = Controller(), {1: ['primary-controller'], 3: ['compute']}
    run(node, roles(1, 2))
    node.bird.sessions = ''.join(
        'client_node_{} BGP master up 12:00:03 Established\n'.format(uid)
        for uid in (2, 3))

    assert states(run(node, without)) == {UNCHANGED}

    node.bird.sessions = node.bird.sessions.replace('up', 'start', 1)
    run(node, without)
    assert re.findall(r'protocol bgp (\S+)', node.bird.loaded) == ['client_node_3']
    assert node.iptables.rules['filter']['calico-fuel-bgp'] == [
        '-s 192.0.2.13/32 -j ACCEPT']


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(Controller, lambda node: run(node, roles(1, 2))):
        assert node.bird.loaded == whole.bird.loaded
        assert node.iptables.rules == whole.iptables.rules
        assert states(run(node, roles(1, 2))) == {UNCHANGED}


def test_the_installed_bird_decides_the_syntax():
    node = Controller(version='2.0.12')

    run(node, roles(1, 2))

    assert 'ipv4 {' in node.bird.loaded


def test_upstart_is_told_to_kill_bird_and_other_inits_are_left_alone(golden):
    node = Controller()
    run(node, roles(1, 2))
    assert OVERRIDE not in node.files
    node.files['/sbin/initctl'] = node.files[CONF]

    run(node, roles(1, 2))

    golden('bird.override', node.text(OVERRIDE))


def test_bfd_is_open_to_the_neighbors_while_it_is_on_and_to_nobody_else():
    node = Controller()
    run(node, roles(1, 2), bfd=True, external_peers='border 65010 203.0.113.1')
    assert node.iptables.rules['filter']['calico-fuel-bfd'] == [
        '-s 192.0.2.12/32 -j ACCEPT', '-s 192.0.2.13/32 -j ACCEPT']
    assert node.bird.loaded.count('  bfd;\n') == 2

    run(node, roles(1, 2))

    assert node.iptables.rules['filter']['calico-fuel-bfd'] == []
    assert 'bfd' not in node.bird.loaded and node.bird.kills == 0


def test_a_file_of_the_operator_that_bird_refuses_stops_nothing_that_runs():
    """The old configuration goes on, and the file is named."""
    node = Controller()
    run(node, roles(1, 1))
    loaded = node.bird.loaded
    node.programs['bird'] = _refusing(node.bird)

    outcomes = run(node, roles(1, 2))

    failure, = [o.difference for o in outcomes if o.state == 'failed']
    assert 'local.d/mine.conf:1:1 syntax error' in failure
    assert node.bird.loaded == loaded


def _refusing(bird):
    def program(argv, text):
        if '-p' in argv:
            return good()._replace(
                status=1, stderr='/etc/bird/local.d/mine.conf:1:1 syntax error')
        return bird.bird(argv, text)
    return program


def test_a_reflector_has_memory_for_the_password_of_each_neighbor():
    """Trusty's 20,480 bytes are enough for 150 of them (136 bytes each)."""
    node = Controller()
    node.files[SOCKET_MEMORY] = Entry('20480\n', 'root:root', 0o644)
    Sysctl(node, net__core__optmem_max='20480')

    outcomes = run(node, roles(1, 1))

    labels = [outcome.label for outcome in outcomes]
    assert labels.index('sysctl net.core.optmem_max') < labels.index('service bird')
    assert 10000 * 136 < int(node.text(KEPT).split()[-1])
    assert states(run(node, roles(1, 1))) == {UNCHANGED}


def test_a_kernel_without_that_limit_gets_none():
    node = Controller()

    run(node, roles(1, 1))

    assert not [path for path in node.files if path.startswith('/etc/sysctl.d/')]

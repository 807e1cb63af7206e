"""A compute ends a session once others have its routes, and loses none meanwhile."""

from __future__ import unicode_literals

import re

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.resources import handed_over
from calico_fuel.tasks import bgp, route_reflector
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import FakeSystem, good

OLD = roles(1, 2)
DEDICATED = roles(1, 2, [['calico-rr']])
PREFIX = '203.0.113.7/32'
NEVER = float('inf')


class Peer(object):
    """A neighbor whose session comes up ``up`` seconds after it is configured.

    It tells a route to PREFIX after ``tells``; ``is_gone`` is one whose routes live
    on by its Restart Time.
    """

    def __init__(self, up=3, tells=6, hop='192.0.2.13', is_gone=False):
        self.up, self.tells, self.hop, self.is_gone = up, tells, hop, is_gone


class Network(Bird):
    """BIRD among Peers, by the names of their sessions.

    ``blackouts`` has each moment at which it knew no route, or had no session.
    """

    def __init__(self, system, version='1.6.8', **peers):
        self.peers, self.since, self.blackouts = peers, {}, []
        Bird.__init__(self, system, version)

    def look(self):
        names = re.findall(r'(?m)^protocol bgp (\S+)', self.loaded or '')
        self.since = dict((name, self.since.get(name, self.system.clock))
                          for name in names)
        age = dict((name, self.system.clock - begin + 0.01)
                   for name, begin in self.since.items() if name in self.peers)
        return ([n for n in sorted(age) if age[n] > self.peers[n].up],
                [n for n in sorted(age) if age[n] > self.peers[n].tells])

    def birdc(self, argv, text):
        before = self.look()
        up, told = before
        self.sessions = ''.join('{} BGP master {}\n'.format(
            name, 'up 12:00 Established' if name in up and not self.peers[name].is_gone
            else 'start 12:00 Connect') for name in sorted(self.since))
        rows = ['via {} on br-mgmt [{} 12:00:01 from 192.0.2.1] (100/0) [i]'.format(
            self.peers[name].hop, name) for name in told]
        self.routes = PREFIX + '     ' + '\n     '.join(rows) + '\n' if rows else ''
        answer = Bird.birdc(self, argv, text)
        if argv[1:] == ['-v', 'configure']:
            for was, now in zip(before, self.look()):
                if was and not now:
                    self.blackouts.append(self.loaded)
        return answer


def node(dies_at=None, of_nodes=OLD, uid='2', version='1.6.8', **peers):
    """A node that runs for long as *of_nodes* ask for."""
    system = FakeSystem({'/etc/bird/envvars': ''})
    peers.setdefault('reflector_node_1', Peer())
    peers.setdefault('reflector_node_4', Peer())
    system.bird = Network(system, version, **peers)
    system.iptables = Iptables(system)
    system.programs['service'] = lambda argv, text: (system.bird.start(), good())[1]
    system.programs['dpkg-query'] = lambda argv, text: good('bird\t1\t{}\n'.format(
        'install ok installed'))
    run(system, of_nodes, uid=uid)
    system.bird.look()
    system.clock += 60
    system.changes, system.dies_at = 0, dies_at
    return system


def run(system, of_nodes=DEDICATED, dry_run=False, uid='2', **settings):
    wanted = environment(of_nodes, uid=uid, **settings)
    return list(converge(
        bgp.speaker(wanted, wanted.this_node, system), system, dry_run))


def states(outcomes):
    return set(outcome.state for outcome in outcomes)


def failure(outcomes):
    found, = [o.difference for o in outcomes if o.state == FAILED]
    return found


def sessions(system):
    return re.findall(r'(?m)^protocol bgp (\S+)', system.bird.loaded)


@pytest.mark.parametrize('version', ['1.6.8', '2.0.12'])
def test_a_new_reflector_has_the_routes_before_the_old_one_is_left(version):
    system = node(version=version)

    run(system)

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == [] and system.bird.reloads == 2
    assert system.bird.loaded == system.text(CONF)
    assert states(run(system)) == {UNCHANGED}


def test_routes_may_take_their_way_before_a_session_ends():
    """Those that this node announces, too: some seconds more."""
    system = node(reflector_node_4=Peer(up=3, tells=10))
    before = system.clock

    run(system)

    assert 13 < system.clock - before < 20


def test_without_a_route_a_session_that_stays_is_waited_for():
    """The old reflector announces this node's own workloads."""
    system = node(reflector_node_1=Peer(tells=NEVER),
                  reflector_node_4=Peer(up=20, tells=NEVER))

    run(system)

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == []


def test_a_busy_bird_does_not_lengthen_the_wait():
    system = node(reflector_node_4=Peer(up=NEVER, tells=NEVER))
    birdc = system.programs['birdc']

    def slow(argv, text):
        system.clock += 2
        return birdc(argv, text)
    system.programs['birdc'] = slow
    before = system.clock

    assert 'in 90 s no other' in failure(run(system))

    assert system.clock - before < handed_over.SECONDS_TO_COME + 30


def test_a_new_reflector_that_does_not_come_up_costs_nothing_and_is_named():
    """Both stay configured until a later run, when it is up."""
    system = node(reflector_node_4=Peer(up=NEVER, tells=NEVER))

    said = failure(run(system))

    assert '/etc/bird/bird.conf: reflector_node_1 cannot end: in 90 s' in said
    assert 'reflector_node_4 to node-4' in said and 'TCP port 179' in said
    assert sessions(system) == ['reflector_node_4', 'reflector_node_1']
    system.bird.peers['reflector_node_4'] = Peer()
    assert states(run(system)) == {CHANGED, UNCHANGED}
    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == []


def test_a_compute_that_has_no_session_to_the_new_reflector_yet_is_named():
    system = node(reflector_node_4=Peer(tells=NEVER))

    said = failure(run(system))

    assert 'The others lack routes of node-3: run calico-fuel compute there' in said

    assert sessions(system) == ['reflector_node_4', 'reflector_node_1']


def test_routes_of_a_node_that_is_gone_are_not_waited_for():
    system = node(reflector_node_1=Peer(hop='192.0.2.99'),
                  reflector_node_4=Peer(tells=NEVER))

    assert FAILED not in states(run(system))

    assert sessions(system) == ['reflector_node_4']


def test_a_deleted_reflector_is_left_when_another_has_the_routes_that_it_told():
    """They live by its Restart Time; its node is in no list any more."""
    of_nodes = roles(2, 1, [['calico-rr']])
    system = node(of_nodes=of_nodes, uid='3', reflector_node_4=Peer(is_gone=True),
                  reflector_node_1=Peer(up=8, tells=9))

    run(system, of_nodes[:3], uid='3')

    assert sessions(system) == ['reflector_node_1', 'reflector_node_2']
    assert system.bird.blackouts == []


@pytest.mark.parametrize('old', [
    Peer(up=NEVER, tells=NEVER), Peer(is_gone=True, tells=NEVER)])
def test_a_session_that_brings_nothing_ends_at_once(old):
    system = node(reflector_node_1=old, reflector_node_4=Peer(up=NEVER))

    run(system)

    assert sessions(system) == ['reflector_node_4'] and system.bird.reloads == 1


def test_a_session_whose_neighbor_stays_by_another_name_is_not_kept():
    """BIRD would have two sessions to one address."""
    system = node(reflector_node_1=Peer(up=NEVER), client_node_1=Peer(up=0))
    system.files[CONF] = system.files[CONF]._replace(
        text=system.text(CONF).replace('reflector_node_1', 'client_node_1'))
    system.bird.start()

    run(system, OLD)

    assert sessions(system) == ['reflector_node_1'] and system.bird.reloads == 1


def test_a_dry_run_shows_the_end_and_changes_nothing():
    system = node()

    said = ''.join(o.difference for o in run(system, dry_run=True))

    assert '-protocol bgp reflector_node_1 {' in said
    assert '+protocol bgp reflector_node_4 {' in said
    assert system.changes == 0


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(node, run):
        assert system.bird.loaded == whole.bird.loaded
        assert system.bird.blackouts == []
        assert states(run(system)) == {UNCHANGED}


def test_a_bird_that_was_upgraded_is_replaced_with_the_new_sessions_only():
    """It may not understand what the old one had; the kernel keeps the routes."""
    system = node()
    system.bird.version = '2.0.12'

    run(system)

    assert sessions(system) == ['reflector_node_4']
    assert (system.bird.kills, system.bird.reloads) == (1, 0)


def test_with_bfd_an_old_neighbor_is_heard_until_its_session_has_ended():
    system = node()
    run(system, OLD, bfd=True)
    system.bird.peers['reflector_node_4'] = Peer(up=NEVER)
    run(system, bfd=True)
    assert '-s 192.0.2.11/32 -j ACCEPT' in system.iptables.rules['filter'][
        'calico-fuel-bfd']

    system.bird.peers['reflector_node_4'] = Peer()
    run(system, bfd=True)

    assert system.iptables.rules['filter']['calico-fuel-bfd'] == [
        '-s 192.0.2.14/32 -j ACCEPT']


MIXED = [['primary-controller', 'compute'], ['controller'], ['compute']]


def test_a_former_reflector_with_workloads_reflects_until_others_do():
    """Its clients may not have all routes from others yet."""
    system = node(of_nodes=MIXED, uid='1', client_node_3=Peer(),
                  reflector_node_4=Peer(up=NEVER))
    before = system.bird.loaded

    run(system, MIXED + [['calico-rr']], uid='1')

    for pattern in r'(?ms)^protocol bgp client_node_3 .*?^}', (
            r'(?ms)^filter reflect_workloads$.*?^}'):
        assert re.search(pattern, system.bird.loaded).group() == re.search(
            pattern, before).group()
    assert 'export filter reflect_workloads' in before


def test_a_reflector_with_workloads_keeps_its_clients_until_others_serve_them():
    """It is a client itself from then on."""
    system = node(of_nodes=MIXED, uid='1', client_node_3=Peer(),
                  reflector_node_2=Peer(tells=NEVER))

    run(system, MIXED + [['calico-rr']], uid='1')

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == []


def test_a_compute_that_begins_to_reflect_does_not_wait_before_its_clients_may_come():
    """All dedicated reflectors were deleted: its task route-reflector is run before
    any other compute knows of it."""
    system = node(of_nodes=MIXED + [['calico-rr']], uid='1',
                  reflector_node_4=Peer(is_gone=True),
                  client_node_3=Peer(up=8, tells=9))
    wanted = environment(MIXED, uid='1')
    assert route_reflector.resources(wanted, wanted.this_node, system) == []

    run(system, MIXED, uid='1')

    assert sessions(system) == ['reflector_node_2', 'client_node_3']
    assert system.bird.blackouts == []
    assert route_reflector.resources(wanted, wanted.this_node, system)

"""A BIRD among neighbors that come up and tell routes some time after it is told."""

from __future__ import unicode_literals

import re

from calico_fuel.converge import FAILED, converge
from calico_fuel.tasks import bgp
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.iptables import Iptables
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

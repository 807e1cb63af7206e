"""A node that has handled a whole list of nodes, and what it sees of the others."""

from __future__ import unicode_literals

from calico_fuel import node_list
from calico_fuel import render
from calico_fuel.bgp import bird
from calico_fuel.bgp import sessions as bgp_sessions
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import OWNER, Entry, FakeSystem, bad, good

ASTUTE, NODES = '/etc/astute.yaml', '/etc/hiera/nodes.yaml'
SESSION = '{} BGP master up 12:00:03 Established\n'
# node-1 to node-3 are controllers, node-4 and node-5 computes.
ROLES = dict(enumerate(roles(3, 2), 1))


def of(*uids):
    return fuel_metadata.nodes_text(dict((uid, ROLES[uid]) for uid in uids))


WHOLE, WITHOUT_3, WITHOUT_4 = of(1, 2, 3, 4, 5), of(1, 2, 4, 5), of(1, 2, 3, 5)


class Network(object):
    """What a node sees of the others: who answers ping, and has a session."""

    def __init__(self, system, names, answering=()):
        self.system = system
        self.answering = set(answering)
        self.pings = 0
        self.bird = Bird(system)
        self.bird.loaded = ''
        self.bird.sessions = ''.join(SESSION.format(name) for name in names)
        system.programs['ping'] = self.ping

    def ping(self, argv, text):
        self.pings += 1
        return good() if argv[-1] in self.answering else bad('')

    def lose(self, name):
        self.bird.sessions = self.bird.sessions.replace(
            SESSION.format(name), name + ' BGP master start 12:00:03 Active\n')


class Node(FakeSystem):
    """node *uid* of Fuel 7.0, which has handled the whole list before."""

    def __init__(self, uid='1', metadata=ROLES):
        super(Node, self).__init__()
        self.metadata = fuel_metadata.text('7.0', metadata, uid)
        whole = parse_environment(fuel_metadata.text('7.0', ROLES, uid))
        me = whole.node(uid)
        sessions = bgp_sessions.of(whole, me)
        self.files[bird.BIRD_CONF] = Entry(render.bird_conf(whole, me, 1), OWNER, 0o640)
        self.network = Network(self, [session.name for session in sessions], [
            node.address for node in whole.nodes])
        self.complete(WHOLE)

    def complete(self, text, is_run=True):
        sources = self.metadata, ASTUTE, text, NODES
        return node_list.complete(self, parse_environment(*sources), sources, is_run)

    def kept(self, text, **options):
        environment = self.complete(text, **options)
        assert set(environment.kept) <= set(environment.nodes)
        return [node.name for node in environment.kept]

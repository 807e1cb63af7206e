"""A node that has all it needs, and what verify tells of it."""

from __future__ import unicode_literals

import json

from calico_fuel import checks
from calico_fuel import roles as node_roles
from calico_fuel.bgp import sessions
from calico_fuel.errors import NodeError
from calico_fuel.resources.service import Service
from calico_fuel.resources.sysctl import Sysctl
from calico_fuel.system import Reply
from calico_fuel.tasks import cron, verify
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.services import Services
from tests.unit.fake.sysctl import Sysctl as SysctlProgram
from tests.unit.fake.system import FakeSystem, good

FORWARD = Sysctl('net.ipv4.ip_forward', '1', others=('1',))
FELIX = Service('calico-felix', ())
ESTABLISHED = '{} BGP master up 12:00:03 Established\n'


class Stubborn(Sysctl):
    """It cannot be compared."""

    __slots__ = ()

    def difference(self, system):
        raise NodeError('no such knob. Load the module')


class Task(object):
    """A task with the resources that it is given, or one that raises."""

    def __init__(self, *items):
        self.items = items

    def resources(self, environment, node, system):
        if isinstance(self.items[0], Exception):
            raise self.items[0]
        return list(self.items)


TASKS = ('compute', Task(FELIX, FORWARD)), ('cron', Task(FORWARD))


class Node(FakeSystem):
    """A healthy node of *environment*: its BIRD, Felix, and what answers HTTP."""

    def __init__(self, environment):
        super(Node, self).__init__()
        self.bird = Bird(self)
        self.write(cron.LIST, 'nodes: []')
        self.bird.loaded = 'configuration'
        self.bird.sessions = ''.join(
            ESTABLISHED.format(session.name)
            for session in sessions.of(environment, environment.this_node))
        self.name = environment.this_node.name
        self.services = Services(self, jobs=['calico-felix'])
        self.iptables = Iptables(self, FORWARD=['-j felix-FORWARD'],
                                 INPUT=['-j felix-INPUT'])
        self.dnsmasqs = ''
        self.programs.update(ip=lambda argv, text: good(),
                             pgrep=lambda argv, text: good(self.dnsmasqs))
        FELIX.change(self)
        self.kernel = SysctlProgram(self, net__ipv4__ip_forward='1')
        self.members = [
            {'id': node.uid, 'name': node.name,
             'peerURLs': ['http://{}:2380'.format(node.address)]}
            for node in node_roles.etcd_members(environment)]
        self.keys = {
            '/calico/v1/Ready': 'true',
            '/calico/v1/config/EndpointReportingEnabled': 'true',
            '/calico/v1/config/InterfacePrefix': 'tap',
            '/calico/openstack/v1/neutron_election': 'node-1:4711'}
        for node in node_roles.computes(environment):
            self.keys['/calico/felix/v1/host/{}/status'.format(node.name)] = '{}'
        self.silent = set()
        self.has_quorum = True
        self.servers.append(self.answer)

    def host_name(self):
        return self.name

    def answer(self, method, url, body):
        place, _, path = url[len('http://'):].partition('/')
        if place in self.silent:
            return None
        if place == '127.0.0.1:8775':
            return Reply(400, '')
        if path == 'health':
            return Reply(200, '{"health": "true"}')
        if path == 'v2/members':
            return Reply(200, json.dumps({'members': self.members}))
        path, _, query = path[len('v2/keys'):].partition('?')
        if 'quorum=true' in query and not self.has_quorum:
            return Reply(500, '{"errorCode": 300, "message": "Raft Internal Error"}')
        leaves = [{'key': key, 'value': value}
                  for key, value in sorted(self.keys.items())
                  if key == path or key.startswith(path + '/')]
        if not leaves:
            return Reply(404, '{"errorCode": 100}')
        if leaves[0]['key'] == path:
            return Reply(200, json.dumps({'node': leaves[0]}))
        # A directory in a directory, as /calico/felix/v1 has them.
        return Reply(200, json.dumps({'node': {'key': path, 'dir': True, 'nodes': [
            {'key': path + '/x', 'dir': True, 'nodes': leaves}]}}))


def node_of(uid, of_nodes=None, **settings):
    of = environment(of_nodes or roles(1, 2), uid=uid, **settings)
    return of, Node(of)


def texts(of, node, is_problem=True, tasks=TASKS):
    """What is printed of *node*, problems or the rest; *tasks* are compared."""
    return [text for one, text in checks.report(verify.checks_of(
        of, of.this_node, node, tasks)) if one == is_problem]

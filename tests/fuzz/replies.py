"""A case of replies of etcd, birdc and Neutron, and what the commands make of it."""

from __future__ import unicode_literals

import copy
import functools
import json
import zlib

from calico_fuel.tasks import departed_hosts
from calico_fuel.calico import keys as calico_keys
from calico_fuel.cli import apply, show, source
from calico_fuel.etcd import backup, client, lock, membership, peers, walk
from calico_fuel.openstack import agents
from calico_fuel.openstack.options import NEUTRON_CONF
from calico_fuel.bgp import reachable, sessions
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel import render
from calico_fuel.resources.base import Resource
from calico_fuel.system import Reply
from calico_fuel.tasks import etcd as etcd_task
from lab.fuel import fuel_metadata
from tests.fuzz import Dice, metadata
from tests.fuzz.commands import Run, parsing, replaced
from tests.fuzz.mutations import damaged, mutate
from tests.unit.fake import verify_node
from tests.unit.fake.apt import Apt
from tests.unit.fake.services import Services
from tests.unit.fake.system import Entry, OWNER, good

# There are a few environments only.
PARSE = parsing({})
ROLES = [['primary-controller'], ['controller'], ['compute'], ['compute']]
ENDPOINT = '/calico/v1/host/{}/workload/openstack/vm-{}/endpoint/port'
STATUS = '/calico/felix/v1/host/{}/status'
AGENT = 'neutron-l3-agent'
HOSTS = ('node-3', 'node-4.example.com', 'node-9', 'other.example.com')
PROTOCOLS = ('''BIRD 1.6.8 ready.
name     proto    table    state  since       info
device1  Device   master   up     12:00:01
client_node_3 BGP      master   up     12:00:03    Established
client_node_9 BGP      master   up     2026-11-29 21:52:40    Established
reflector_node_1 BGP      master   start  12:00:01    Connect       Socket: No route
reflector_node_2 BGP      master   down   12:00:01    Error: No listening socket
external_b BGP      master   start  12:00:01    Active        Received: Cease
''', '''BIRD 2.0.12 ready.
Name       Proto      Table      State  Since         Info
kernel1    Kernel     master4    up     12:00:01.005
client_node_4 BGP        ---        up     12:00:03.100  Established
client_node_9 BGP        ---        start  12:00:01.000  Active        Bad peer AS
''')
ROUTES = ('''\
203.0.113.31/32    via 192.0.2.13 on br-mgmt [client_node_3 19:21:53] * (100/?) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.13
                   unreachable [client_node_9 19:21:53] (100/-) [i]
\tBGP.next_hop: 192.0.2.99
203.0.113.21/32    dev tap5 [kernel1 19:21:53] * (200)
''', '''Table master4:
203.0.113.31/32      unicast [client_node_4 19:21:55.663] * (100/?) [i]
\tvia 192.0.2.1 on br-mgmt
\tBGP.next_hop: 192.0.2.13
2001:db8::/32        unreachable [client_node_4 19:21:55.663] ! (100/-) [i]
\tBGP.next_hop: 2001:db8::1
''')
DETAILS = '''name     proto    table    state  since       info
client_node_3 BGP      master   up     03:01:57    Established
  Receive limit:  10000
  Import limit:   1000 [HIT]
    Action:       block
  Routes:         1001 imported, 3999 filtered, 0 exported, 1001 preferred
'''
KEYS = {
    '/calico/v1/Ready': 'true', '/calico/v1/config/InterfacePrefix': 'tap',
    '/calico/v1/config/EndpointReportingEnabled': 'true',
    '/calico/openstack/v1/neutron_election': 'node-1:4711',
    '/calico/dhcp/v1/subnet/some': {'cidr': '203.0.113.0/24'},
    '/calico/v1/policy/profile/p/rules': {'inbound_rules': []},
    '/calico-fuel/member-change': 'node-2'}
BIRDC = {('show', 'protocols'): PROTOCOLS, ('show', 'route', 'all'): ROUTES,
         ('show', 'route', 'filtered', 'all'): ROUTES,
         ('show', 'protocols', 'all'): (DETAILS,),
         ('show', 'status'): ('BIRD 1.6.8\nDaemon is up and running\n',
                              'BIRD 2.0.12\nGraceful restart recovery in progress\n')}


class Held(Resource):
    """The lock of etcd is to be had."""

    label = 'lock of etcd'

    def difference(self, system):
        return lock.lock(system, client.LOCAL, 'node-1')


class Case(verify_node.Node):
    """A node whose etcd and BIRD answer as no real ones do.

    The same question always has the same answer.
    """

    def __init__(self, number):
        self.dice = dice = Dice(number)
        text = fuel_metadata.text(
            dice.pick(fuel_metadata.RELEASES), ROLES, dice.pick(('1', '3')),
            workload_prefixes=dice.pick(('', '203.0.113.0/28')))
        nodes = fuel_metadata.nodes_text(ROLES)
        self.environment = PARSE(text, metadata.ASTUTE, nodes, metadata.NODES)
        super(Case, self).__init__(self.environment)
        self.number, self.sessions = number, sessions.of(
            self.environment, self.environment.this_node)
        here = self.environment.this_node
        self.files[metadata.ASTUTE] = Entry(text, OWNER, 0o600)
        self.files[BIRD_CONF] = Entry(
            render.bird_conf(self.environment, here, 1).replace('node_4', 'node_9'),
            OWNER, 0o600)
        self.files[metadata.NODES] = Entry(nodes, OWNER, 0o644)
        self.files[NEUTRON_CONF] = Entry('', OWNER, 0o600)
        self.files['/var/lib/etcd/member/wal/0.wal'] = Entry('', OWNER, 0o600)
        self.services = Services(self, jobs=['calico-felix', 'etcd'], running=['etcd'])
        self.programs.update(etcd=lambda argv, text: good('etcd Version: 2.3.7\n'),
                             birdc=self.birdc, bash=self.neutron)
        Apt(self)
        self.tree = {'keys': dict(KEYS), 'health': {'health': 'true'}, 'members': [
            dict(member, clientURLs=[member['peerURLs'][0].replace('2380', '2379')])
            for member in self.members + [
                {'id': '9', 'name': 'node-9', 'peerURLs': ['http://192.0.2.19:2380']}]]}
        for index, host in enumerate(HOSTS):
            self.tree['keys'][STATUS.format(host)] = {'uptime': 1}
            self.tree['keys'][ENDPOINT.format(host, index)] = {
                'name': 'tap{}'.format(index), 'ipv4_subnet_ids': ['some'],
                'ipv4_nets': ['203.0.113.{}/32'.format(20 + index)]}
        # All texts are of one type then, on Python 2, too.
        self.tree = json.loads(json.dumps(self.tree))
        known = self.tree['keys']
        places = [self.tree, known, {'members': self.tree['members']}] + [
            known[key] for key in sorted(known) if isinstance(known[key], dict)]
        for _ in range(dice.below(9)):
            mutate(dice, dice.pick(places))

    def eventually(self, poll, seconds, interval=0.25, until=bool):
        """Nothing changes here."""
        return poll()

    def _dice(self, question):
        return Dice(self.number * 2 ** 32 + (
            zlib.crc32(question.encode('utf-8')) & 0xffffffff))

    def answer(self, method, url, body):
        dice = self._dice(method + url)
        path = url.partition('://')[2].partition('/')[2].partition('?')[0]
        if dice.hits(5):
            return None
        if method != 'GET':
            return Reply(dice.pick((200, 201, 404, 412, 500)), self._json(
                dice, {'errorCode': 100, 'message': 'x'}))
        if path == 'health':
            return Reply(200, self._json(dice, self.tree.get('health')))
        if path == 'v2/members':
            return Reply(200, self._json(dice, {'members': self.tree.get('members')}))
        found = self._node(path[len('v2/keys'):])
        if found is None:
            return Reply(404, self._json(dice, {'errorCode': 100}))
        return Reply(200, self._json(dice, {'action': 'get', 'node': found}))

    def _node(self, path):
        known = self.tree.get('keys')
        if not isinstance(known, dict):
            return known
        leaves = [{'key': key, 'value': _text(value), 'modifiedIndex': 7}
                  for key, value in sorted(known.items())
                  if key == path or key.startswith(path.rstrip('/') + '/')]
        if leaves and leaves[0]['key'] == path:
            return dict(leaves[0], ttl=60, expiration='2015-11-20T06:15:00Z')
        return {'key': path, 'dir': True, 'nodes': leaves} if leaves else None

    @staticmethod
    def _json(dice, value):
        value = copy.deepcopy(value)
        while isinstance(value, dict) and dice.hits(15):
            mutate(dice, value)
        text = _text(value) or '""'
        if dice.hits(2):
            return dice.pick(('', '[' * 100000, 'null', '[]', '1e999', 'NaN', '"x"'))
        return damaged(dice, text).decode('utf-8', 'replace') if dice.hits(5) else text

    def birdc(self, argv, text):
        dice = self._dice(' '.join(argv))
        if tuple(argv[1:]) not in BIRDC:
            return super(Case, self).birdc(argv, text)
        said = dice.pick(BIRDC[tuple(argv[1:])])
        # Names that the node has.
        for old, session in zip(('client_node_3', 'client_node_4'), self.sessions):
            said = said.replace(old, session.name)
        for _ in range(dice.below(5)):
            said = damaged(dice, said + ' ').decode('utf-8', 'replace')
        if dice.hits(30):
            tree = {'said': said}
            mutate(dice, tree)
            said = tree.get('said', '')
        return good(said if isinstance(said, type('')) else '')

    def neutron(self, argv, text):
        dice = self._dice(' '.join(argv))
        columns = [after for word, after in zip(argv, argv[1:]) if word == '-c']
        said = '{}\n'.format(','.join(map('"{}"'.format, columns)))
        for host in HOSTS:
            row = {'binary': AGENT, 'host': host, 'id': '7', 'alive': 'xxx'}
            mutate(dice, row)
            said += '{}\n'.format(','.join('"{}"'.format(
                _text(row.get(column, '')).replace('"', '""')) for column in columns))
        return good(damaged(dice, said).decode('utf-8', 'replace')
                    if dice.hits(20) else said)


def _text(value):
    """A text, or another value as JSON."""
    return value if isinstance(value, type('')) else '{}'.format(json.dumps(
        value, default=lambda raw: raw.text, sort_keys=True))


def shown(number):
    """Pairs of a name and a text: what etcd has, before its replies are mutated."""
    return [('etcd', json.dumps(Case(number).tree, default=lambda raw: raw.text,
                                indent=1, sort_keys=True))]


def run(number):
    """What the commands make of a case -> Run."""
    case = Case(number)
    of, done = case.environment, Run(case)
    done.environment = of
    resources = [
        departed_hosts.NoHostKeys(of.nodes), departed_hosts.NoForeignRecords(of.nodes),
        agents.NoRecords(((AGENT, None),), ()), Held()]
    here, _ = etcd_task.local(of, of.node('1'), case)
    resources.append(walk.Walk('etcd member', here, functools.partial(
        membership.next_step, peers.wanted(of), here.me)))
    with replaced(source, 'parse_environment', PARSE), \
            replaced(show, 'COMPARED', verify_node.TASKS):
        done.command('verify')
        done.command('preflight')
    done.command('etcd-backup')
    for name in case.names_in(backup.DIRECTORY):
        done.command('etcd-restore', backup.DIRECTORY + '/' + name, '--dry-run')
    done.call(lambda: apply.apply('cleanup', resources, case, dry_run=True))
    done.call(lambda: reachable.places(case, (calico_keys.HOSTS,)) and 0)
    return done

"""A node with etcd: how it starts, its API of version 2, proxies, and disasters."""

from __future__ import unicode_literals

import json
import re

from calico_fuel.system import Reply
from tests.unit.fake import etcd_keys
from tests.unit.fake.apt import Apt
from tests.unit.fake.etcd_cluster import Catastrophe, EtcdCluster
from tests.unit.fake.etcd_proxy import EtcdProxy
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.openssl import Openssl, speak_tls
from tests.unit.fake.services import Services
from tests.unit.fake.system import Entry, FakeSystem, UnknownCommand, good

ENVIRONMENT = '/etc/default/etcd'
DATA_DIR = '/var/lib/etcd'
MEMBER_LOG = '/var/lib/etcd/member/wal/0.wal'


class EtcdNode(FakeSystem):
    """A node with etcd installed and not started yet."""

    def __init__(self, world, name, address, version='2.3.7', dies_at=None):
        self.world = world
        world.nodes[address] = self
        super(EtcdNode, self).__init__(dies_at=dies_at, clock=world.clock)
        self.name = name
        self.address = address
        self.version = version
        self.cluster = None
        self.member_id = None
        self.is_proxy = False
        self.proxy = EtcdProxy(self)
        self.is_up = True
        self.settings = {}
        # As the package made it; None: it is not there.
        self.owner = 'etcd'
        self.services = Services(self, jobs=['etcd'])
        self.iptables = Iptables(self)
        self.apt = Apt(self)
        self.openssl = Openssl(self)
        self.programs['service'] = self.service
        self.programs['etcd'] = self.etcd
        self.files['/sbin/initctl'] = Entry('', 'root:root', 0o755)
        self.servers.append(self.ask)

    @property
    def clock(self):
        return self.world.clock

    @clock.setter
    def clock(self, value):
        self.world.clock = value

    def eventually(self, poll, seconds, interval=0.25, until=bool):
        def is_there(seen):
            result = until(seen)
            if not result and self.world.meanwhile:
                self.world.meanwhile.pop(0)()
            return result
        return super(EtcdNode, self).eventually(poll, seconds, interval, is_there)

    def host_name(self):
        return self.name

    # The programs.

    def etcd(self, argv, text):
        if argv[1:] != ['--version']:
            raise UnknownCommand(' '.join(argv))
        return good('etcd Version: {}\nGit SHA: 1\n'.format(self.version))

    def make_directory(self, path, owner=None, mode=0o700):
        if path != DATA_DIR:
            super(EtcdNode, self).make_directory(path, owner, mode)
        else:
            self.about_to_change()
            self.owner = owner

    def owner_and_mode(self, path):
        if path == DATA_DIR:
            return self.owner and (self.owner + ':etcd', 0o700)
        return super(EtcdNode, self).owner_and_mode(path)

    def service(self, argv, text):
        answer = self.services.service(argv, text)
        if argv[2] in ('stop', 'restart'):
            self.end_etcd()
        if argv[2] in ('start', 'restart'):
            self.start_etcd()
        return answer

    def end_etcd(self):
        self.cluster = self.member_id = None
        self.is_proxy = False
        self.services.running.discard('etcd')

    def start_etcd(self):
        """What etcd does with its data directory and its variables."""
        if self.owner != 'etcd':
            return self.end_etcd()
        self.settings = dict(re.findall(
            r'(?m)^(ETCD_\w+)="(.*)"$', self.text(ENVIRONMENT)))
        self.services.running.add('etcd')
        if self.names_in('/var/lib/etcd/proxy'):
            self.is_proxy = True
            self.proxy.start()
        elif MEMBER_LOG in self.files:
            number, member_id = self.text(MEMBER_LOG).split()
            if self.settings.get('ETCD_FORCE_NEW_CLUSTER') == 'true':
                self._fork(number, member_id)
            else:
                self._run(self.world.clusters[int(number)], member_id)
        elif self.settings.get('ETCD_PROXY') == 'on':
            self.is_proxy = True
            self.proxy.remember([pair.split('=')[1] for pair in self.settings[
                'ETCD_INITIAL_CLUSTER'].split(',')])
            self.proxy.start()
        else:
            self._start_anew(self.settings['ETCD_INITIAL_CLUSTER'].split(','))

    def _fork(self, number, member_id):
        """Forget all other members, keep the data."""
        old = self.world.clusters[int(number)]
        if old.has_quorum():
            raise Catastrophe('{} leaves an etcd cluster with quorum'.format(self.name))
        new = EtcdCluster(self.world)
        new.members[member_id] = old.members[member_id]
        new.keys = dict(old.keys)
        self.world.clusters.append(new)
        self.files[MEMBER_LOG] = Entry('{} {}'.format(
            self.world.clusters.index(new), member_id), 'etcd:etcd', 0o600)
        self._run(new, member_id)

    def _start_anew(self, initial):
        initial = [tuple(pair.split('=')) for pair in initial]
        own = self.settings['ETCD_INITIAL_ADVERTISE_PEER_URLS'].split(',')
        # Made before anything is asked.
        self.files['/var/lib/etcd/member/snap/db'] = Entry('', 'etcd:etcd', 0o600)
        if self.settings['ETCD_INITIAL_CLUSTER_STATE'] == 'new':
            assert initial == [(self.settings['ETCD_NAME'], url) for url in own]
            cluster = EtcdCluster(self.world)
            self.world.clusters.append(cluster)
            member_id = cluster.add(own)
        else:
            others = [self.world.at(url) for _, url in initial if url not in own]
            cluster = next(
                (node.cluster for node in others if node and node.cluster), None)
            ids = dict((url, number) for number, (_, peers, _) in (
                cluster.members if cluster else {}).items() for url in peers)
            if set(ids) != set(url for _, url in initial):
                return self.end_etcd()
            member_id = ids[own[0]]
            if cluster.members[member_id][0]:
                raise Catastrophe('{} comes back without its log'.format(self.name))
        self.files[MEMBER_LOG] = Entry(
            '{} {}'.format(self.world.clusters.index(cluster), member_id),
            'etcd:etcd', 0o600)
        self._run(cluster, member_id)

    def _run(self, cluster, member_id):
        if member_id not in cluster.members:
            return self.end_etcd()
        self.cluster, self.member_id = cluster, member_id
        cluster.publish()

    # What happens to the node.

    def switch_off(self):
        self.end_etcd()
        self.is_up = False

    def switch_on(self):
        self.is_up = True
        if ENVIRONMENT in self.files:
            self.start_etcd()

    def lose_disk(self):
        """The disk is replaced: its root directory is root's."""
        self.end_etcd()
        for path in list(self.files):
            if path.startswith(('/var', '/etc/default')):
                del self.files[path]
        self.owner = 'root'

    def lose_data(self):
        """The file system of its data is not mounted."""
        self.end_etcd()
        self.files = dict((path, entry) for path, entry in self.files.items()
                          if not path.startswith(DATA_DIR))

    # What it answers.

    def listens(self, url):
        """Whether its etcd does so with the scheme and at the port of *url*; that of
        the earlier plugin with HTTP."""
        urls = [one for kind in ('CLIENT', 'PEER') for one in self.settings.get(
            'ETCD_LISTEN_{}_URLS'.format(kind), '').split(',') if one]
        return '/'.join(url.split('/')[:3]) in urls if urls else url.startswith('http:')

    def reaches(self, other, urls):
        """Whether its etcd can connect to that of *other*, which is listed with these
        peer URLs."""
        return any(other.listens(url) and (url.startswith('http:') or (
            'ETCD_PEER_CERT_FILE' in self.settings and speak_tls(self, other)))
                   for url in urls)

    def ask(self, method, url, body):
        server = self if '//127.0.0.1:' in url else self.world.at(url)
        if server is None or not server.is_up:
            return None
        if '//127.0.0.1:' not in url and not server.listens(url) or (
                url.startswith('https:') and not speak_tls(self, server)):
            return None
        if server.is_proxy and server is self and '127.0.0.1' in url:
            server = self.proxy.member()
        if server is None or server.cluster is None:
            return None
        cluster = server.cluster
        if method != 'GET':
            self.about_to_change()
        cluster.publish()
        path = re.sub('^https?://[^/]+', '', url).partition('?')[0]
        if path == '/members':
            return Reply(200, '[]')
        if path == '/health':
            return Reply(200, '{"health": "true"}') if cluster.has_quorum() else (
                Reply(503, '{"health": "false"}'))
        if path.startswith('/v2/members'):
            return self._members(cluster, method, path[len('/v2/members'):], body)
        if path.startswith('/v2/keys/'):
            return etcd_keys.answer(cluster.keys, cluster.has_quorum(), self.clock,
                                    method, url, body)
        raise UnknownCommand('{} {}'.format(method, url))

    def _members(self, cluster, method, path, body):
        if method == 'GET':
            return Reply(200, cluster.listed())
        if not cluster.has_quorum() or self.world.refusals:
            self.world.refusals = max(0, self.world.refusals - 1)
            return Reply(500, '{"message":"Internal Server Error"}')
        if method == 'POST':
            urls = json.loads(body)['peerURLs']
            if set(urls) & set(sum([peers for _, peers, _ in (
                    cluster.members.values())], [])):
                return Reply(409, '{"message":"etcdserver: peerURL exists"}')
            cluster.change(lambda: cluster.add(urls))
            return Reply(201, '{}')
        if method == 'PUT':
            cluster.members[path.lstrip('/')][1] = sorted(json.loads(body)['peerURLs'])
            return Reply(204, '')
        if method == 'DELETE':
            if path.lstrip('/') not in cluster.members:
                return Reply(404, '{"message":"No such member"}')
            cluster.change(lambda: cluster.members.pop(path.lstrip('/')))
            return Reply(204, '')
        raise UnknownCommand(method + ' members')

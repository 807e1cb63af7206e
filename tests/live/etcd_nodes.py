"""Nodes with a real etcd each, on which the task "etcd" runs as Fuel runs it.

Each node is a clone with Debian's etcd installed and stopped; what metadata
says of the environment is written on all nodes again before each run.
"""

import concurrent.futures
import json
from pathlib import Path

from lab.fuel import etcd, fuel_metadata, networks, stock
from lab.machine import clone, programs
from lab.machine.programs import eventually
from lab.network import bird, fabric

PACKAGES = bird.PROJECT / '.cache/etcd'
PLUGIN = '/etc/fuel/plugins/calico-fuel-plugin-4.0'
RELEASE = '6.1'
LOG_DIR = '/var/lib/etcd/member/wal'
CONTROLLER = ['controller']
SETTINGS = '/etc/default/etcd'
# What a program with a node's certificate, or without one, gets from a URL of https.
ASK_BY_TLS = '''
import ssl, sys, urllib.request
url, place, has_certificate = sys.argv[1], '/etc/calico-fuel/etcd/', sys.argv[2:]
context = ssl.create_default_context(cafile=place + 'ca.pem')
if has_certificate:
    context.load_cert_chain(place + 'node.pem')
print(urllib.request.urlopen(url, timeout=5, context=context).read().decode())
'''


class Nodes:
    """The nodes of an environment of Fuel 6.1: uid -> list of roles, and clones."""

    def __init__(self, run):
        self._run = run
        self.fabric = fabric.Fabric(run)
        self.roles = {}
        self.clones = {}
        # The keys that their metadata lacks.
        self.lacks = ()

    def add(self, uid, *roles):
        """Provision a node; nothing of the plugin runs on it yet."""
        addresses = networks.Addresses(1)
        node = self.fabric.add_node(
            'node-{}'.format(uid), addresses.node('management', uid))
        machine = clone.Clone(self._run, node).start()
        stock.provision(machine)
        stock.set_up_repositories(machine)
        for name in 'calico_fuel', 'deployment_scripts/run_task':
            machine.copy(bird.PROJECT / name, '{}/{}'.format(PLUGIN, Path(name).name))
        deb, = PACKAGES.glob('*.deb')
        machine.copy(deb, '/var/cache/lab/etcd.deb')
        machine.run('dpkg', '-i', '/var/cache/lab/etcd.deb')
        machine.run('service', 'etcd', 'stop')
        # Lets in what is known only.
        machine.write('/etc/iptables/rules.v4', stock.rules(RELEASE), 0o640)
        machine.run('iptables-restore', text=stock.rules(RELEASE))
        self.roles[uid] = list(roles)
        self.clones[uid] = machine

    def remove(self, uid):
        """The node is gone, and metadata does not name it any more."""
        del self.roles[uid]
        self.clones.pop(uid).stop()

    def run(self, *uids, command='etcd'):
        """Run the task on these nodes (default: all) at once; Attempts by uid."""
        for uid, machine in self.clones.items():
            data = fuel_metadata.metadata(RELEASE, self.roles, '{}'.format(uid))
            machine.write('/etc/astute.yaml', json.dumps({
                key: data[key] for key in data if key not in self.lacks}), 0o600)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            uids = uids or list(self.clones)
            return dict(zip(uids, pool.map(lambda uid: self.clones[uid].attempt(
                '{}/run_task {}'.format(PLUGIN, command)), uids)))

    def deploy(self):
        """Run it on all controllers at once, then on the others; it has to succeed."""
        controllers = [uid for uid in self.clones if 'controller' in self.roles[uid]]
        attempts = list(self.run(*controllers).values())
        others = set(self.clones) - set(controllers)
        for attempt in attempts + list(self.run(*others).values() if others else ()):
            if attempt.status:
                raise programs.LabError('{}: exit status {}\n{}'.format(
                    attempt.node, attempt.status, attempt.output))

    def ask(self, uid, method, path, body='', server='127.0.0.1:4001'):
        """What etcd says to a program on a node, as JSON; None if nothing."""
        text = etcd.ask(self.clones[uid].node, method,
                        'http://{}{}'.format(server, path), body, check=False)
        return json.loads(text) if text.strip() else None

    def ask_by_tls(self, uid, server, path, *certificate):
        """What etcd at *server* says to a program on a node, '' if nothing."""
        return self.clones[uid].run('python3', '-c', ASK_BY_TLS, 'https://{}{}'.format(
            server, path), *certificate, check=False)

    def members(self, uid):
        """Name -> id of the members, as the etcd of a node tells."""
        return {member['name']: member['id']
                for member in self.ask(uid, 'GET', '/v2/members')['members']}

    def value(self, uid, key):
        """The value of a key, read through a quorum; None if there is none."""
        reply = self.ask(uid, 'GET', '/v2/keys/{}?quorum=true'.format(
            key.lstrip('/'))) or {}
        return reply.get('node', {}).get('value')

    def process(self, uid):
        """The pids of etcd on a node."""
        return sorted(pid for pid, line in self.clones[uid].processes().items()
                      if line.startswith('/usr/bin/etcd'))


def names(*uids):
    return {'node-{}'.format(uid) for uid in uids}


def keep(nodes, uid, value='kept'):
    """Write a value that has to be there in the end."""
    assert nodes.ask(uid, 'PUT', '/v2/keys/calico?value=' + value)['node']


def deploy(make_nodes, controllers):
    """Nodes whose members serve a value that has to be there in the end."""
    nodes = make_nodes(controllers)
    nodes.deploy()
    keep(nodes, 9)
    return nodes


def lose_disk(machine):
    """etcd of a node ends, and nothing of its data is left."""
    machine.run('service', 'etcd', 'stop')
    machine.run('find', '/var/lib/etcd', '-mindepth', '1', '-delete')


def all_read(nodes, value='kept'):
    """Proxies need some seconds to learn who the members are."""
    return all(eventually(lambda: nodes.value(uid, 'calico') == value)
               for uid in nodes.clones)


def state(nodes):
    """What a run that changes nothing leaves as it is."""
    return {uid: [nodes.process(uid), machine.run(
        'stat', '-c', '%i %Y', SETTINGS, '/etc/iptables/rules.v4')]
            for uid, machine in nodes.clones.items()}


def assert_steady(nodes):
    before = state(nodes)
    for attempt in nodes.run().values():
        assert attempt.status == 0, attempt.output
        assert '\nchanged ' not in attempt.output, attempt.output
    assert state(nodes) == before

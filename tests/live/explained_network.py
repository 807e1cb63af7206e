"""Two controllers and two computes with real BIRD and etcd, and a double of Felix.

OWN runs on node-3 and OTHER on node-4, in the group "web".  ``seen`` is what explain
says on a node, by programs that run there.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from lab.fuel import etcd, felix, fuel_metadata
from lab.machine.programs import eventually
from lab.network import bird as lab_bird, bird_network, fabric
from tests.live import COMPUTE, CONTROLLER

ROLES = CONTROLLER, ['controller'], COMPUTE, COMPUTE
OWN, OTHER, THIRD = '203.0.113.21', '203.0.113.31', '203.0.113.32'
ETCD = lab_bird.PROJECT / '.cache/etcd/usr/bin/etcd'
LOCAL, CLIENT, PEER = ('http://127.0.0.1:4001', 'http://192.0.2.11:2379',
                       'http://192.0.2.11:2380')
FELIX_CFG = '[global]\nEtcdAddr = 127.0.0.1:4001\nInterfacePrefix = tap\n'
GROUP = 'web'
ENDPOINT, OF_HOST, REFLECTOR, OF_SENDER = (
    'endpoint in etcd', 'BIRD of its host', 'route reflector node-1',
    "BIRD of the sender's host")
# Where one looks from, and at whom.
SENDER, HOST, RR = ('node-3', [OWN, OTHER]), ('node-4', [OTHER]), ('node-1', [OTHER])
LOOK = Path(__file__).with_name('look.py')


class Network:
    """A BirdNetwork with etcd on node-1, a proxy on the others, and the doubles."""

    def __init__(self, run, network, line):
        self.run, self.network, self.line = run, network, line
        self.nodes, self.birds = network.nodes, network.birds
        self.etcds = {name: self.start_etcd(name) for name in self.nodes}
        self._write_programs_and_metadata()
        self.lookers = {name: self._start_looking(name) for name in self.nodes}
        assert eventually(lambda: all(
            '"' in etcd.ask(node, 'GET', LOCAL + '/version', check=False)
            for node in self.nodes.values()), 20)
        (run.directory / 'felix.cfg').write_text(FELIX_CFG)
        self.felixes = {name: run.start(self.nodes[name].inside(
            'unshare', '-u', 'sh', '-c',
            'hostname {} && exec {} --config-file={}/felix.cfg'.format(
                name, felix.DOUBLE, run.directory)),
            run.directory / (name + '.felix.log'))
            for name in ('node-3', 'node-4')}
        self.taps, self.instances = {}, {}
        self.add('node-3', OWN)
        self.add('node-4', OTHER)

    def start_etcd(self, name):
        role = ['--listen-client-urls', LOCAL] + ([
            '--proxy', 'on', '--initial-cluster', 'node-1=' + PEER]
            if name != 'node-1' else [
                '--listen-client-urls', LOCAL + ',' + CLIENT, '--enable-v2',
                '--advertise-client-urls', CLIENT, '--listen-peer-urls', PEER,
                '--initial-advertise-peer-urls', PEER,
                '--initial-cluster', 'node-1=' + PEER])
        return self.run.start(self.nodes[name].inside(
            ETCD, '--name', name, '--data-dir', self.run.directory / (name + '.etcd'),
            *role), self.run.directory / (name + '.etcd.log'))

    def _write_programs_and_metadata(self):
        for number, name in enumerate(self.nodes, 1):
            programs = self.run.directory / (name + '.bin')
            programs.mkdir()
            for program, text in (
                    ('birdc', ' '.join(self.birds[name].birdc_command()) + ' "$@"'),
                    ('service', 'echo "$1 start/running"')):
                (programs / program).write_text('#!/bin/sh\n{}\n'.format(text))
                (programs / program).chmod(0o755)
            self.write_metadata(name, str(number))

    def write_metadata(self, name, uid, **settings):
        (self.run.directory / (name + '.yaml')).write_text(
            fuel_metadata.text('6.1', ROLES, uid, **settings))

    def add(self, host, address):
        """An instance, as Nova and Neutron's driver make it."""
        name = 'vm-' + address.rpartition('.')[2]
        instance, tap = self.network.fabric.plug_workload(
            name, self.nodes[host], address)
        felix.announce(self.nodes['node-1'], host, instance, tap, '203.0.113.1', GROUP)
        self.instances[address], self.taps[address] = instance, tap
        return instance

    def key_of(self, address, host):
        return 'v1/host/{}/workload/openstack/vm-{}/endpoint/{}'.format(
            host, address.rpartition('.')[2], self.taps[address])

    def put(self, key, value, method='PUT'):
        """Write a key of Calico, or DELETE it; the value that it had."""
        url = LOCAL + '/v2/keys/calico/' + key
        before = json.loads(etcd.ask(self.nodes['node-1'], 'GET', url))
        etcd.ask(self.nodes['node-1'], method, url + '?recursive=true' * (
            method == 'DELETE'), 'value=' + value if method == 'PUT' else '')
        return before.get('node', {}).get('value')

    def change(self, key, **values):
        """Give the JSON of a key other values; the text that it had."""
        before = self.put(key, '', 'GET')
        self.put(key, json.dumps(dict(json.loads(before), **values)))
        return before

    def pause(self, process):
        """With the programs that it runs, which could still change something."""
        os.killpg(process.pid, signal.SIGSTOP)
        return lambda: os.killpg(process.pid, signal.SIGCONT)

    def _start_looking(self, name):
        environment = ['env', 'PYTHONPATH={}'.format(lab_bird.PROJECT),
                       'PATH={}:/usr/sbin:/usr/bin:/sbin:/bin'.format(
                           self.run.directory / (name + '.bin'))]
        return self.run.start(self.nodes[name].inside(
            *environment, sys.executable, LOOK,
            self.run.directory / (name + '.yaml')),
            self.run.directory / (name + '.look.log'),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seen(self, name, *ends):
        """The links that a node sees, as explain writes them."""
        looking = self.lookers[name]
        print(*ends, file=looking.stdin, flush=True)
        return json.loads(looking.stdout.readline())['links']

    def names(self, name, ends, link, code, words=''):
        """The last link that a node sees, once it is this one with this code."""
        seen = []

        def look():
            seen[:] = self.seen(name, *ends)
            return (seen[-1]['name'], seen[-1]['code']) == (link, code) and (
                words in seen[-1]['state'] + seen[-1]['fix'])
        assert eventually(look, 20), (link, code, seen[-1:])
        return seen[-1]

    def breaks(self, breaks):
        """Make each break, and take it back: a function of this -> one that undoes it,
        or None.  Then all links are good again, and packets pass."""
        assert fabric.ping(self.instances[OWN], self.instances[OTHER])
        for break_it in breaks:
            undo = break_it(self)
            if undo:
                undo()
            assert eventually(self.is_good, 45), (break_it.__name__, self.ends_seen())
        assert fabric.ping(self.instances[OWN], self.instances[OTHER])

    def ends_seen(self):
        """The last link that each sees."""
        return [self.seen(name, *ends)[-1] for name, ends in (SENDER, HOST, RR)]

    def is_good(self):
        """Nobody sees a broken link, and packets pass."""
        return all(self.seen(name, *ends)[-1]['verdict'] == 'good' for name, ends in (
            ('node-3', [OWN, OTHER]), ('node-4', [OWN, OTHER]), ('node-1', [OTHER]),
            ('node-2', [OTHER])))


def reconfigured(net, name, old, new):
    """Edit bird.conf of a node -> a function that takes it back."""
    daemon = net.birds[name]
    before = daemon.config.read_text()
    bird_network.edit(daemon.config, old, new)
    assert 'Reconfig' in daemon.birdc('configure')

    def undo():
        daemon.config.write_text(before)
        daemon.birdc('configure')
    return undo


def static_route(net, name):
    path = net.birds[name].config.parent / 'local.d/ops.conf'
    path.write_text('protocol static ops {{ {} route {}/32 blackhole; }}\n'.format(
        {'1': 'preference 250;', '2': 'ipv4 { preference 250; };'}[net.line], OTHER))
    net.birds[name].birdc('configure')

    def undo():
        path.unlink()
        net.birds[name].birdc('configure')
    return undo


def disabled(net, name, *protocols):
    for protocol in protocols:
        net.birds[name].birdc('disable', protocol)
    return lambda: [net.birds[name].birdc('enable', one) for one in protocols]


def restored(net, key, value):
    return lambda: net.put(key, value)

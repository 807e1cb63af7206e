"""What a fault is made of: things that break, and what has to be as before."""

import collections
import concurrent.futures
import contextlib
import json
import re
import socket
import subprocess

from lab.machine import scripts
from lab.machine.programs import LabError, eventually
from tests.plan.nodes import KEY, KEYS, ask_etcd, daemons

CONF = '/etc/bird/bird.conf'
FILES = (CONF, '/etc/bird/envvars', '/etc/default/etcd', '/etc/calico/felix.cfg',
         '/etc/neutron/neutron.conf', '/etc/nova/nova.conf', '/etc/iptables/rules.v4')
# What a shell says of SIGKILL.
KILLED = 137
# They belong to the moment, and to one etcd cluster.
OF_THE_MOMENT = '/calico/felix/', '/calico-fuel/'
HOLD = '''
import {0}, time
{1}
print('held', flush=True)
time.sleep({2})
'''
LOCK = HOLD.format('fcntl', (
    "stream = open('/var/lib/dpkg/lock-frontend', 'a')\n"
    'fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)'), '{}')
PORT = HOLD.format('socket', "listening = socket.create_server(('', 179))", 60)


def files(lab):
    """Digest by node and path of what the plugin writes on all nodes."""
    found = {}
    for name, member in lab.fuel.members.items():
        rows = member.machine.run('sha256sum', *FILES, check=False).splitlines()
        found.update({name + ':' + row.split()[1]: row.split()[0] for row in rows})
    return found


def keys(lab):
    """Value by key of what is in etcd to stay, as a compute's proxy tells."""
    root = eventually(lambda: ask_etcd(
        lab, 'node-4', KEYS + '?recursive=true', '', 'GET'))
    found, todo = {}, [json.loads(root)['node']]
    while todo:
        one = todo.pop()
        todo += one.get('nodes', [])
        if 'value' in one and 'ttl' not in one and not one['key'].startswith(
                OF_THE_MOMENT):
            found[one['key']] = one['value']
    return found


def writes(lab):
    """Whether a compute can write a key of etcd."""
    return 'kept' in ask_etcd(lab, 'node-4', KEY, 'value=kept', 'PUT')


def unexplained(seen, dropped):
    """What a Traffic lost that the network did not drop, of each kind.

    *dropped*: {protocol: packets of instances}.  Each costs one ping or datagram at
    most; a short connection fails by two at least, because TCP sends them again.
    """
    return [max(0, number) for number in (
        seen.packets - dropped[socket.IPPROTO_ICMP],
        seen.datagrams - dropped[socket.IPPROTO_UDP],
        seen.connections - dropped[socket.IPPROTO_TCP] // 2, seen.resets)]


def bear(lab, wanted_files, traffic_during, record_property, event, dropped=None):
    """Let *event* happen under traffic: what it returns, once all is well again.

    *dropped* is what the network itself drops, see unexplained; *event* may fill it.
    """
    def forwarding():
        return [daemons(lab, name, 'sbin/bird', 'bin/calico-felix') for name in
                ('node-4', 'node-5')]
    before, wanted_keys = forwarding(), keys(lab)
    first, second = (workload for _, workload in lab.workloads.values())
    returned = []
    seen = traffic_during(lab, first, second, lambda: returned.append(event()))
    lab.task('node-4', 'compute')
    wanted, found = dict(wanted_files, **wanted_keys), dict(files(lab), **keys(lab))
    harmed = [name for name in wanted if found.get(name) != wanted[name]]
    record_property('packets lost', seen.lost)
    record_property('data lost', ', '.join(harmed) or (
        'none of {} keys, {} files'.format(len(wanted_keys), len(wanted_files))))
    assert unexplained(seen, dropped or collections.Counter()) == [0, 0, 0, 0]
    assert harmed == []
    assert forwarding() == before
    return returned[0]


def run(node, task='compute', start=''):
    return node.attempt('cd {} && {} ./run_task {}'.format(
        scripts.DIRECTORY, start, task))


def changes(attempt):
    """How many changes a run has made, or would make."""
    found = re.search(r'(\d+) (?:would change|changed)', attempt.output)
    return int(found.group(1)) if found else 0


def line(attempt, words):
    """The line with all of these words that a run has said."""
    found = [line for line in attempt.output.splitlines()
             if all(word in line for word in words)]
    assert found, attempt.output
    return found[0]


@contextlib.contextmanager
def holding(node, program):
    """Let a program hold something on a node; LabError if it cannot."""
    with subprocess.Popen(node.inside('python3', '-c', program),
                          stdout=subprocess.PIPE) as holder:
        try:
            if holder.stdout.readline() != b'held\n':
                raise LabError('{}: cannot hold:{}'.format(node.name, program))
            yield
        finally:
            holder.kill()


def at_once(*calls):
    """What each of these functions returns, all called at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


@contextlib.contextmanager
def read_only(machine, path):
    machine.run('mount', '--bind', path, path)
    machine.run('mount', '-o', 'remount,bind,ro', path)
    try:
        yield
    finally:
        machine.run('umount', path)

"""An environment of three controllers, and what tests ask the nodes of any."""

import json
import re

KEYS = 'http://127.0.0.1:4001/v2/keys/'
# An operator's.
KEY = KEYS + 'precious'
CONTROLLERS = 'node-1', 'node-2', 'node-3'


def three_controllers(make_lab, computes, **settings):
    """Their etcd has KEY, and the first two *computes* have a workload each."""
    lab = make_lab('primary-controller', 'controller', 'controller',
                   *['compute'] * computes, **settings)
    lab.add_workload('node-4')
    lab.add_workload('node-5')
    ask_etcd(lab, 'node-1', KEY, 'value=kept', 'PUT')
    return lab


def established(lab, name):
    """The neighbors of a node with an Established session, by BIRD's names."""
    return re.findall(r'(?m)^(\S+) +BGP .*Established',
                      lab.birdc(name, 'show', 'protocols'))


def peers(lab, name):
    return re.findall(r'(?m)^(\S+) +BGP ', lab.birdc(name, 'show', 'protocols'))


def is_whole(lab):
    """Whether each compute has a session to each controller, and no BIRD recovers.

    A BIRD that ends again while it recovers costs the routes that it has not told yet.
    """
    reflectors = ['reflector_' + name.replace('-', '_') for name, member in
                  lab.fuel.members.items() if member.is_controller]
    return (all(sorted(established(lab, compute.name)) == sorted(reflectors)
                for compute in lab.computes())
            and not any('recovery in progress' in lab.birdc(name, 'show', 'status')
                        for name in lab.fuel.members))


def ask_etcd(lab, name, url, body, method, check=False):
    """The reply of a node's local etcd, as Neutron and Felix ask it."""
    return lab.fuel.members[name].machine.run(
        'python3', '-c', 'import sys, urllib.request as u; print(u.urlopen(u.Request('
        'sys.argv[1], sys.argv[2].encode() or None, method=sys.argv[3]), timeout=5)'
        '.read().decode())', url, body, method, check=check)


def members(lab, name):
    """The names of the etcd cluster's members, as one of them lists them."""
    text = ask_etcd(lab, name, 'http://127.0.0.1:2379/v2/members', '', 'GET')
    return sorted(m['name'] for m in json.loads(text)['members']) if text else []


def backed_up(lab, name):
    """Save etcd's keys on a node -> the path of the file."""
    return lab.task(name, 'etcd-backup').split(': ')[0]


def daemons(lab, name, *names):
    """pid by command line of the daemons of a node that *names* tell.

    They are children of init, or of the "respawn" that starts them again, not what
    they run for a moment.
    """
    rows = [row.split(None, 2) for row in lab.fuel.members[name].machine.run(
        'ps', '-ww', '-eo', 'pid=,ppid=,args=').splitlines()]
    lines = {pid: line for pid, _, line in rows}
    starters = {'1'} | {pid for pid, line in lines.items() if 'respawn' in line}
    return {line: int(pid) for pid, parent, line in rows if parent in starters
            and lines.get(parent) != line and any(word in line for word in names)}


def deploying(lab, event):
    """*event* and the deployment that follows it, as one event."""
    def both():
        event()
        lab.fuel.deploy()
    return both

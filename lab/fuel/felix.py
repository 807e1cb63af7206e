"""The Felix that the lab is given, and what it reads of etcd.

No public package index has Felix, so the lab has a double of it, without policy,
unless it is given one: a package, a folder with packages, or an executable, which
becomes one.  It leaves taps, host routes and policy to either.  Tests that need
neither take the stand-in: then the lab connects workloads, and etcd has nothing of
them.

Without a real Neutron the lab writes into etcd what Neutron's driver would
(networking-calico 1.x, the data model of Felix 1.x): a profile for each security
group, an endpoint for each workload, and in the end that all is there.
"""

import json
import os
import urllib.parse
from pathlib import Path

from lab.fuel import etcd
from lab.machine import programs, standins
from lab.network import fabric

PACKAGE = 'calico-felix'
DOUBLE = str(Path(__file__).with_name('felix-double'))
ARGUMENTS = '--config-file=/etc/calico/felix.cfg'
HELP = 'a real Felix: a .deb, a folder with .deb files, or an executable'
KEYS = 'http://127.0.0.1:4001/v2/keys/calico/v1/'
# The driver says last that its data are there.
SIGNS = (('config/InterfacePrefix', 'tap'), ('config/EndpointReportingEnabled', 'true'),
         ('Ready', 'true'))
ANYWHERE = '0.0.0.0/0'


def packages(path, directory):
    """The packages in what was given: pairs of a name and a .deb file."""
    path = Path(path)
    if path.is_dir():
        debs = sorted(path.rglob('*.deb'))
    elif path.suffix == '.deb' and path.is_file():
        debs = [path]
    elif path.is_file() and os.access(path, os.X_OK):
        debs = [standins.around(path, PACKAGE, ARGUMENTS, directory)]
    else:
        debs = []
    named = [(programs.run(['dpkg-deb', '--field', str(deb), 'Package']).strip(),
              deb.resolve()) for deb in debs]
    if PACKAGE not in dict(named):
        raise programs.LabError(
            '--felix {}: is neither a .deb of {} nor a folder with one, nor an '
            'executable. Give one of these'.format(path, PACKAGE))
    return named


def has_policy(path):
    """Whether the Felix of this *path*, or None, keeps security groups apart."""
    return path not in (None, DOUBLE)


def shown(path):
    return 'a double without policy' if path == DOUBLE else path


def profile_id(group):
    return 'openstack-sg-' + group


def profile(group):
    """The rules of a security group: ICMP from itself, SSH, DNS, and anything out."""
    return {
        'inbound_rules': [
            {'ip_version': 4, 'protocol': 'icmp', 'src_tag': profile_id(group)},
            {'ip_version': 4, 'protocol': 'tcp', 'dst_ports': [22, 53],
             'src_net': ANYWHERE},
            {'ip_version': 4, 'protocol': 'udp', 'dst_ports': [53],
             'src_net': ANYWHERE}],
        'outbound_rules': [{'ip_version': 4, 'dst_net': ANYWHERE}]}


def endpoint(workload, tap, gateway, group):
    return {'state': 'active', 'name': tap, 'mac': fabric.mac(workload.address),
            'profile_ids': [profile_id(group)],
            'ipv4_nets': [workload.address + '/32'], 'ipv4_gateway': gateway}


def announce(controller, host, workload, tap, gateway, group):
    """Tell the Felix of *host* of a workload, by the etcd of *controller*, a Node."""
    place = 'policy/profile/{}/'.format(profile_id(group))
    _put(controller, place + 'tags', json.dumps([profile_id(group)]))
    _put(controller, place + 'rules', json.dumps(profile(group)))
    _put(controller, 'host/{}/workload/openstack/{}/endpoint/{}'.format(
        host, workload.name, tap),
        json.dumps(endpoint(workload, tap, gateway, group)))
    for key, value in SIGNS:
        _put(controller, key, value)


def withdraw(controller, host, name):
    """The workload *name* on *host* is deleted."""
    _ask(controller, 'DELETE', 'host/{}/workload/openstack/{}?recursive=true'.format(
        host, name), '')


def _put(controller, key, value):
    _ask(controller, 'PUT', key, 'value=' + urllib.parse.quote(value))


def _ask(controller, method, key, body):
    said = etcd.ask(controller, method, KEYS + key, body)
    if 'errorCode' in json.loads(said):
        raise programs.LabError('{}: etcd refuses {}: {}'.format(
            controller.name, key, said.strip()))

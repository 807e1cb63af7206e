"""Backups of etcd's keys in files of this node, and their restoration.

etcdctl would save a data directory, which only an etcd of a similar version can read.
A file here has every key as text, except keys that expire: these only say that a
process is alive.
"""

from __future__ import unicode_literals

import datetime
import json
import re

from calico_fuel.errors import FileError, NodeError
from calico_fuel.etcd import client
from calico_fuel.resources.base import STATE

DIRECTORY, KEPT = STATE + 'etcd-backups', 10
# Names that sort by time (UTC).  Other files there are the operator's.
NAME, A_NAME = '{:%Y%m%dT%H%M%SZ}.json', re.compile(r'\d{8}T\d{6}Z\.json\Z')
# Neutron and Felix write these again, Neutron within a minute, and Ready last.  Felix
# would treat what is missing beside an earlier Ready as deleted.  Calico 1.0-1.4,
# networking-calico 1.0-1.4; security groups without a prefix up to Calico 1.2.
REBUILT = re.compile(
    r'/calico-fuel/|/calico/(?:v1/Ready\Z|openstack/|dhcp/|felix/'
    r'|v1/config/(?:ClusterGUID|InterfacePrefix|EndpointReportingEnabled)\Z'
    r'|v1/host/[^/]+/workload/openstack/'
    r'|v1/policy/profile/(?:openstack-sg-|[0-9a-f-]{36}(?:_[0-9a-f-]{36})*/))')


def save(system):
    """Save etcd's keys -> path, and whether it is new: a key to restore has changed."""
    text = '{}\n'.format(json.dumps(
        {'keys': dict((entry.key, entry.value) for entry in _entries(system)
                      if entry.value is not None and not entry.expires)},
        indent=1, separators=(',', ': '), sort_keys=True))
    path = '{}/{}'.format(DIRECTORY, NAME.format(
        datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=system.now())))
    # One of the future was made before the clock was corrected, so before the others.
    old = sorted([DIRECTORY + '/' + name for name in system.names_in(DIRECTORY)
                  if A_NAME.match(name)], key=lambda one: (one <= path, one))
    if old and _to_restore(system.read(old[-1]), old[-1]) == _to_restore(text):
        return old[-1], False
    system.write(path, text, 0o600)
    for one in old[:1 - KEPT]:
        system.remove(one)
    return path, True


def restore(system, path, dry_run=False):
    """Write what etcd lacks of the backup *path*; yield each key once it is written."""
    saved = _to_restore(system.read(path), path)
    for key in sorted(set(saved) - set(entry.key for entry in _entries(system))):
        if dry_run or client.write(system, key, saved[key]):
            yield key


def _entries(system):
    found = client.entries(system, '/')
    if found is None:
        raise NodeError(
            '{}: etcd does not list its keys, so nothing was saved or restored. Run '
            'calico-fuel etcd, then this again. If etcd answers, its keys are larger '
            'than 32 MB: remove those of other programs'.format(client.LOCAL))
    return found


def _to_restore(text, path=DIRECTORY):
    """Key -> value of the backup *text* that only a backup has; FileError."""
    try:
        return dict((key, value) for key, value in json.loads(text)['keys'].items()
                    if not REBUILT.match(key))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileError(path, 'keys: is no backup of etcd that calico-fuel made', (
            'Name one in {}, or remove a broken one there'.format(DIRECTORY)))

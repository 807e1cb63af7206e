"""Backups of etcd's keys in files of this node, and their restoration.

etcdctl would save a data directory, which only an etcd of a similar version can read.
A file here is text: every key with its value, except keys that expire, which only say
that a process is alive.

Keys of Neutron and Felix are saved and never restored.  The Calico driver rebuilds its
keys from Neutron's database within a minute, and writes Ready last.  With an earlier
Ready, Felix would treat missing keys as deleted, and cut off its workloads.
"""

from __future__ import unicode_literals

import datetime
import json
import re
from collections import namedtuple

from calico_fuel.errors import FileError
from calico_fuel.errors import NodeError
from calico_fuel.etcd import client

# A directory for each etcd cluster, by its name.  A cluster that was rebuilt after a
# loss is another one, and its first backups are empty.
DIRECTORY = '/var/lib/calico-fuel/etcd-backups'
KEPT_FILES, KEPT_DIRECTORIES = 10, 3
LATEST = 'latest'
# The time and the node of the first backup.  Both names sort by time.  Other files
# there are the operator's: they are neither counted nor deleted.
NAME_KEY = '/calico-fuel/etcd-cluster'
# For etcd clusters from before clusters had a name: older than all others.
UNNAMED = 'unnamed'
TIME = '%Y%m%dT%H%M%SZ'
A_TIME = r'\d{8}T\d{6}Z'
A_BACKUP = re.compile(A_TIME + r'\.json\Z')
A_NAME = re.compile(A_TIME + r'-[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z')
# Calico 1.0-1.4, networking-calico 1.0-1.4; security groups without a prefix
# up to Calico 1.2.
REBUILT = re.compile(
    r'/calico-fuel/|/calico/(?:v1/Ready\Z|openstack/|dhcp/|felix/'
    r'|v1/config/(?:ClusterGUID|InterfacePrefix|EndpointReportingEnabled)\Z'
    r'|v1/host/[^/]+/workload/openstack/'
    r'|v1/policy/profile/(?:openstack-sg-|[0-9a-f-]{36}(?:_[0-9a-f-]{36})*/))')


class Restored(namedtuple('Restored', 'path written kept rebuilt')):
    """The result of restoring the file ``path``: sorted tuples of keys."""

    __slots__ = ()


def save(system, url=client.LOCAL):
    """Save the keys that the etcd at *url* has -> path, and whether it is new.

    A new file is written only if a key has changed that would be restored.
    """
    found = client.entries(system, '/', url)
    if found is None:
        raise NodeError('{}: etcd does not answer, so its keys cannot be saved. Run '
                        'calico-fuel etcd, then this again'.format(url))
    keys = dict((entry.key, entry.value) for entry in found
                if entry.value is not None and not entry.expires)
    name = _name(keys.get(NAME_KEY)) or _new_name(system, url)
    directory = '{}/{}'.format(DIRECTORY, name)
    old = _backups_in(system, directory)
    if old and _has(system, directory + '/' + old[-1], precious(keys)):
        return directory + '/' + old[-1], False
    path = '{}/{}.json'.format(directory, _time(system))
    system.write(path, '{}\n'.format(json.dumps(
        {'keys': keys}, indent=1, separators=(',', ': '), sort_keys=True)), 0o600)
    for other in _backups_in(system, directory)[:-KEPT_FILES]:
        system.remove(directory + '/' + other)
    others = [DIRECTORY + '/' + other for other in _names(system) if other != name]
    for other in others[:1 - KEPT_DIRECTORIES]:
        if system.names_in(other) == _backups_in(system, other):
            system.remove(other)
    return path, True


def precious(keys):
    """The keys and values that exist nowhere but in a backup."""
    return dict((key, value) for key, value in keys.items() if not REBUILT.match(key))


def restore(system, path, overwrite=False, dry_run=False):
    """Write the precious keys of a backup that etcd lacks -> Restored.

    With *overwrite* also the keys that have another value now.  *path* may be LATEST.
    NodeError if etcd does not answer, FileError for a file that is no backup.
    """
    found = client.entries(system, '/')
    if found is None:
        raise NodeError(
            '{}: etcd does not answer, so no key can be restored. Run calico-fuel etcd '
            'on the first controller, then on the others, then this again'.format(
                client.LOCAL))
    if path == LATEST:
        path = latest(system)
    saved = _read(system, path)
    present = dict((entry.key, entry.value) for entry in found)
    written, kept = [], []
    for key, value in sorted(precious(saved).items()):
        is_wanted = key not in present or overwrite and present[key] != value
        if is_wanted and (dry_run or _write(system, key, value, overwrite, written)):
            written.append(key)
        else:
            kept.append(key)
    return Restored(path, tuple(written), tuple(kept), tuple(sorted(
        set(saved) - set(precious(saved)))))


def _write(system, key, value, overwrite, written):
    try:
        return client.write(system, key, value, overwrite)
    except NodeError as error:
        raise NodeError('{}. Written before: {}'.format(
            error.args[0], ', '.join(written) or 'none'))


def latest(system):
    """The newest backup of the etcd cluster before this one, else of this one."""
    here = [entry.value for entry in client.entries(system, NAME_KEY) or ()]
    names = [name for name in _names(system)
             if _backups_in(system, DIRECTORY + '/' + name)]
    before = [name for name in names if name not in here] or names
    if not before:
        raise FileError(DIRECTORY, 'has no backup', (
            'Look on the other nodes that had an etcd member, and name a file'))
    directory = '{}/{}'.format(DIRECTORY, before[-1])
    return '{}/{}'.format(directory, _backups_in(system, directory)[-1])


def _names(system):
    """The names of the etcd clusters that have backups here, the oldest first."""
    return sorted((name for name in system.names_in(DIRECTORY)
                   if name == UNNAMED or A_NAME.match(name)),
                  key=lambda name: (name != UNNAMED, name))


def _backups_in(system, directory):
    return [name for name in system.names_in(directory) if A_BACKUP.match(name)]


def _has(system, path, keys):
    """Whether a backup has exactly these precious keys; a broken one has none."""
    try:
        return precious(_read(system, path)) == keys
    except FileError:
        return False


def _read(system, path):
    """Key -> value in a backup; FileError where the file is none."""
    try:
        keys = json.loads(system.read(path))['keys']
        if all(key.startswith('/') and hasattr(value, 'startswith')
               for key, value in keys.items()):
            return keys
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise FileError(path, 'keys: is no backup of etcd that calico-fuel made', (
        'Name one under {}, or "{}"; remove broken files there'.format(
            DIRECTORY, LATEST)))


def _name(value):
    """*value* if it is a name of ours, else None: any client can write the key."""
    return value if A_NAME.match(value or '') else None


def _new_name(system, url):
    """Name the etcd cluster, if it has a quorum; the first node names it."""
    try:
        client.write(system, NAME_KEY, '{}-{}'.format(
            _time(system), system.host_name()), url=url)
    except NodeError:
        return UNNAMED
    found = client.entries(system, NAME_KEY, url) or ()
    return _name(found[0].value if found else None) or UNNAMED


def _time(system):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=system.now())
    return '{}'.format(time.strftime(str(TIME)))

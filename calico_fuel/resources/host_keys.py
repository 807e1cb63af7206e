"""Keys in etcd of hosts that are gone."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import departed
from calico_fuel import etcd_backup
from calico_fuel import etcd_keys
from calico_fuel.endpoints import HOSTS
from calico_fuel.errors import NodeError
from calico_fuel.resources.resource import Resource

# Endpoints, which the Calico driver writes and removes as Neutron has ports there:
# an instance that was not deleted before its node brings them back every minute.
NEUTRONS = 'workload'


class NoHostKeys(Resource, namedtuple('NoHostKeys', 'nodes')):
    """etcd has no key of a host that is none of ``nodes``, but for Neutron's own.

    A directory goes in one request: for each key of its own that goes, the driver
    would set a port in error, which may live on another host by now.
    """

    __slots__ = ()
    is_vital = False

    @property
    def label(self):
        return 'no etcd keys of hosts that are gone'

    def difference(self, system):
        return '\n'.join('{}: its host is no node of this environment'.format(key)
                         for key in self._keys(system))

    def change(self, system):
        etcd_backup.save(system)
        for key in self._keys(system):
            etcd_keys.remove(system, key)

    def _keys(self, system):
        found = [(base, host, below) for base in (HOSTS, departed.FELIX_HOSTS)
                 for host, below in sorted(_by_host(system, base).items())]
        gone = departed.gone(system, self.nodes, [host for _, host, _ in found])
        return [key for base, host, below in found if host in gone
                for key in _removable('{}/{}'.format(base, host), below)]


def _by_host(system, base):
    """Host -> the Entries below its directory, with the path there."""
    found = etcd_keys.entries(system, base)
    if found is None:
        raise NodeError('{}: etcd does not answer. Run calico-fuel etcd, then this '
                        'again'.format(etcd_keys.LOCAL))
    hosts = {}
    for entry in found:
        if entry.key.startswith(base + '/'):
            host, _, path = entry.key[len(base) + 1:].partition('/')
            hosts.setdefault(host, []).append((path, entry))
    return hosts


def _removable(directory, below):
    """The directory of a host, or what is in it beside Neutron's endpoints."""
    if not any(path.startswith(NEUTRONS + '/') and entry.value is not None
               for path, entry in below) or directory.startswith(departed.FELIX_HOSTS):
        return [directory]
    return sorted(set('{}/{}'.format(directory, path.partition('/')[0])
                      for path, _ in below if path) - {directory + '/' + NEUTRONS})

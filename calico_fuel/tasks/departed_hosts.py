"""Which hosts have left the environment.

Fuel's list of nodes can be half-written, stale, or without a node that failed.  So a
live host is never treated as removed.  If the list omits a host that has a BGP session
with this node or whose Felix reports, the whole list is considered stale, and nothing
is deleted.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import checks
from calico_fuel.bgp import bird, configured, sessions
from calico_fuel.calico import keys
from calico_fuel.calico.keys import HOSTS, reporting
from calico_fuel.codes.cluster import NODE_NOT_LISTED
from calico_fuel.codes.node import RECORDS_LEFT
from calico_fuel.errors import CalicoFuelError, NodeError
from calico_fuel.etcd import backup, client
from calico_fuel.fuel.model import short
from calico_fuel.openstack import agents, neutron
from calico_fuel.resources.base import Resource

# What the client prints for "alive": ":-)" or "xxx".
ALIVE = ':-)'
# Endpoints, which the Calico driver writes and removes with Neutron's ports: it writes
# them again every minute for an instance that was not deleted before its node.
NEUTRONS = 'workload'


def gone(system, nodes, hosts):
    """Those of *hosts* that have left; empty if the list *nodes* is stale.

    NodeError if etcd does not answer.
    """
    known = frozenset().union(*[node.short_names for node in nodes])
    foreign = set(host for host in hosts if short(host) not in known)
    if not foreign or unlisted(system, nodes):
        return set()
    living = set(short(record['host']) for record in agents.records(system)
                 if record['alive'] == ALIVE)
    return set(host for host in foreign if short(host) not in living)


def unlisted(system, nodes):
    """The short names of live hosts that *nodes* omits; NodeError without etcd."""
    return neighbors(system, nodes) | (
        set(map(short, reporting(system))).difference(
            *[node.short_names for node in nodes]))


def neighbors(system, nodes):
    """The short names of hosts that *nodes* omits, with an Established session."""
    uids = set(sessions.uid(name) for name, protocol in bird.protocols(system).items()
               if protocol.is_established) - set(node.uid for node in nodes) - {None}
    hosts = dict((one.uid, one.host) for one in configured.there(system))
    return set(short(hosts.get(uid, 'node-' + uid)) for uid in uids)


def notes(environment, node, system):
    """Checks of live hosts that the list of nodes omits; controllers ask etcd too."""
    hosts = neighbors(system, environment.nodes)
    try:
        if node.is_controller:
            hosts = unlisted(system, environment.nodes)
    except CalicoFuelError:
        # A silent etcd has a row of its own.
        pass
    return [checks.fault(
        NODE_NOT_LISTED, 'list of nodes', 'lacks ' + host, 'has every live host', (
            'Up to Fuel 8.0 its session and the ports of it stay while the session is '
            'Established. Records of removed nodes stay in Neutron and etcd meanwhile. '
            'If it is a node of the environment, deploy it again, so that Fuel writes '
            '{} with it. If it was just removed, run this again in two minutes. If it '
            'still runs then, shut it down, or run calico-fuel forget-node {} on each '
            'node that names it'.format(environment.nodes_source, host)))
            for host in map(checks.one_line, sorted(hosts))]


class NoForeignRecords(Resource, namedtuple('NoForeignRecords', 'nodes')):
    """Neutron has no record of a dead agent on a host that is none of ``nodes``."""

    code = RECORDS_LEFT
    label_format = 'no records of agents on hosts that are gone'

    def difference(self, system):
        return '\n'.join('{} on {}: its host is no node of this environment'.format(
            record['binary'], record['host']) for record in self._foreign(system))

    def change(self, system):
        for record in self._foreign(system):
            neutron.change(system, 'agent-delete', record['id'])

    def _foreign(self, system):
        records = agents.records(system)
        hosts = gone(
            system, self.nodes, [record['host'] for record in records])
        return [record for record in records if record['host'] in hosts]


class NoHostKeys(Resource, namedtuple('NoHostKeys', 'nodes')):
    """etcd has no key of a host outside ``nodes``, except Neutron's endpoints.

    A directory is deleted in one request: for each key deleted on its own, the driver
    would set a port to ERROR, and that port may be on another host by now.
    """

    code = RECORDS_LEFT
    label_format = 'no etcd keys of hosts that are gone'

    def difference(self, system):
        return '\n'.join('{}: its host is no node of this environment'.format(
            checks.one_line(key)) for key in self._keys(system))

    def change(self, system):
        backup.save(system)
        for key in self._keys(system):
            client.remove(system, key)

    def _keys(self, system):
        found = [(base, host, below) for base in (HOSTS, keys.FELIX_HOSTS)
                 for host, below in sorted(_by_host(system, base).items())]
        hosts = gone(system, self.nodes, [host for _, host, _ in found])
        return [key for base, host, below in found if host in hosts
                for key in _removable('{}/{}'.format(base, host), below)]


def _by_host(system, base):
    """Host -> the Entries below its directory, with the path there."""
    found = client.entries(system, base)
    if found is None:
        raise NodeError('{}: etcd does not answer. Run calico-fuel etcd, then this '
                        'again'.format(client.LOCAL))
    hosts = {}
    for entry in found:
        if entry.key.startswith(base + '/'):
            host, _, path = entry.key[len(base) + 1:].partition('/')
            hosts.setdefault(host, []).append((path, entry))
    return hosts


def _removable(directory, below):
    """The directory of a host, or what is in it beside Neutron's endpoints."""
    if not any(path.startswith(NEUTRONS + '/') and entry.value is not None
               for path, entry in below) or directory.startswith(keys.FELIX_HOSTS):
        return [directory]
    return sorted(set('{}/{}'.format(directory, path.partition('/')[0])
                      for path, _ in below if path) - {directory + '/' + NEUTRONS})

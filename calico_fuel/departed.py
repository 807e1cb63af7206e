"""Which hosts are no node of the environment any more.

A list of nodes can be half-written, stale, or short of a node that failed.  So
whoever lives is not gone, and a list that lacks who speaks BGP with this node,
or whose Felix reports, is no list to go by at all.
"""

from __future__ import unicode_literals

import re

from calico_fuel import bird
from calico_fuel import etcd_keys
from calico_fuel import neutron
from calico_fuel import topology
from calico_fuel.errors import NodeError

FELIX_HOSTS = '/calico/felix/v1/host'
STATUS = re.compile(FELIX_HOSTS + r'/([^/]+)/status\Z')
SESSION = re.compile(topology.NODE_SESSION + r'\Z')
# What the client prints for "alive": ":-)" or "xxx".
ALIVE = ':-)'
ECHO_REQUESTS = 3
SECONDS_TO_ANSWER, SECONDS_BETWEEN_REQUESTS = 1, 0.2
# Of hosts that are asked one after the other.
MOST_PINGED = 20


def short(host):
    """The name by which hosts are compared: some report the full one, some not."""
    return host.partition('.')[0].lower()


def names(nodes):
    """The short names of *nodes*."""
    return set(short(name) for node in nodes for name in (node.name, node.fqdn))


def gone(system, nodes, hosts):
    """Those of *hosts* that are gone; none where the list *nodes* cannot be right."""
    foreign = set(host for host in hosts if short(host) not in names(nodes))
    if not foreign or unlisted(system, nodes):
        return set()
    living = set(short(record['host']) for record in agents(system)
                 if record['alive'] == ALIVE)
    return set(host for host in foreign if short(host) not in living)


def unlisted(system, nodes):
    """The sorted names of hosts that live and that *nodes* lack."""
    uids, known = set(node.uid for node in nodes), names(nodes)
    found = [host for host in reporting(system) if short(host) not in known]
    found += ['node-' + uid for uid in speaking(system) if uid not in uids]
    return tuple(sorted(set(found)))


def agents(system):
    """Neutron's records of agents."""
    return neutron.rows(system, 'agent', ('binary', 'host', 'id', 'alive'))


def reporting(system):
    """The hosts whose Felix reports; its key goes 90 s after the last report."""
    found = etcd_keys.entries(system, FELIX_HOSTS)
    if found is None:
        raise NodeError(
            '{}: etcd does not answer, so nobody knows which hosts live. Run '
            'calico-fuel etcd, then this again'.format(etcd_keys.LOCAL))
    return [STATUS.match(entry.key).group(1) for entry in found
            if STATUS.match(entry.key)]


def sign_of_life(system, node):
    """What tells that *node* lives, '' if nothing does."""
    if node.uid in speaking(system):
        return 'its BGP session is Established'
    if node.address and answers(system, node.address, ECHO_REQUESTS):
        return '{} answers ping'.format(node.address)
    if short(node.name) in [short(host) for host in reporting(system)]:
        return 'its Felix has reported within the last 90 s'
    return ''


def answers(system, address, requests=1):
    """Whether one of some echo requests is answered."""
    return system.run([
        'ping', '-n', '-q', '-c', '{}'.format(requests), '-i',
        '{}'.format(SECONDS_BETWEEN_REQUESTS), '-W', '{}'.format(SECONDS_TO_ANSWER),
        address], accept=None).status == 0


def seconds_of_silence(requests=1):
    """What one who does not answer costs."""
    return SECONDS_TO_ANSWER + (requests - 1) * SECONDS_BETWEEN_REQUESTS


def speaking(system):
    """The uids of nodes with an Established session to this one."""
    return set(SESSION.match(name).group(1)
               for name, protocol in bird.protocols(system).items()
               if SESSION.match(name) and protocol.is_established)

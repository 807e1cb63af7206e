"""Whether all nodes are ready for members that speak TLS alone."""

from __future__ import unicode_literals

import operator
from collections import namedtuple

from calico_fuel import roles
from calico_fuel.checks import fault
from calico_fuel.codes.cluster import ETCD_HTTP
from calico_fuel.errors import NodeError
from calico_fuel.etcd import client, member, moving, peers, proxy, reports, settings
from calico_fuel.resources.base import Resource

# Each node whose proxy reaches all members by TLS writes a key there.
DIRECTORY = '/calico-fuel/tls'


def is_awaited(environment, node, system):
    """Whether the member of this *node* is to speak TLS alone, and does not yet."""
    return (environment.secret is not None
            and roles.is_etcd_member(environment, node) and member.has_log(system)
            and settings.listens(system.read_if_exists(settings.FILE)) != moving.TLS)


def why_http(environment, system):
    """``moving.obstacles``, as this member sees them now."""
    healthy = [report for report in reports.of(
        system, peers.possible_members(environment))
        if report.is_member and report.is_healthy]
    members = healthy[0].members if healthy else ()
    over_tls = [one for one in members if any(
        client.answers(system, url + '/members') for url in one.peer_urls
        if url.startswith('https:'))]
    ready = set(entry.key for entry in client.entries(
        system, DIRECTORY, client.SECONDS_TO_ASK) or ())
    of_members = frozenset().union(*[one.addresses for one in members])
    return moving.obstacles(
        members, healthy, frozenset().union(*[one.addresses for one in over_tls]),
        [node.name for node in peers.possible_nodes(environment)
         if roles.uses_etcd(environment, node) and node.address not in of_members
         and _key(node.name) not in ready])


def notes(environment, node, system):
    """Checks: a note of what the member of this *node* waits for."""
    if not is_awaited(environment, node, system):
        return []
    why = why_http(environment, system)
    return [fault(
        ETCD_HTTP, 'etcd of this node',
        'accepts HTTP: ' + ('; '.join(why) or 'no node needs it any more'), 'TLS only',
        'Run calico-fuel etcd on the nodes that are named, and then here. One that has '
        'left the environment: calico-fuel forget-node NODE on each other node, the '
        'primary controller last'
        if why else
        'Run calico-fuel etcd here')]


class Ready(Resource, namedtuple('Ready', 'name')):
    """The members know that the proxy of the node *name* reaches them by TLS.

    A proxy that never read a TLS URL would be cut off when the members end HTTP.
    Nobody asks before all members have one, or once all speak TLS alone.
    """

    label_format = 'TLS of the etcd proxy, as members know it'
    # Another member may answer, some moments later.
    seconds_to_settle = 5

    def difference(self, system):
        members = client.members(system) or ()
        if not all(moving.speaks_tls(one) for one in members) or all(
                moving.schemes_of(one.peer_urls) == moving.TLS for one in members) or (
                not client.health(system, client.LOCAL)):
            return ''
        return '' if client.entries(system, _key(self.name)) != () else (
            '{}: etcd has no key {}'.format(self.label, _key(self.name)))

    def change(self, system):
        """NodeError if the proxy has not read the TLS URLs of all members."""
        late = system.eventually(
            lambda: proxy.unknown(system), proxy.SECONDS_TO_LEARN,
            proxy.SECONDS_BETWEEN_POLLS, until=operator.not_)
        if late:
            raise NodeError(
                '{}: after {} s it does not have {}. Look into the log of etcd on this '
                'node, and run this again'.format(
                    proxy.CACHE, proxy.SECONDS_TO_LEARN, ', '.join(late)))
        client.write(system, _key(self.name), 'yes')


def _key(name):
    return '{}/{}'.format(DIRECTORY, name)

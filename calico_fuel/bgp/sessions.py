"""Which node has a BGP session with which.

Rule: every such decision is made here; templates only print it.

Each route reflector (RFC 4456) has every compute as a client and every other
route reflector as a non-client peer.  All route reflectors share one cluster
ID, which is safe because every client has a session to every one of them.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.roles import computes, management_address, route_reflectors, speaks_bgp

CLIENT = 'client'
REFLECTOR = 'reflector'
EXTERNAL = 'external'
# In the order of bird.conf.
RELATIONS = (REFLECTOR, CLIENT, EXTERNAL)
# How sessions to nodes are named; the group is the neighbor's uid.
NODE_SESSION = re.compile(r'(?:{}|{})_node_([0-9]+)\Z'.format(CLIENT, REFLECTOR))


class Session(namedtuple('Session', [
        'relation', 'name', 'neighbor', 'address', 'as_number', 'password',
        'connect_delay', 'connect_retry', 'has_bfd', 'preference', 'reflects',
        'local_as', 'peer'])):
    """One BGP session of a node.

    ``relation`` says what the neighbor is to the node: CLIENT, REFLECTOR or
    EXTERNAL.  ``name`` is the BIRD protocol's, ``neighbor`` a host name for
    people.  ``connect_delay`` and ``connect_retry`` are seconds; ``has_bfd``
    says whether BFD (RFC 5883) watches the neighbor.  Of two routes BIRD takes the one
    from the session with the higher ``preference``.  ``reflects`` says whether the node
    announces routes of other nodes in it, as a route reflector.  ``local_as`` is the AS
    number that the node has in it, ``peer`` the ExternalPeer of the settings or None.
    """

    @property
    def is_ipv6(self):
        return ':' in self.address

    @property
    def restart_time(self):
        """The Restart Time in seconds; it does not depend on which nodes exist."""
        return REFLECTOR_RESTART_TIME if self.reflects else COMPUTE_RESTART_TIME


def uid(name):
    """The uid of the neighbor of the session *name*, None if it is no node."""
    found = NODE_SESSION.match(name)
    return found and found.group(1)


def is_ours(name):
    """Whether the session *name* has a name of this module, and not the operator's."""
    return bool(uid(name)) or name.startswith(EXTERNAL + '_')


def in_order(sessions):
    """The *sessions* as a tuple: by relation, and those to nodes by uid."""
    return tuple(sorted(sessions, key=lambda session: (
        RELATIONS.index(session.relation), int(uid(session.name) or 0))))


def cluster_id(environment):
    """The route reflector cluster ID (RFC 4456, 7) as a dotted quad.

    It is the number of the environment, so it does not change when nodes come and go.
    An address of a route reflector would.
    """
    return addresses.format_ipv4(environment.id)


def of(environment, node):
    """The Sessions of *node*, route reflectors first, then by uid.

    Raises MetadataError when a neighbor has no management address.
    """
    reflectors = route_reflectors(environment)
    is_rr = node in reflectors
    result = []
    if speaks_bgp(environment, node):
        result += [internal(environment, node, peer, REFLECTOR, is_rr)
                   for peer in reflectors if peer.uid != node.uid]
    if is_rr:
        result += [internal(environment, node, peer, CLIENT, is_rr)
                   for peer in computes(environment)
                   if peer not in reflectors]
    return tuple(result + [
        external(environment, peer) for peer in environment.settings.external_peers
        if (peer.has_neighbor(node) if peer.rack else is_rr)])


def internal(environment, node, peer, relation, reflects):
    """The Session of *node* to the node *peer*, to which it *reflects* or not."""
    delay, retry = _connect_times(
        node, reflects and (relation == CLIENT or node.number < peer.number))
    return Session(
        relation, '{}_node_{}'.format(relation, peer.uid),
        peer.fqdn, management_address(environment, peer),
        environment.settings.as_number, environment.settings.bgp_password,
        delay, retry, environment.settings.bfd,
        SECOND_HAND if reflects and relation == REFLECTOR else PREFERENCE, reflects,
        environment.settings.as_number, None)


def external(environment, peer):
    """The Session of a route reflector, or of a compute in the rack of the peer, to an
    external peer of the settings."""
    delay, retry = REFLECTOR_CONNECT_TIMES
    return Session(
        EXTERNAL, '{}_{}'.format(EXTERNAL, peer.protocol), peer.name, peer.address,
        peer.as_number, peer.password, delay, retry, False, PREFERENCE, not peer.rack,
        peer.local or environment.settings.as_number, peer)


# BIRD's default, and a lower one: a reflector prefers its clients' routes over those of
# other reflectors, which may be minutes old while one of them restarts.
PREFERENCE = 100
SECOND_HAND = 90
# A reflector gives it to each route that it accepts from a client.  No other route is
# likely to have it.
OF_CLIENTS = 101
# Route reflectors open the sessions.  Hundreds of clients that connect to one
# reflector at once overflow the accept queue of its listening socket, and some
# then wait for two minutes; a reflector that connects has no such bottleneck.
# Clients connect too, for a session that only they can open, but later and
# spread over the seconds between.
REFLECTOR_CONNECT_TIMES = (1, 2)
CLIENT_CONNECT_FIRST = 5
CLIENT_CONNECT_SPREAD = 16
# Seconds that neighbors keep the routes of a BIRD that is gone without a
# notification (RFC 4724, Restart Time).  A reflector forwards no packets of others, so
# it may reboot meanwhile.  A compute that is gone for longer than a restart takes must
# not keep addresses that other computes have by now.
REFLECTOR_RESTART_TIME = 300
COMPUTE_RESTART_TIME = 60
# Seconds that a restarted BIRD waits for its neighbors before it announces routes:
# until the last reachable one has connected by itself.  It also waits for a neighbor
# that is down, so a longer time would keep new workloads unreachable.
RESTART_WAIT = CLIENT_CONNECT_FIRST + CLIENT_CONNECT_SPREAD


def _connect_times(node, is_first):
    """Seconds before the first and between further attempts to connect.

    Of two reflectors one is first, too: BIRD 1.6 counts in whole seconds, so two that
    start together would collide again and again.  The times are derived from the uids,
    so other nodes that come or go do not change them: BIRD restarts a session whose
    timers change.
    """
    if is_first:
        return REFLECTOR_CONNECT_TIMES
    seconds = CLIENT_CONNECT_FIRST + node.number % CLIENT_CONNECT_SPREAD
    return seconds, seconds

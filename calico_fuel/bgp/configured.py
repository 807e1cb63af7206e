"""The sessions in this node's bird.conf, and which of them stay.

Rule: a node that the list lacks keeps its session, and the ports of it, while that
session is Established; ``forget-node`` ends it at once, also for a node that is alive.

Fuel 6.1-8.0 leaves every node in error out of its list, and such a node may have
instances or an etcd member.  What bird.conf and BIRD say now is the only memory of it.
While BIRD does not run, or waits for its neighbors after a start, it cannot say which
of them are alive: so all stay, and the next run decides.  Fuel 9 lists every node.

A session that stays is rendered again, from its name and neighbor.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.bgp import bird, sessions
from calico_fuel.fuel.model import Node, short

# As the template writes them: host name, name, address, and what follows.
SESSION = re.compile(r'(?m)^(?:# (\S+)\n)?protocol bgp (\S+) \{\n  local as .*\n'
                     r'  neighbor (\S+) as ((?:.*\n )*)')


class Configured(namedtuple('Configured', 'uid name host address reflects')):
    """A session in a bird.conf, and the neighbor's uid, host name and address.

    ``uid`` is None for an external peer; ``reflects``: see Session.
    """

    @property
    def names(self):
        """The neighbor's uid and short host name."""
        return frozenset((self.uid, short(self.host)))


def there(system):
    """The Configured sessions in this node's bird.conf."""
    return tuple(Configured(
        sessions.uid(name), name, host or 'node-{}'.format(sessions.uid(name)), address,
        '\n  rr cluster id ' in rest) for host, name, address, rest in SESSION.findall(
            system.read_if_exists(bird.BIRD_CONF) or ''))


def of(environment, node, system):
    """The Sessions that *node* is to have: those of the list, and those that stay."""
    return sessions.of(environment, node) + retained(environment, node, system)


def retained(environment, node, system):
    """The Sessions of *node* that stay although the list lacks their nodes."""
    if environment.is_of_fuel_9:
        return ()
    found = [one for one in unlisted(environment, system)
             if not one.names & environment.forgotten]
    if found and bird.is_settled(system):
        protocols = bird.protocols(system)
        found = [one for one in found if bird.is_established(protocols, one.name)]
    return tuple(_again(environment, node, one) for one in found)


def unlisted(environment, system):
    """The Configured sessions to nodes that the list of *environment* lacks.

    A node with the same uid or address has taken its place.
    """
    known = set(value for node in environment.nodes
                for value in (node.uid, node.address))
    return tuple(one for one in there(system)
                 if one.uid and known.isdisjoint((one.uid, one.address)))


def leaving(environment, node, system, wanted):
    """The Sessions in bird.conf that are not among the Sessions *wanted*.

    A session to the same neighbor counts as wanted: BIRD would have two sessions to
    one address.  One to an external peer that the settings lack, or of a rack, is left
    out: this node relies on neither.
    """
    known = set(value for session in wanted
                for value in (session.name, session.address))
    found = [_again(environment, node, one) for one in there(system)
             if known.isdisjoint((one.name, one.address))]
    return tuple(session for session in found if session)


def _again(environment, node, one):
    """The Session of the Configured *one*; None for those left out."""
    if one.uid:
        return sessions.internal(
            environment, node, Node(one.uid, one.host, one.host, frozenset(),
                                    one.address),
            one.name.partition('_')[0], one.reflects)
    return next((session for session in (
        sessions.external(environment, peer)
        for peer in environment.settings.external_peers if not peer.rack)
        if (session.name, session.address) == (one.name, one.address)), None)

"""Which routes come where, by the bird.conf of each node: BGP without BIRD.

Every speaker keeps all routes that it accepts, and not only the best: so a result says
what can come anywhere.  Sessions are those that both ends have.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.addresses import parse_prefix
from tests.unit.bgp.bird_language import Config, Route


class Learned(namedtuple('Learned', 'prefix hop protocol path originator clusters')):
    """A route in a speaker's table.

    ``protocol`` brought it, ``path`` has AS numbers, ``originator`` and ``clusters``
    are those of RFC 4456.
    """


class Speaker(Config):
    """A node: its bird.conf, and ``table``, a set of Learned."""

    def __init__(self, text):
        Config.__init__(self, text)
        self.table = set()
        # Address of the neighbor -> protocol.
        self.sessions = dict(
            (self.option(name, 'neighbor')[0], name) for name in self.protocols
            if self.option(name, 'neighbor'))

    def is_internal(self, protocol):
        return protocol in self.protocols and (
            self.option(protocol, 'neighbor')[2] == self.option(
                protocol, 'local', 'as')[0])

    def is_client(self, protocol):
        return self.option(protocol, 'rr', 'client') is not None

    def learn_from_taps(self, texts):
        """Take routes of the kernel to these prefixes of instances."""
        for text in texts:
            if self.passes('kernel', 'import', self._route(
                    Learned(text, self.address, '', (), '', ()))):
                self.table.add(Learned(text, self.address, '', (), '', ()))

    def sent(self, learned, to):
        """The Learned as the neighbor *to* gets it, None if this node sends none."""
        name = self.sessions[to]
        route, internal = self._route(learned), self.is_internal(name)
        is_reflected = internal and self.is_internal(learned.protocol)
        if learned.protocol == name or is_reflected and not (
                self.is_client(name) or self.is_client(learned.protocol)):
            return None
        if not self.passes(name, 'export', route):
            return None
        keeps = internal or self.option(name, 'next', 'hop', 'keep') is not None
        return learned._replace(
            hop=route.bgp_next_hop if keeps else self.address,
            path=learned.path if internal else tuple(
                self.option(name, 'local', 'as')) + learned.path,
            originator=is_reflected and (learned.originator or self.address),
            clusters=tuple(self.option(name, 'rr', 'cluster', 'id') or ())
            + learned.clusters if is_reflected else ())

    def receive(self, learned, sender):
        """Whether the route is new here, and accepted: then it is in the table."""
        name = self.sessions[sender]
        own = self.option(name, 'rr', 'cluster', 'id') or [None]
        if learned.originator == self.address or own[0] in learned.clusters:
            return False
        there = learned._replace(protocol=name)
        if there in self.table or not self.passes(
                name, 'import', self._route(there, sender)):
            return False
        self.table.add(there)
        return True

    def _route(self, learned, sender=None):
        return Route(
            net=parse_prefix(learned.prefix), sender=sender, proto=learned.protocol,
            source='RTS_BGP' if learned.protocol else 'RTS_INHERIT',
            ifname=None if learned.protocol else 'tap1', bgp_next_hop=learned.hop,
            bgp_path=learned.path, bgp_originator_id=learned.originator or None)


def reached(texts, taps, routers=None):
    """Address of a speaker or external peer -> set of (prefix, next hop) that it has.

    *texts* has the bird.conf of each node, *taps* maps addresses of computes to
    prefixes of their instances, *routers* those of external peers to the (prefix, next
    hop) that they announce.
    """
    speakers = dict((one.address, one) for one in map(Speaker, texts))
    for address, prefixes in taps.items():
        if address in speakers:
            speakers[address].learn_from_taps(prefixes)
    outside, waiting = {}, []
    for one in speakers.values():
        waiting += [(one, learned) for learned in one.table]
        for neighbor, name in one.sessions.items():
            if name.startswith('external_'):
                outside.setdefault(neighbor, set())
                number = one.option(name, 'neighbor')[2]
                for prefix, hop in (routers or {}).get(neighbor, ()):
                    if one.receive(Learned(
                            prefix, hop, '', (number,), '', ()), neighbor):
                        waiting += [(one, learned) for learned in one.table
                                    if learned.protocol == name]
    while waiting:
        one, learned = waiting.pop()
        for neighbor in one.sessions:
            other = speakers.get(neighbor)
            if neighbor not in outside and not (
                    other and one.address in other.sessions):
                continue
            sent = one.sent(learned, neighbor)
            if sent and neighbor in outside:
                outside[neighbor].add((sent.prefix, sent.hop))
            elif sent and other.receive(sent, one.address):
                name = other.sessions[one.address]
                waiting.append((other, sent._replace(protocol=name)))
    return dict(outside, **dict((address, set(
        (learned.prefix, learned.hop) for learned in one.table))
        for address, one in speakers.items()))

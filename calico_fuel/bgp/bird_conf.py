"""BIRD's configuration on a compute, by make before break.

BIRD first gets the new configuration together with the sessions that are to end.  Once
it has learned the other nodes' routes from a session that stays, it gets the new
configuration alone.  By then those nodes have sessions to the same reflectors, and
learn from them what this node announces.
"""

from __future__ import unicode_literals

import operator
from collections import namedtuple

from calico_fuel.bgp import bird, health
from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource

# Computes that Fuel deploys together wait for each other.  This and the rest of the
# task take less time than Fuel's timeout.
SECONDS_TO_COME = 90
# BIRD 2.0 may delay a route by a second before it sends it, here and on the reflector,
# and others rely on what this node announces.  So nothing may be lacking for this long.
SECONDS_TO_STAY = 3


class MakeBeforeBreak(Resource, namedtuple(
        'MakeBeforeBreak', 'file sessions leaving both nodes')):
    """The File of BIRD with the Sessions in it.

    ``leaving`` are the Sessions that the present file has beside them, ``both`` is the
    text with these too, ``nodes`` are the Nodes of the environment.
    """

    label_format = '{0.file.label}'

    def loaded(self, system):
        return self.file.loaded(system)

    def difference(self, system):
        return self.file.difference(system)

    def change(self, system):
        ending = self.ending(system)
        if ending and not bird.is_outdated(system):
            self._make_before_break(system, ending)
        self.file.change(system)

    def ending(self, system):
        """The sessions that are to end and whose routes are still needed."""
        if not self.leaving:
            return ()
        protocols, routes = bird.protocols(system), bird.routes(system)
        return tuple(one for one in self.leaving
                     if bird.is_established(protocols, one.name)
                     or homes(routes, one.name, self.nodes))

    def _make_before_break(self, system, ending):
        self.file._replace(text=self.both).change(system)
        bird.configure(system)

        def poll():
            return lacking(self.sessions, ending, bird.protocols(system),
                           bird.routes(system), self.nodes)

        def unsettled():
            return poll() or system.eventually(poll, SECONDS_TO_STAY, interval=1) and (
                ' Routes still change. Run this again.')
        why = system.eventually(
            unsettled, SECONDS_TO_COME, interval=1, until=operator.not_)
        if why:
            raise NodeError(
                '{}: {} cannot end: in {} s no other session has provided their '
                'routes.{} This node keeps all of them until then, and no packet is '
                'lost'.format(
                    self.label, ', '.join(sorted(session.name for session in ending)),
                    SECONDS_TO_COME, why))


def lacking(sessions, ending, protocols, routes, nodes):
    """A message that names the prefixes which only the sessions *ending* provide.

    '' if the wanted *sessions* provide them all.  *protocols* are BIRD's Protocols by
    name, *routes* is name -> prefix -> next hop, *nodes* are those of the environment.
    """
    if any(bird.is_established(protocols, one.name) for one in ending) and not any(
            bird.is_established(protocols, session.name) for session in sessions):
        return _complaints(sessions, protocols)
    known = set(prefix for session in sessions
                for prefix in routes.get(session.name, ()))
    late = set(home for one in ending for prefix, home in
               homes(routes, one.name, nodes).items() if prefix not in known)
    if not late:
        return ''
    return (' The others lack routes of {}: run calico-fuel compute there, then '
            'here.{}'.format(', '.join(sorted(late)), _complaints(sessions, protocols)))


def homes(routes, name, nodes):
    """Prefix -> name of its node, for the routes of *nodes* from the session *name*."""
    names = dict((node.address, node.name) for node in nodes)
    return dict((prefix, names[hop]) for prefix, hop in
                routes.get(name, {}).items() if hop in names)


def _complaints(sessions, protocols):
    staying = dict((session.name, protocols[session.name])
                   for session in sessions if session.name in protocols)
    return ''.join(' {}.'.format(check.sentence) for check in health.checks_of(
        sessions, staying, 'compute') if check.is_problem)

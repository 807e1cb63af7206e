"""BIRD's configuration on a compute: a session ends when others have its routes.

Make before break.  BIRD first gets the new configuration with the sessions that end,
as they stand in the file that is there: their neighbors may be no node of the
environment any more.  It gets the new one alone once the routes of the other nodes
came by a session that stays.  Then those nodes have sessions to the same reflectors,
and learn by them what this one announces.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.bgp import bird
from calico_fuel.bgp import health
from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource

# Computes that Fuel deploys together wait for each other.  With what else the task
# does, it is less than Fuel gives it.
SECONDS_TO_COME = 90
# BIRD 2.0 may keep a route for a second before it sends it, here and on the reflector,
# and others rely on what this node announces.  So many looks in a row, one a second.
LOOKS = 4
# As the template writes them.
SESSION = re.compile(r'(?ms)^protocol bgp (\S+) \{\n.*?^\}\n')
NEIGHBOR = re.compile(r'(?m)^ *neighbor (\S+) as ')


class HandedOver(Resource, namedtuple('HandedOver', 'file sessions nodes')):
    """The File of BIRD with the Sessions in it, and the Nodes of the environment."""

    __slots__ = ()
    label_format = '{0.file.label}'

    def loaded(self, system):
        return self.file.loaded(system)

    def difference(self, system):
        return self.file.difference(system)

    def change(self, system):
        ending = self.ending(system)
        if ending and not bird.is_outdated(system):
            self._hand_over(system, ending)
        self.file.change(system)

    def ending(self, system):
        """The sessions that end, and that somebody relies on."""
        leaving = unwanted(
            self.sessions, system.read_if_exists(self.file.path) or '')
        return leaving and relied_on(
            leaving, bird.protocols(system), bird.routes(system), self.nodes)

    def _hand_over(self, system, ending):
        both = '\n'.join([self.file.text] + [
            '# Until other sessions have its routes.\n' + session.text
            for session in sorted(ending)])
        self.file._replace(text=both).change(system)
        bird.configure(system)
        looks = []

        def is_settled():
            looks.append(lacking(
                self.sessions, ending, bird.protocols(system), bird.routes(system),
                self.nodes))
            return len(looks) >= LOOKS and not any(looks[-LOOKS:])
        if not system.eventually(is_settled, SECONDS_TO_COME, interval=1):
            raise NodeError(
                '{}: {} cannot end: in {} s no other session has taken over.{} Until '
                'then this node keeps all of them, and no packet is lost'.format(
                    self.label, ', '.join(sorted(session.name for session in ending)),
                    SECONDS_TO_COME,
                    looks[-1] or ' Routes still come and go. Run this again.'))


class Configured(namedtuple('Configured', 'name neighbor text')):
    """A session in a bird.conf: its name, the neighbor's address, all its lines."""

    __slots__ = ()


def configured(text):
    """The sessions in the *text* of a bird.conf."""
    found = []
    for match in SESSION.finditer(text):
        neighbor = NEIGHBOR.search(match.group())
        found.append(Configured(
            match.group(1), neighbor and neighbor.group(1), match.group()))
    return tuple(found)


def unwanted(sessions, text):
    """The sessions in *text* that are none of the wanted *sessions*.

    One to the same neighbor is: BIRD would have two sessions to one address.
    """
    names = set(session.name for session in sessions)
    neighbors = set(session.address for session in sessions)
    return tuple(one for one in configured(text)
                 if one.name not in names and one.neighbor not in neighbors)


def relied_on(leaving, protocols, routes, nodes):
    """Those of the sessions *leaving* that this node or others rely on.

    *protocols* and *routes* are what BIRD has, *nodes* those of the environment.
    """
    return tuple(one for one in leaving if bird.is_established(protocols, one.name)
                 or homes(routes, one.name, nodes))


def lacking(sessions, ending, protocols, routes, nodes):
    """What the wanted *sessions* lack of those *ending*, and what to do; '' if nothing.

    The others are *protocols*, *routes* and *nodes*, as in ``relied_on``.
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
    """Prefix -> name of its node, of what the session *name* brought from *nodes*."""
    names = dict((node.address, node.name) for node in nodes)
    return dict((prefix, names[hop]) for prefix, hop in
                routes.get(name, {}).items() if hop in names)


def _complaints(sessions, protocols):
    staying = dict((session.name, protocols[session.name])
                   for session in sessions if session.name in protocols)
    return ''.join(' {}.'.format(check.sentence) for check in health.checks_of(
        sessions, staying, 'compute') if check.is_problem)

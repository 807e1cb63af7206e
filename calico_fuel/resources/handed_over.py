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

from calico_fuel import bird
from calico_fuel import health
from calico_fuel.errors import NodeError
from calico_fuel.resources.file import replace
from calico_fuel.resources.resource import Resource

SESSION = re.compile(r'(?ms)^protocol bgp (\S+) \{\n.*?^\}\n')
# Computes that Fuel deploys together wait for each other.  With what else the task
# does, it is less than Fuel gives it.
SECONDS_TO_COME = 90
# BIRD 2.0 may keep a route for a second before it sends it, here and on the reflector,
# and others rely on what this node announces.  So many looks in a row, one a second.
LOOKS = 4


class HandedOver(Resource, namedtuple('HandedOver', 'file sessions nodes')):
    """The File of BIRD with the Sessions in it, and the Nodes of the environment."""

    __slots__ = ()

    @property
    def label(self):
        return self.file.label

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
        """Name -> text of the sessions that end, and that somebody relies on."""
        old = system.read_if_exists(self.file.path) or ''
        found = dict((match.group(1), match.group()) for match in SESSION.finditer(old))
        for session in self.sessions:
            found = dict((name, text) for name, text in found.items()
                         if name != session.name
                         and 'neighbor {} as '.format(session.address) not in text)
        if not found:
            return {}
        protocols, routes = bird.protocols(system), bird.routes(system)
        return dict((name, text) for name, text in found.items()
                    if _is_established(protocols, name) or self._homes(routes, name))

    def _hand_over(self, system, ending):
        both = '\n'.join([self.file.text] + [
            '# Until other sessions have its routes.\n' + ending[name]
            for name in sorted(ending)])
        replace(system, self.file.path, both, self.file.mode, self.file.owner,
                self.file.check)
        bird.configure(system)
        looks = []

        def is_settled():
            looks.append(self._lacking(system, ending))
            return len(looks) >= LOOKS and not any(looks[-LOOKS:])
        if not system.eventually(is_settled, SECONDS_TO_COME, interval=1):
            raise NodeError(
                '{}: {} cannot end: in {} s no other session has taken over.{} Until '
                'then this node keeps all of them, and no packet is lost'.format(
                    self.label, ', '.join(sorted(ending)), SECONDS_TO_COME,
                    looks[-1] or ' Routes still come and go. Run this again.'))

    def _lacking(self, system, ending):
        """What the sessions that stay do not have yet, and what to do about it."""
        protocols, routes = bird.protocols(system), bird.routes(system)
        staying = [session.name for session in self.sessions]
        if any(_is_established(protocols, name) for name in ending) and not any(
                _is_established(protocols, name) for name in staying):
            return self._complaints(protocols)
        known = set(prefix for name in staying for prefix in routes.get(name, ()))
        late = set(home for name in ending for prefix, home in
                   self._homes(routes, name).items() if prefix not in known)
        if not late:
            return ''
        return (' The others lack routes of {}: run calico-fuel compute there, then '
                'here.{}'.format(', '.join(sorted(late)), self._complaints(protocols)))

    def _complaints(self, protocols):
        staying = dict((session.name, protocols[session.name])
                       for session in self.sessions if session.name in protocols)
        return ''.join(' {}.'.format(check.sentence) for check in health.bgp(
            self.sessions, staying, 'compute') if check.is_problem)

    def _homes(self, routes, name):
        """Prefix -> node, of routes to nodes that are there."""
        names = dict((node.address, node.name) for node in self.nodes)
        return dict((prefix, names[hop]) for prefix, hop in
                    routes.get(name, {}).items() if hop in names)


def _is_established(protocols, name):
    return name in protocols and protocols[name].is_established

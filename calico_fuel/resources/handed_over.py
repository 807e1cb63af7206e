"""BIRD's configuration on a compute: a session ends when others have its routes.

Make before break.  BIRD first gets the new configuration with the sessions that end,
as they stand in the file that is there: their neighbors may be no node of the
environment any more.  It gets the new one alone once the routes of the other nodes
came by a session that stays.  Then those nodes have sessions to the same reflectors,
and learn by them what this one announces.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import bird
from calico_fuel import handover
from calico_fuel.errors import NodeError
from calico_fuel.resources.resource import Resource

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
        """The sessions that end, and that somebody relies on."""
        leaving = handover.unwanted(
            self.sessions, system.read_if_exists(self.file.path) or '')
        return leaving and handover.relied_on(
            leaving, bird.protocols(system), bird.routes(system), self.nodes)

    def _hand_over(self, system, ending):
        both = '\n'.join([self.file.text] + [
            '# Until other sessions have its routes.\n' + session.text
            for session in sorted(ending)])
        self.file._replace(text=both).change(system)
        bird.configure(system)
        looks = []

        def is_settled():
            looks.append(handover.lacking(
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

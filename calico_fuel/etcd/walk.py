"""Take the steps of ``etcd.membership`` one by one, until none is left.

Data of a member is never deleted without the operator's option: data that belongs to no
etcd cluster any more is archived.
"""

from __future__ import unicode_literals

from calico_fuel.errors import NodeError
from calico_fuel.etcd import settings
from calico_fuel.etcd.steps import Refuse
from calico_fuel.etcd.steps import Wait
from calico_fuel.resources.base import Resource
from calico_fuel.resources.service import service_runs

# Fuel 9.0 and 9.1 kill an attempt of a task after 300 s.
SECONDS_FOR_ALL = 150
SECONDS_BETWEEN_LOOKS = 2
# Other nodes change the members and elect leaders meanwhile.
SECONDS_TO_SETTLE = 20
STEPS_AT_ONCE = 5


class Place(Resource):
    """Base of both: they have ``me``, ``peers`` and ``service``, and say

    _view(system)              the node's View
    _step(view)                the next step
    _take(system, view, step)  take the step; why it cannot be done yet, or ''
    _finish(system)            what to do at the end
    """

    __slots__ = ()

    def difference(self, system):
        step = self._settled_step(system)
        return '' if step is None else '{}: {}'.format(self.label, step.text)

    def change(self, system):
        """Take steps until none is left; NodeError if that takes too long."""
        step, why = system.eventually(
            lambda: self._advance_far(system), SECONDS_FOR_ALL, SECONDS_BETWEEN_LOOKS,
            until=lambda taken: taken[0] is None)
        self._finish(system)
        if step is not None:
            raise NodeError('{}: not done after {} s: {}. Then run this again'.format(
                self.label, SECONDS_FOR_ALL, why or step.text))

    def advance(self, system):
        """Take one step -> the step, and why it is not done yet or ''."""
        view = self._view(system)
        step = self._step(view)
        if isinstance(step, Refuse):
            raise NodeError('{}: {}'.format(self.label, step.text))
        if step is None:
            return None, ''
        if isinstance(step, Wait):
            return step, step.text
        return step, self._take(system, view, step)

    def _advance_far(self, system):
        """Take as many steps as possible: a node that was added has to start."""
        for _ in range(STEPS_AT_ONCE):
            step, why = self.advance(system)
            if step is None or why:
                break
        return step, why

    def _settled_step(self, system):
        return system.eventually(
            lambda: self._step(self._view(system)), SECONDS_TO_SETTLE,
            SECONDS_BETWEEN_LOOKS, until=lambda step: not isinstance(step, Wait))

    def _finish(self, system):
        pass

    def archive(self, system):
        self.stop(system)
        system.move(settings.MEMBER_DIR, _archive_path(system))
        return ''

    def stop(self, system):
        if service_runs(system, self.service.name):
            system.run(['service', self.service.name, 'stop'])


def _archive_path(system):
    """A path in the data directory, which can be a file system of its own."""
    return '{}.archived-{:.0f}'.format(settings.MEMBER_DIR, system.now())

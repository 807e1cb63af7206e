"""Take the steps towards this node's place in the etcd cluster, until none is left."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import NodeError
from calico_fuel.etcd import client, lock, membership
from calico_fuel.etcd.steps import (
    Add, Bootstrap, ForceNewCluster, Refuse, Remove, Update, Wait)
from calico_fuel.resources.base import Resource

# Fuel 9.0 and 9.1 kill an attempt of a task after 300 s.
SECONDS_FOR_ALL = 150
# It waits for the lock only: nobody else has to do anything.
SECONDS_FOR_URLS = 30
SECONDS_BETWEEN_POLLS = 1
SECONDS_TO_BEGIN = 6
# Other members may be booting, and have a quorum without this node.
SECONDS_TO_REVIVE = 20


class Walk(Resource, namedtuple('Walk', 'name here next_step')):
    """No step is left.

    ``here`` is the LocalEtcd whose View and actions these are, ``next_step`` a function
    View -> Step or None.
    """
    label_format = '{0.name}'
    # Other nodes change the members and elect leaders meanwhile.
    seconds_to_settle = 20
    seconds = SECONDS_FOR_ALL

    def difference(self, system):
        """The text of the next step; NodeError where only an operator can take it."""
        step = self._step(self.here.view(system))
        return '' if step is None else '{}: {}'.format(self.label, step.text)

    def change(self, system):
        """Take steps until none is left; NodeError if that takes too long."""
        step = system.eventually(lambda: self.advance(system), self.seconds,
                                 SECONDS_BETWEEN_POLLS, until=lambda step: step is None)
        for report in self.here.view(system).healthy[:1]:
            lock.unlock(system, report.client_url, system.host_name())
        if step is not None:
            raise NodeError('{}: not done after {} s: {}. Then run this again'.format(
                self.label, self.seconds, step.text))

    def advance(self, system):
        """Take one step -> it, or a Wait that says why it cannot be taken yet, or None
        if none is left."""
        step = self._taken(system)
        # It counts for the quorum from now on, so it starts at once.
        return self._taken(system) if isinstance(step, Add) else step

    def _taken(self, system):
        view = self.here.view(system)
        step, why = self._step(view), ''
        if isinstance(step, (Add, Remove, Update)):
            why = self._change_members(system, view, step)
        elif step and not isinstance(step, Wait) and self._stays(system, step):
            why = self.here.take(system, step)
        return Wait(why) if why else step

    def _step(self, view):
        step = self.next_step(view)
        if isinstance(step, Refuse):
            raise NodeError('{}: {}'.format(self.label, step.text))
        return step

    def _stays(self, system, step):
        """Whether *step* is still the next one after a while, if it needs certainty."""
        seconds = 0
        if isinstance(step, ForceNewCluster):
            seconds = SECONDS_TO_REVIVE
        elif isinstance(step, Bootstrap) and len(self.here.peers) > 1:
            seconds = SECONDS_TO_BEGIN
        return not seconds or not system.eventually(
            lambda: self._step(self.here.view(system)) != step, seconds,
            SECONDS_BETWEEN_POLLS)

    def _change_members(self, system, view, step):
        url = membership.client_url(view, step)
        why = lock.lock(system, url, system.host_name())
        if why:
            return why
        # Another node may have had the lock before.
        view = self.here.view(system)
        if self._step(view) != step:
            return ''
        url = membership.client_url(view, step)
        why = lock.renew(system, url, system.host_name())
        if why:
            return why
        if isinstance(step, Add):
            return client.add_member(system, url, self.here.me.peer_urls)
        if isinstance(step, Update):
            return client.update_member(system, url, step.member.id, step.peer_urls)
        return client.remove_member(system, url, step.member.id)


class WalkOfUrls(Walk):
    """The etcd cluster lists the URLs with which this member listens."""

    label_format = 'URLs of {0.name}'
    seconds_to_settle = 5
    seconds = SECONDS_FOR_URLS

"""etcd as a service: its loaded settings, and a restart that waits for other members.

A new member in the initial options is no reason to restart: etcd reads these options
only at its first start.
"""

from __future__ import unicode_literals

import operator

from calico_fuel.errors import NodeError
from calico_fuel.etcd import client, lock, quorum, settings
from calico_fuel.etcd.client import LOCAL
from calico_fuel.resources.file import File
from calico_fuel.resources.shown import text_difference
from calico_fuel.resources.service import Service

SECONDS_FOR_LOCK = 90
SECONDS_TO_BE_HEALTHY = 30
SECONDS_BETWEEN_POLLS = 1


class LastingSettings(File):
    """The lines of the file that a running etcd has loaded."""
    label_format = 'lasting settings in {0.path}'

    def loaded(self, system):
        return settings.lasting(self.text)

    def difference(self, system):
        old = settings.lasting(system.read_if_exists(self.path) or '')
        new = settings.lasting(self.text)
        return text_difference(self.path, old, new) if old != new else ''


class MemberService(Service):
    """The etcd of a member: members restart one after the other."""

    def reload(self, system):
        """Restart; a healthy member holds the lock, so no other restarts meanwhile.

        The others are a quorum, if they can be one.  A member that does not become
        healthy again is an error, and so the others do not restart.
        """
        if not client.health(system, LOCAL):
            super(MemberService, self).reload(system)
            return
        why = system.eventually(
            lambda: (lock.lock(system, LOCAL, system.host_name()) or _needed(system)
                     or lock.renew(system, LOCAL, system.host_name())),
            SECONDS_FOR_LOCK, SECONDS_BETWEEN_POLLS, until=operator.not_)
        is_healthy = False
        if not why:
            super(MemberService, self).reload(system)
            is_healthy = system.eventually(
                lambda: client.health(system, LOCAL), SECONDS_TO_BE_HEALTHY,
                SECONDS_BETWEEN_POLLS)
        lock.unlock(system, LOCAL, system.host_name())
        if why:
            raise NodeError('{}: has to restart, but {}. Run this again'.format(
                self.label, why))
        if not is_healthy:
            raise NodeError(
                '{}: was restarted, and is not healthy after {} s. Look for the reason '
                'in the log of etcd on this node, fix it, and run this again'.format(
                    self.label, SECONDS_TO_BE_HEALTHY))


def _needed(system):
    """Why the others have no quorum without the member of this node, or ''."""
    members = client.members(system, LOCAL) or ()
    dead = [one for one in members
            if not client.first_health(system, one.client_urls)[1]]
    left = len(members) - len(dead) - 1
    return '{} not healthy, and the others are no quorum. Start etcd there'.format(
        quorum.names(dead)) if dead and left < quorum.quorum(len(members)) else ''

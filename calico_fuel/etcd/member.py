"""This node's place in the etcd cluster, where it is wanted as a member."""

from __future__ import unicode_literals

import posixpath
from collections import namedtuple

from calico_fuel.errors import CalicoFuelError
from calico_fuel.errors import FileError
from calico_fuel.errors import NodeError
from calico_fuel.etcd import client
from calico_fuel.etcd import membership
from calico_fuel.etcd import settings
from calico_fuel.etcd.steps import Add
from calico_fuel.etcd.steps import Archive
from calico_fuel.etcd.steps import Bootstrap
from calico_fuel.etcd.steps import Delete
from calico_fuel.etcd.steps import ForceNewCluster
from calico_fuel.etcd.steps import Remove
from calico_fuel.etcd.steps import Start
from calico_fuel.etcd.steps import View
from calico_fuel.etcd.walk import Place
from calico_fuel.etcd.walk import SECONDS_BETWEEN_LOOKS
from calico_fuel.resources.base import Resource
from calico_fuel.resources.service import service_runs

SECONDS_TO_BEGIN = 6
# Other members may be booting, and have a quorum without this node.
SECONDS_TO_REVIVE = 20
SECONDS_TO_START = 20


class Member(Place, namedtuple(
        'Member', 'me wanted peers settings service may_begin')):
    """The node is a healthy member, and there is no unwanted member.

    ``me`` is one of the Peers in ``wanted``, ``peers`` are all nodes that
    may be members now or were before; ``settings`` is the File of etcd's variables,
    ``service`` etcd's.  ``may_begin``: see View.
    """

    __slots__ = ()
    label_format = 'etcd member {0.me.name}'

    def _view(self, system):
        return View(client.look(system, self.peers), _has_log(system),
                    not self.service.difference(system), self.may_begin)

    def _step(self, view):
        return membership.next_step(view, self.wanted, self.me)

    def _take(self, system, view, step):
        if isinstance(step, (Add, Remove)):
            return self._change_members(system, view, step)
        if isinstance(step, Archive):
            return self.archive(system)
        if isinstance(step, Bootstrap):
            return self._begin(system)
        if isinstance(step, ForceNewCluster):
            return self._start_alone(system)
        if step.initial_cluster:
            return self._join(system, step.initial_cluster, 'existing')
        return self._start(system)

    def _change_members(self, system, view, step):
        url = membership.client_url(view, step)
        why = client.lock(system, url, system.host_name())
        if why:
            return why
        # Another node may have had the lock before.
        view = self._view(system)
        if self._step(view) != step:
            return ''
        url = membership.client_url(view, step)
        if isinstance(step, Add):
            return client.add_member(system, url, self.me.peer_url)
        return client.remove_member(system, url, step.member.id)

    def _start(self, system):
        """Start etcd with its own data; with damaged data it exits soon."""
        self.service.change(system)
        system.eventually(
            lambda: not self.service.is_running(system)
            or client.answers(system, self.me.client_url), SECONDS_TO_START)
        return '' if self.service.is_running(system) else (
            'etcd was started and has ended again. Look for the reason in the log of '
            'etcd on this node. If only its data is damaged, and the other members are '
            'healthy, move {} away'.format(settings.MEMBER_DIR))

    def _begin(self, system):
        """Bootstrap an etcd cluster, if no etcd answers for a while."""
        if len(self.peers) > 1 and not self._stays(
                system, Bootstrap(), SECONDS_TO_BEGIN):
            return ''
        return self._join(system, ((self.me.name, self.me.peer_url),), 'new')

    def _join(self, system, cluster, state):
        """The first start of a member; stop a proxy here and delete its cache."""
        self.stop(system)
        system.remove(settings.PROXY_DIR)
        text = settings.joining(self.settings.text, cluster, state)
        self._write(system, settings.with_new_token(text, system.now())
                    if state == 'new' else text)
        try:
            self.service.change(system)
        except CalicoFuelError:
            self._write(system, self.settings.text)
            raise
        has_started = system.eventually(lambda: _has_log(system), SECONDS_TO_START)
        self._write(system, self.settings.text)
        return '' if has_started else (
            'etcd has made no log in {} within {} s. Look for the reason in the log of '
            'etcd on this node'.format(settings.LOG_DIR, SECONDS_TO_START))

    def _stays(self, system, step, seconds):
        """Whether *step* is still the next step after *seconds*."""
        return not system.eventually(
            lambda: self._step(self._view(system)) != step, seconds,
            SECONDS_BETWEEN_LOOKS)

    def _start_alone(self, system):
        """Start once with --force-new-cluster, which never stays in the settings."""
        if not self._stays(system, ForceNewCluster(), SECONDS_TO_REVIVE):
            return ''
        self.stop(system)
        self._write(system, settings.forcing_new_cluster(self.settings.text))
        try:
            self.service.change(system)
            is_healthy = system.eventually(lambda: client.is_healthy(
                system, self.me.client_url), SECONDS_TO_START)
        finally:
            self._write(system, self.settings.text)
        return '' if is_healthy else (
            'etcd was started alone and is not healthy after {} s. Look for the '
            'reason in the log of etcd on this node'.format(SECONDS_TO_START))

    def _write(self, system, text):
        system.write(self.settings.path, text, self.settings.mode, self.settings.owner)

    def _finish(self, system):
        for report in client.look(system, self.peers):
            if report.is_member and report.is_healthy:
                client.unlock(system, report.client_url, system.host_name())
                return


class Survivor(Member):
    """The node is a healthy member, if necessary alone with its data.

    ``may_begin``: an operator has said that the other members' data is lost.  Without
    that it changes nothing, and a difference is a failure.
    """

    __slots__ = ()

    def difference(self, system):
        found = super(Survivor, self).difference(system)
        if found and not self.may_begin:
            raise NodeError(found)
        return found

    def _step(self, view):
        return membership.step_of_survivor(view, self.me)


def _has_log(system):
    """Whether the data directory has a log, with which etcd starts as its member."""
    return any(name.endswith('.wal') for name in system.names_in(settings.LOG_DIR))


class MemberGone(Member):
    """The node leaves its etcd cluster, if the others keep a quorum.

    Only if the operator has asked for it by an option.
    """

    __slots__ = ()
    label_format = 'nothing of etcd member {0.me.name}'

    def _view(self, system):
        has_data = system.exists(settings.MEMBER_DIR)
        return View(client.look(system, self.peers) if has_data else (), has_data,
                    has_data and service_runs(system, self.service.name), False)

    def _step(self, view):
        return membership.step_of_leaver(view, self.me)

    def _take(self, system, view, step):
        if isinstance(step, Delete):
            self.stop(system)
            system.remove(settings.MEMBER_DIR)
            return ''
        if isinstance(step, Start):
            # Its settings exist since it became a member, so it answers.
            system.run(['service', self.service.name, 'start'])
            return 'etcd starts'
        return self._change_members(system, view, step)


class MovedMember(Resource, namedtuple('MovedMember', 'source service')):
    """The member's data is in ``etcd.MEMBER_DIR``, not in the data directory
    *source*; *service* is the name of etcd's service.

    The data is moved while etcd is stopped, and never copied or deleted.
    """

    __slots__ = ()
    label_format = 'data of the etcd member in ' + settings.DATA_DIR

    @property
    def _old(self):
        return posixpath.join(self.source, posixpath.basename(settings.MEMBER_DIR))

    def difference(self, system):
        return '{}: has the data of the etcd member'.format(self._old) if (
            system.exists(self._old)) else ''

    def change(self, system):
        if system.exists(settings.MEMBER_DIR):
            raise NodeError(
                '{} and {} both have data of an etcd member. Find out which of '
                'them etcd uses now, move the other away, and run this again'.format(
                    self._old, settings.MEMBER_DIR))
        ran = service_runs(system, self.service)
        if ran:
            system.run(['service', self.service, 'stop'])
        try:
            system.move(self._old, settings.MEMBER_DIR)
        except FileError:
            if ran:
                system.run(['service', self.service, 'start'])
            raise

"""The etcd of this node: its View, and the steps that are taken on this node.

Data of a member is never deleted without the operator's option: data that belongs to no
etcd cluster any more is archived.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import CalicoFuelError
from calico_fuel.etcd import client, reports, settings
from calico_fuel.etcd.client import LOCAL
from calico_fuel.etcd.steps import Archive, Bootstrap, Delete, ForceNewCluster, View
from calico_fuel.resources.service import control

SECONDS_TO_START = 20


class LocalEtcd(namedtuple('LocalEtcd', 'me peers settings service')):
    """``me`` is the Peer of this node, ``peers`` are all that may be members now or
    were before; ``settings`` is the File of etcd's variables, ``service`` etcd's.
    """

    def view(self, system):
        is_loaded = not self.service.difference(system)
        return View(
            reports.of(system, self.peers), has_log(system),
            system.exists(settings.MEMBER_DIR),
            is_loaded or self.service.is_running(system), is_loaded)

    def take(self, system, step):
        """Take a *step* that changes this node alone -> why it is not done, or ''."""
        if isinstance(step, (Archive, Delete)):
            self._stop(system)
            if isinstance(step, Delete):
                system.remove(settings.MEMBER_DIR)
            else:
                # In the data directory, which can be a file system of its own.
                system.move(settings.MEMBER_DIR, '{}.archived-{:.0f}'.format(
                    settings.MEMBER_DIR, system.now()))
            return ''
        if isinstance(step, Bootstrap):
            return self._join(system, tuple(
                (self.me.name, url) for url in self.me.peer_urls), 'new')
        if isinstance(step, ForceNewCluster):
            return self._start_alone(system)
        if step.initial_cluster:
            return self._join(system, step.initial_cluster, 'existing')
        return self._start(system)

    def _stop(self, system):
        if self.service.is_running(system):
            control(system, self.service.name, 'stop')

    def _start(self, system):
        """Start etcd with its own data; with damaged data it exits soon."""
        self.service.change(system)
        system.eventually(
            lambda: not self.service.is_running(system)
            or client.health(system, LOCAL) is not None, SECONDS_TO_START)
        return '' if self.service.is_running(system) else (
            'etcd was started and has ended again. Look for the reason in the log of '
            'etcd on this node. If only its data is damaged, and the other members are '
            'healthy, move {} away'.format(settings.MEMBER_DIR))

    def _join(self, system, cluster, state):
        """The first start of a member; stop a proxy here and delete its cache."""
        self._stop(system)
        system.remove(settings.PROXY_DIR)
        text = settings.joining(self.settings.text, cluster, state)
        self._write(system, settings.with_new_token(text, system.now())
                    if state == 'new' else text)
        try:
            self.service.change(system)
        except CalicoFuelError:
            self._write(system, self.settings.text)
            raise
        has_started = system.eventually(lambda: has_log(system), SECONDS_TO_START)
        self._write(system, self.settings.text)
        return '' if has_started else (
            'etcd has made no log in {} within {} s. Look for the reason in the log of '
            'etcd on this node'.format(settings.LOG_DIR, SECONDS_TO_START))

    def _start_alone(self, system):
        """Start once with --force-new-cluster, which never stays in the settings."""
        self._stop(system)
        self._write(system, settings.forcing_new_cluster(self.settings.text))
        try:
            self.service.change(system)
            is_healthy = system.eventually(
                lambda: client.health(system, LOCAL), SECONDS_TO_START)
        finally:
            self._write(system, self.settings.text)
        return '' if is_healthy else (
            'etcd was started alone and is not healthy after {} s. Look for the '
            'reason in the log of etcd on this node'.format(SECONDS_TO_START))

    def _write(self, system, text):
        system.write(self.settings.path, text, self.settings.mode, self.settings.owner)


def has_log(system):
    """Whether the data directory has a log, with which etcd starts as its member."""
    return any(name.endswith('.wal') for name in system.names_in(settings.LOG_DIR))

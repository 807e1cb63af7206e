"""A daemon that runs and has loaded what it watches, or must not run."""

from __future__ import unicode_literals

import hashlib
import re
from collections import namedtuple

from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource
from calico_fuel.resources.boot import sysv_links
from calico_fuel.resources.file import back_up
from calico_fuel.resources.file import text_of
from calico_fuel.resources.question import ask

# One file for each service: what it had loaded at its last (re)start by us.
# It is removed before anything that the service watches changes, so that an
# interrupted run is finished by the next.
LOADED = '/var/lib/calico-fuel/loaded/'
SECONDS_TO_START = 30
SECONDS_TO_TELL = 20


class Service(Resource, namedtuple('Service', 'name watches')):
    """The service *name* runs, and has loaded the resources it ``watches``."""

    __slots__ = ()
    is_service = True
    label_format = 'service {0.name}'

    def difference(self, system):
        if not self.is_running(system):
            return '{}: is stopped'.format(self.label)
        if system.read_if_exists(LOADED + self.name) != self._digest(system):
            return '{}: has not loaded what it has to yet'.format(self.label)
        if is_disabled(system, self.name):
            return '{}: does not start at boot'.format(self.label)
        return ''

    def change(self, system):
        if is_disabled(system, self.name):
            _enable(system, self.name)
        if self.is_running(system):
            self.reload(system)
        else:
            system.run(['service', self.name, 'start'])
        if not system.eventually(lambda: self.is_running(system), SECONDS_TO_START):
            raise NodeError(
                '{}: does not run {} s after its start. Look for its reason in '
                '/var/log/upstart/{}.log, /var/log/syslog and its own log, mend it '
                'and run this again'.format(
                    self.label, SECONDS_TO_START, self.name))
        # Of a password, too, which others could guess by it.
        system.write(LOADED + self.name, self._digest(system), 0o600)

    def forget(self, system):
        """What it watches is about to change."""
        system.remove(LOADED + self.name)

    def is_running(self, system):
        return service_runs(system, self.name)

    def reload(self, system):
        system.run(['service', self.name, 'restart'])

    def _digest(self, system):
        texts = '\0'.join(watched.loaded(system) for watched in self.watches)
        return '{}'.format(hashlib.sha256(texts.encode('utf-8')).hexdigest())


class Disabled(Resource, namedtuple('Disabled', 'name')):
    """The service *name* is stopped, and is not started at boot.

    One that is not installed is fine.  Upstart reads ``manual`` in an override
    file, which Fuel 6.1 and 7.0 delete when they deploy the node again.
    """

    __slots__ = ()
    label_format = 'no service {0.name}'

    def difference(self, system):
        found = []
        if _is_installed(system, self.name) and self.is_running(system):
            found.append('runs')
        if _starts_at_boot(system, self.name):
            found.append('starts at boot')
        return found and '{}: {}'.format(self.name, ' and '.join(found)) or ''

    def change(self, system):
        if sysv_links(system, self.name):
            system.run(['update-rc.d', self.name, 'disable'])
        if system.exists(_job(self.name)) and _starts_at_boot(system, self.name):
            text = text_of(system, _override(self.name)) or ''
            end = '' if text.endswith('\n') or not text else '\n'
            system.write(_override(self.name), (
                text + end + 'manual\n').encode('latin-1'))
        if self.is_running(system):
            system.run(['service', self.name, 'stop'])

    def is_running(self, system):
        return service_runs(system, self.name)


class NoService(Resource, namedtuple('NoService', 'name')):
    """The service *name* is stopped, and nothing of it is there.

    For services that a plugin of ours has brought itself, without a package.
    """

    __slots__ = ()
    label_format = 'nothing of the service {0.name}'

    def difference(self, system):
        found = ['{}: is there'.format(path) for path in self._files(system)]
        if not found and sysv_links(system, self.name):
            found.append('{}: is linked to start at boot'.format(self.name))
        return '\n'.join(found)

    def change(self, system):
        if _is_installed(system, self.name) and service_runs(system, self.name):
            system.run(['service', self.name, 'stop'])
        for path in self._files(system):
            back_up(system, path)
            system.remove(path)
        if sysv_links(system, self.name):
            system.run(['update-rc.d', self.name, 'remove'])

    def _files(self, system):
        return [path for path in (_job(self.name), _override(self.name),
                                  '/etc/init.d/' + self.name) if system.exists(path)]


def service_runs(system, name):
    """Upstart tells a stopped job by its words, a SysV script by its status."""
    answer = ask(system, ['service', name, 'status'], SECONDS_TO_TELL, _fix, None)
    return answer.status == 0 and 'stop/waiting' not in answer.stdout


def _fix(_):
    return ('Look what it waits for (ps -ef --forest), end that or restart the '
            'service, and run this again')


def _is_installed(system, name):
    return any(system.exists(path) for path in (
        _job(name), '/etc/init.d/' + name))


def _starts_at_boot(system, name):
    if system.exists(_job(name)):
        override = system.read_if_exists(_override(name)) or ''
        # init(5): "manual" takes back what stands before it, "start on" gives anew.
        said = re.findall(r'(?m)^\s*(manual|start on)\b', override)
        return said[-1:] != ['manual']
    return bool(sysv_links(system, name))


def is_disabled(system, name):
    """Whether it is there, and somebody has forbidden to start it at boot."""
    if system.exists(_job(name)):
        return not _starts_at_boot(system, name)
    return bool(sysv_links(system, name, 'K')) and not sysv_links(system, name)


def _enable(system, name):
    if not system.exists(_job(name)):
        system.run(['update-rc.d', name, 'enable'])
        return
    left = re.sub(
        r'(?m)^[ \t]*manual\b.*\n?', '', text_of(system, _override(name)))
    if left.strip():
        system.write(_override(name), left.encode('latin-1'))
    else:
        system.remove(_override(name))


def _job(name):
    return '/etc/init/{}.conf'.format(name)


def _override(name):
    return '/etc/init/{}.override'.format(name)

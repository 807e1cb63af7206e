"""A daemon that runs with the current text of what it watches, or must not run."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.codes.node import SERVICE_DOWN
from calico_fuel.errors import CommandError, NodeError
from calico_fuel.resources.base import STATE, Resource, digest
from calico_fuel.resources.file import back_up, text_of
from calico_fuel.resources.question import ask

# One file for each service, of what it had loaded at its last (re)start by us.  It is
# removed before a resource that the service watches changes, so that the next run
# finishes an interrupted one.
LOADED = STATE + 'loaded/'
SECONDS_TO_START = 30
SECONDS_TO_TELL = 20
LOOK = ('Look for the reason in /var/log/upstart/{}.log, /var/log/syslog and its own '
        'log, fix it and run this again')


class Service(Resource, namedtuple('Service', 'name watches')):
    """The service *name* runs, and has loaded the resources it ``watches``."""

    code = SERVICE_DOWN
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
            control(system, self.name, 'start')
        if not system.eventually(lambda: self.is_running(system), SECONDS_TO_START):
            raise NodeError(
                '{}: does not run {} s after its start. {}'.format(
                    self.label, SECONDS_TO_START, LOOK.format(self.name)))
        # For root only: others could guess a password by the digest.
        system.write(LOADED + self.name, self._digest(system), 0o600)

    def forget(self, system):
        """Forget what it has loaded: a watched resource is about to change."""
        system.remove(LOADED + self.name)

    def is_running(self, system):
        return service_runs(system, self.name)

    def reload(self, system):
        control(system, self.name, 'restart')

    def _digest(self, system):
        return digest('\0'.join(watched.loaded(system) for watched in self.watches))


class Disabled(Resource, namedtuple('Disabled', 'name')):
    """The service *name* is stopped, and is not started at boot.

    A service that is not installed is fine.  Upstart reads ``manual`` in an override
    file, which Fuel 6.1 and 7.0 delete when they deploy the node again.
    """

    label_format = 'no service {0.name}'

    def difference(self, system):
        found = []
        if is_installed(system, self.name) and self.is_running(system):
            found.append('runs')
        if _starts_at_boot(system, self.name):
            found.append('starts at boot')
        return found and '{}: {}'.format(self.name, ' and '.join(found)) or ''

    def change(self, system):
        if _sysv_links(system, self.name):
            system.run(['update-rc.d', self.name, 'disable'])
        if system.exists(_job(self.name)) and _starts_at_boot(system, self.name):
            text = text_of(system, _override(self.name)) or ''
            end = '' if text.endswith('\n') or not text else '\n'
            system.write(_override(self.name), (
                text + end + 'manual\n').encode('latin-1'))
        if self.is_running(system):
            control(system, self.name, 'stop')

    def is_running(self, system):
        return service_runs(system, self.name)


class NoJob(Resource, namedtuple('NoJob', 'name')):
    """The upstart job *name* is stopped, and its files are deleted."""

    label_format = 'no job {0.name}'

    def difference(self, system):
        return '\n'.join('{}: exists'.format(path) for path in self._files(system))

    def change(self, system):
        if system.exists(_job(self.name)) and service_runs(system, self.name):
            control(system, self.name, 'stop')
        for path in self._files(system):
            back_up(system, path)
            system.remove(path)

    def _files(self, system):
        return [path for path in (_job(self.name), _override(self.name))
                if system.exists(path)]


def control(system, name, action):
    """Start, stop or restart the service *name*; NodeError if that fails."""
    try:
        system.run(['service', name, action])
    except CommandError as error:
        raise NodeError('{}. {}'.format(error.args[0], LOOK.format(name)))


def service_runs(system, name):
    """Upstart reports a stopped job in its output, a SysV script by its status."""
    answer = ask(system, ['service', name, 'status'], SECONDS_TO_TELL, _fix, None)
    return answer.status == 0 and 'stop/waiting' not in answer.stdout


def _fix(_):
    return ('Find what it waits for (ps -ef --forest), end that or restart the '
            'service, and run this again')


def has_upstart(system):
    """Whether the node's init is upstart, as on Trusty."""
    return system.exists('/sbin/initctl') and system.exists('/etc/init')


def is_installed(system, name):
    return any(system.exists(path) for path in (
        _job(name), '/etc/init.d/' + name))


def _starts_at_boot(system, name):
    if system.exists(_job(name)):
        override = system.read_if_exists(_override(name)) or ''
        # init(5): "manual" cancels an earlier "start on"; a later one is valid again.
        said = re.findall(r'(?m)^\s*(manual|start on)\b', override)
        return said[-1:] != ['manual']
    return bool(_sysv_links(system, name))


def is_disabled(system, name):
    """Whether it is installed, and disabled at boot."""
    if system.exists(_job(name)):
        return not _starts_at_boot(system, name)
    return bool(_sysv_links(system, name, 'K')) and not _sysv_links(system, name)


def _sysv_links(system, name, kind='S'):
    """The links by which init starts (S) the SysV script *name*, or ends it (K)."""
    return [link for level in '2345'
            for link in system.names_in('/etc/rc{}.d'.format(level))
            if re.match(r'{}\d\d{}\Z'.format(kind, re.escape(name)), link)]


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

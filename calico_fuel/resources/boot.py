"""What starts a service at boot, and which init a node has."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.resource import Resource


class Enabled(Resource, namedtuple('Enabled', 'name')):
    """The SysV script *name* starts its service at boot."""

    __slots__ = ()

    @property
    def label(self):
        return 'start of {} at boot'.format(self.name)

    def difference(self, system):
        return '' if sysv_links(system, self.name) else (
            '{}: is not started at boot'.format(self.name))

    def change(self, system):
        system.run(['update-rc.d', self.name, 'defaults'])
        system.run(['update-rc.d', self.name, 'enable'])


class EnabledUnit(Resource, namedtuple('EnabledUnit', 'name')):
    """The systemd unit of the service *name* is started at boot."""

    __slots__ = ()

    @property
    def label(self):
        return 'start of {} at boot'.format(self.name)

    def difference(self, system):
        return '' if system.exists(unit_link(self.name)) else (
            '{}: is not started at boot'.format(self.name))

    def change(self, system):
        system.run(['systemctl', 'enable', self.name])


def unit(name):
    """Where a unit that no package brings has its file."""
    return '/etc/systemd/system/{}.service'.format(name)


def unit_link(name):
    """The link by which systemd starts that unit at boot."""
    return '/etc/systemd/system/multi-user.target.wants/{}.service'.format(name)


def has_systemd(system):
    """Whether systemd runs the node, sd_booted(3)."""
    return system.exists('/run/systemd/system')


def has_upstart(system):
    """Whether the node's init is upstart, as on Trusty."""
    return system.exists('/sbin/initctl') and system.exists('/etc/init')


def sysv_links(system, name, kind='S'):
    """The links by which init starts (S) the SysV script *name*, or ends it (K)."""
    return [link for level in '2345'
            for link in system.names_in('/etc/rc{}.d'.format(level))
            if re.match(r'{}\d\d{}\Z'.format(kind, re.escape(name)), link)]

"""A kernel setting of each tap interface, of those to come, and after a reboot."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources.base import Resource
from calico_fuel.resources.sysctl import PROC, Sysctl


class TapSysctl(Resource, namedtuple('TapSysctl', 'directory name value')):
    """The setting *name* has *value* for each tap, and for interfaces to come.

    *directory* is the key above the interfaces, such as net.ipv6.conf.  A kernel
    without it needs nothing.  An interface gets the value of "default" when it
    appears; a line in /etc/network/interfaces that sets it wins.
    """

    label_format = 'sysctl {0.directory} of instances: {0.name}'

    @property
    def key(self):
        return self._key('default')

    @property
    def file(self):
        return self._default.file

    def difference(self, system):
        if not system.exists(self._path('default')):
            return ''
        lines = [self._default.difference(system)] + [
            '{} = {} instead of {}'.format(self._key(tap), self.value, value)
            for tap, value in self._others(system)]
        return '\n'.join(line for line in lines if line)

    def change(self, system):
        self._default.change(system)
        for tap, _ in self._others(system):
            # An instance may be deleted meanwhile, and its tap with it.
            system.run(['sysctl', '-w', '{}={}'.format(self._key(tap), self.value)],
                       accept=None)

    @property
    def _default(self):
        return Sysctl(self.key, self.value)

    def _key(self, interface):
        return '{}.{}.{}'.format(self.directory, interface, self.name)

    def _path(self, interface):
        return '{}{}/{}/{}'.format(
            PROC, self.directory.replace('.', '/'), interface, self.name)

    def _others(self, system):
        """Each tap that has another value, and that value."""
        for tap in system.names_in(PROC + self.directory.replace('.', '/')):
            value = (system.read_if_exists(self._path(tap)) or self.value).strip()
            if tap.startswith('tap') and value != self.value:
                yield tap, value

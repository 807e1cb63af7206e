"""A kernel setting, now and after a reboot."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import CommandError, NodeError
from calico_fuel.resources.base import Resource

DIRECTORY = '/etc/sysctl.d'
PROC = '/proc/sys/'


def path(key):
    """The file in which the kernel shows the value of *key*."""
    return PROC + key.replace('.', '/')


class Sysctl(Resource, namedtuple('Sysctl', 'key value others')):
    """The kernel setting *key* has *value*, or already one of *others*."""

    label_format = 'sysctl {0.key}'

    def __new__(cls, key, value, others=()):
        return super(Sysctl, cls).__new__(cls, key, value, tuple(others))

    @property
    def file(self):
        return '{}/60-calico-fuel-{}.conf'.format(
            DIRECTORY, self.key.replace('.', '-'))

    @property
    def _text(self):
        return '# Written by calico-fuel-plugin.\n{} = {}\n'.format(
            self.key, self.value)

    def difference(self, system):
        current = system.read(path(self.key)).strip()
        if self._is_enough(current):
            return ''
        if current != self.value:
            return '{} = {} instead of {}'.format(self.key, self.value, current)
        if not self.others and system.read_if_exists(self.file) != self._text:
            return '{} = {} is not kept for the next boot'.format(
                self.key, self.value)
        return ''

    def _is_enough(self, current):
        """Whether another program keeps a value that is as good."""
        return current in self.others

    def change(self, system):
        system.write(self.file, self._text, 0o644)
        try:
            system.run(['sysctl', '-w', '{}={}'.format(self.key, self.value)])
        except CommandError as error:
            raise NodeError(
                '{}. If this node is a container, set {} = {} on its host. If not, '
                'find in the log of the kernel what forbids it to root, such as '
                'AppArmor. Then run this again'.format(
                    error.args[0], self.key, self.value))


class LeastSysctl(Sysctl):
    """The kernel setting *key*, a number, is *value* or more."""

    def _is_enough(self, current):
        return int(current) > int(self.value)

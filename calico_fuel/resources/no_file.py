"""A file that must not be there."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources.file import back_up
from calico_fuel.resources.resource import Resource


class NoFile(Resource, namedtuple('NoFile', 'path')):
    """There is no *path*; what it held is kept with the other backups."""

    __slots__ = ()

    @property
    def label(self):
        return 'no file ' + self.path

    def difference(self, system):
        return '{}: is there'.format(self.path) if system.exists(self.path) else ''

    def change(self, system):
        back_up(system, self.path)
        system.remove(self.path)

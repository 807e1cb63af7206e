"""A directory that a daemon writes to."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources.resource import Resource


class Directory(Resource, namedtuple('Directory', 'path user')):
    """*path* is there, and belongs to *user*; what is in it stays as it is.

    A disk that was replaced comes without either.
    """

    __slots__ = ()

    @property
    def label(self):
        return 'directory ' + self.path

    def difference(self, system):
        found = system.owner_and_mode(self.path)
        if found is None:
            return '{}: is not there'.format(self.path)
        owner = found[0].partition(':')[0]
        return '' if owner == self.user else '{}: belongs to {} instead of {}'.format(
            self.path, owner, self.user)

    def change(self, system):
        system.run(['install', '-d', '-o', self.user, '-m', '0700', self.path])

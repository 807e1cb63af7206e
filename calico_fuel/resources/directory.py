"""A directory that a daemon writes to."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources.base import Resource


class Directory(Resource, namedtuple('Directory', 'path owner mode')):
    """*path* is there, and belongs to *owner*; what is in it stays as it is.

    *owner* is ``user:group`` with ``mode`` (permission bits), or ``user`` alone,
    which leaves both as they are.  A disk that was replaced comes without either.
    """

    label_format = 'directory {0.path}'

    def __new__(cls, path, owner, mode=None):
        return super(Directory, cls).__new__(cls, path, owner, mode)

    def difference(self, system):
        found = system.owner_and_mode(self.path)
        if found is None:
            return '{}: is not there'.format(self.path)
        owner, mode = found
        if self.mode is None:
            owner, mode = owner.partition(':')[0], None
        return '' if (owner, mode) == (self.owner, self.mode) else (
            '{}: belongs to {} instead of {}'.format(
                self.path, _shown(owner, mode), _shown(self.owner, self.mode)))

    def change(self, system):
        system.make_directory(
            self.path, self.owner, 0o700 if self.mode is None else self.mode)


def _shown(owner, mode):
    return owner if mode is None else '{} {:04o}'.format(owner, mode)

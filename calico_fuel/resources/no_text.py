"""Text that must not be in a file that others write too."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.file import back_up
from calico_fuel.resources.file import replace
from calico_fuel.resources.file import text_difference
from calico_fuel.resources.file import text_of
from calico_fuel.resources.resource import Resource


class NoText(Resource, namedtuple('NoText', 'path pattern instead')):
    """The regular expression *pattern* matches nothing in *path*.

    Each match becomes ``instead``; a file in which nothing is left goes.
    """

    __slots__ = ()

    def __new__(cls, path, pattern, instead=''):
        return super(NoText, cls).__new__(cls, path, pattern, instead)

    @property
    def label(self):
        return 'no leftovers in ' + self.path

    def difference(self, system):
        old = text_of(system, self.path) or ''
        new = self._edited(old)
        return '' if new == old else text_difference(self.path, old, new)

    def change(self, system):
        text = self._edited(text_of(system, self.path))
        if text.strip():
            replace(system, self.path, text)
        else:
            back_up(system, self.path)
            system.remove(self.path)

    def _edited(self, text):
        return re.sub(self.pattern, self.instead, text)

"""Files, and options in files, as they were before the plugin.

Each is taken from the copy that was made before the plugin's first change.  Without a
copy, a file stays as it is.  ``no_copies`` comes after all others: if a removal is
interrupted, the next one finds the copies again.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources import ini
from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import File, NoFile, original, text_of
from calico_fuel.resources.options import Options


def restored_files(system, *paths):
    """The whole files of *paths*, or their absence."""
    restored = []
    for path in paths:
        before = system.read_bytes(original(path))
        if before:
            owner, mode = system.owner_and_mode(original(path))
            restored.append(File(path, before, mode, owner))
        elif before is not None:
            restored.append(NoFile(path))
    return restored


def restored_options(system, path, options):
    """The former value of each (section, option, value), in a list of one resource.

    All other options stay.  So do a section and a file that the plugin has made.
    """
    before = text_of(system, original(path))
    if before is None or not system.exists(path):
        return []
    return [Options(path, [(section, option, ini.value_of(before, section, option))
                           for section, option, _ in options])]


def no_copies(resources):
    """No copies of the files that *resources* restore or remove."""
    return NoCopies(tuple(original(one.path) for one in resources if isinstance(
        one, (File, NoFile, Options))))


class NoCopies(Resource, namedtuple('NoCopies', 'paths')):
    """None of ``paths`` is there; the next change of their files is a first one."""

    label_format = 'no copies of restored files'

    def difference(self, system):
        return '\n'.join('{}: is there'.format(path) for path in self.paths
                         if system.exists(path))

    def change(self, system):
        for path in self.paths:
            system.remove(path)

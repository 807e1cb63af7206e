"""A file with a text."""

from __future__ import unicode_literals

import difflib
import re
from collections import namedtuple

from calico_fuel.errors import CommandError
from calico_fuel.errors import RejectedError
from calico_fuel.resources.resource import Resource

BACKUPS = '/var/lib/calico-fuel/backups'
BACKUPS_OF_A_FILE = 10
# Ends of names among the backups.
ABSENT, PUT_BACK = '.absent', '.put-back'


class File(Resource, namedtuple('File', 'path text mode owner check')):
    """*path* has *text*.

    ``mode`` (permission bits) and ``owner`` (``user:group``) may be None: as
    the file that is there.  ``check`` is the argv of the daemon's own parser,
    to which the path of the new text is appended, or None.
    """

    __slots__ = ()

    def __new__(cls, path, text, mode=None, owner=None, check=None):
        return super(File, cls).__new__(cls, path, text, mode, owner, check)

    @property
    def label(self):
        return self.path

    def loaded(self, system):
        return self.text

    def difference(self, system):
        old = system.read_if_exists(self.path)
        if old != self.text:
            return text_difference(self.path, old, self.text)
        owner, mode = system.owner_and_mode(self.path)
        wanted = (self.owner or owner, mode if self.mode is None else self.mode)
        if wanted != (owner, mode):
            return '{}: {} {:04o} instead of {} {:04o}'.format(
                self.path, wanted[0], wanted[1], owner, mode)
        return ''

    def change(self, system):
        replace(system, self.path, self.text, self.mode, self.owner, self.check)


def replace(system, path, text, mode=None, owner=None, check=None):
    """Put *text* into *path* once *check* has accepted it; keep the old one."""
    staged = system.stage(path, text, mode, owner)
    try:
        if check:
            try:
                system.run(list(check) + [staged])
            except CommandError as error:
                raise RejectedError(
                    '{}: refused by its own parser: {}. The old file stays. This '
                    'is a fault of the plugin, or of a file that {} includes: '
                    'mend that file, or report this message'.format(
                        path, error.stderr.replace(staged, path), path))
        back_up(system, path)
        system.put_in_place(staged, path)
    finally:
        system.remove(staged)


def back_up(system, path):
    """Keep a dated copy of the file that is there, and the newest of older ones.

    The first one since the last ``put_back`` stays for good: it is what was
    there before the plugin, an empty ``.absent`` where nothing was.
    """
    directory = BACKUPS + path
    first, old = original(system, path), system.read_if_exists(path)
    name = '{}/{:.3f}'.format(directory, system.now())
    if old is not None:
        owner, mode = system.owner_and_mode(path)
        system.write(name, old, mode, owner)
    elif first is None:
        system.write(name + ABSENT, '')
    for name in system.names_in(directory)[:-BACKUPS_OF_A_FILE]:
        if '{}/{}'.format(directory, name) != first:
            system.remove('{}/{}'.format(directory, name))


def original(system, path):
    """The path of the backup from before the plugin's first change, or None."""
    first = None
    for name in _backups(system, path):
        first = None if name.endswith(PUT_BACK) else first or name
    return first and '{}{}/{}'.format(BACKUPS, path, first)


def was_changed(system, path):
    """Whether the plugin has ever changed *path*, put back since or not."""
    return bool(_backups(system, path))


def _backups(system, path):
    # A run that was killed may have left one that is not in place yet.
    return [name for name in system.names_in(BACKUPS + path)
            if not name.startswith('.')]


def note_put_back(system, path):
    """What is there is not the plugin's any more; its next change begins anew."""
    system.write('{}{}/{:.3f}{}'.format(BACKUPS, path, system.now(), PUT_BACK), '')


def text_difference(path, old, new):
    """A unified diff without passwords."""
    old_lines, new_lines = masked(old or '').splitlines(), masked(new).splitlines()
    lines = difflib.unified_diff(
        old_lines, new_lines, path if old is not None else '(no such file)', path,
        lineterm='', n=1)
    return '\n'.join(lines) or '{}: a password changes'.format(path)


def masked(text):
    """*text* without its passwords, for terminals, logs and diffs."""
    return re.sub('(?m)^( *password) ".*";$', r'\1 "********";', text)


def has_secrets(text):
    return masked(text) != text

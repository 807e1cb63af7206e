"""A file with a text; and files of others, byte for byte.

Files of others are read by ``text_of``, edited as text, and written back by
``replace``: what is not edited stays as it is, whatever its encoding.  Lines of
theirs are split at ``\n`` alone: form feeds and others end no line there.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.errors import CommandError, RejectedError
from calico_fuel.resources.base import STATE, Resource
from calico_fuel.resources.shown import text_difference

BACKUPS = STATE + 'backups'
BACKUPS_OF_A_FILE = 10


class File(Resource, namedtuple('File', 'path text mode owner check')):
    """*path* has *text*, which may be bytes.

    ``mode`` (permission bits) and ``owner`` (``user:group``) may be None: as
    the file that is there.  ``check`` is the argv of the daemon's own parser,
    to which the path of the new text is appended, or None.
    """

    label_format = '{0.path}'

    def __new__(cls, path, text, mode=None, owner=None, check=None):
        return super(File, cls).__new__(cls, path, text, mode, owner, check)

    def loaded(self, system):
        return self.text

    def difference(self, system):
        old, new = text_of(system, self.path), _as_bytes(self.text)
        if old != new:
            return text_difference(self.path, old, new)
        owner, mode = system.owner_and_mode(self.path)
        wanted = (self.owner or owner, mode if self.mode is None else self.mode)
        if wanted != (owner, mode):
            return '{}: {} {:04o} instead of {} {:04o}'.format(
                self.path, wanted[0], wanted[1], owner, mode)
        return ''

    def change(self, system):
        replace(system, self.path, _as_bytes(self.text), self.mode, self.owner,
                self.check)


def text_of(system, path):
    """The bytes of *path* as text, a character from U+0000 to U+00FF for each.

    None where there is no such file.
    """
    content = system.read_bytes(path)
    return None if content is None else content.decode('latin-1')


def _as_bytes(text):
    """A text or bytes as ``text_of`` reads it once it is written."""
    content = text if isinstance(text, bytes) else text.encode('utf-8')
    return content.decode('latin-1')


def replace(system, path, text, mode=None, owner=None, check=None):
    """Put *text* into *path* once *check* has accepted it; keep the old one.

    *text* has a character for each byte, as that of ``text_of``.
    """
    staged = system.stage(path, text.encode('latin-1'), mode, owner)
    try:
        if check:
            try:
                system.run(list(check) + [staged])
            except CommandError as error:
                raise RejectedError(
                    '{}: refused by its own parser: {}. The old file stays. This '
                    'is a fault of the plugin, or of a file that {} includes: '
                    'fix that file, or report this message'.format(
                        path, error.stderr.replace(staged, path), path))
        back_up(system, path)
        system.put_in_place(staged, path)
    finally:
        system.remove(staged)


def original(path):
    """Where the copy of *path* from before the plugin's first change is kept.

    The copy is empty if there was no file.  Its name has no date, because the clock
    may have been wrong.
    """
    return '{}{}/original'.format(BACKUPS, path)


def back_up(system, path):
    """Copy the file that is there: as the original one, or with the date of now.

    The newest dated copies of a file are kept.  Each has owner and mode of the file,
    for ``remove``; only root gets into the directory of all, because the file may
    have let all read a password.
    """
    system.make_directory(BACKUPS)
    old = system.read_bytes(path)
    owner, mode = system.owner_and_mode(path) or (None, None)
    if not system.exists(original(path)):
        system.write(original(path), old or b'', mode, owner)
    elif old is not None:
        name = '{}{}/{:.3f}'.format(BACKUPS, path, system.now())
        system.write(name, old, mode, owner)
    # A run that was killed may have left a staged file.
    dated = [name for name in system.names_in(BACKUPS + path) if name[0].isdigit()]
    for name in dated[:-BACKUPS_OF_A_FILE]:
        system.remove('{}{}/{}'.format(BACKUPS, path, name))


class NoFile(Resource, namedtuple('NoFile', 'path')):
    """*path* does not exist; its text is kept with the other backups."""

    label_format = 'no file {0.path}'

    def loaded(self, system):
        return ''

    def difference(self, system):
        return '{}: is there'.format(self.path) if system.exists(self.path) else ''

    def change(self, system):
        back_up(system, self.path)
        system.remove(self.path)


class NoText(Resource, namedtuple('NoText', 'path pattern instead')):
    """The regular expression *pattern* matches nothing in *path*.

    Each match becomes ``instead``; a file that becomes empty is deleted.
    """

    label_format = 'no leftovers in {0.path}'

    def __new__(cls, path, pattern, instead=''):
        return super(NoText, cls).__new__(cls, path, pattern, instead)

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

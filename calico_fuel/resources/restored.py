"""Restore a file, or the options that the plugin has set in it.

Both restore the copy from before the plugin's first change, and then remove it: a
restored file is not compared again until the plugin has changed it once more.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources import ini
from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import ABSENT
from calico_fuel.resources.file import back_up
from calico_fuel.resources.file import forget_original
from calico_fuel.resources.file import original
from calico_fuel.resources.file import replace
from calico_fuel.resources.file import shown
from calico_fuel.resources.file import text_difference
from calico_fuel.resources.file import text_of


class RestoredFile(Resource, namedtuple('RestoredFile', 'path')):
    """The file *path*, which was wholly ours, is as before, or does not exist."""

    __slots__ = ()
    label_format = '{0.path} as before'

    def difference(self, system):
        backup = original(system, self.path)
        if backup is None:
            return ''
        now, before = text_of(system, self.path), _text(system, backup)
        if before is None:
            return '{}: was not there before'.format(self.path)
        if now == before:
            return '{}: has the old text, not noted as restored'.format(self.path)
        return text_difference(self.path, now, before)

    def change(self, system):
        backup = original(system, self.path)
        before = _text(system, backup)
        if before is None:
            back_up(system, self.path)
            system.remove(self.path)
        else:
            owner, mode = system.owner_and_mode(backup)
            replace(system, self.path, before, mode, owner)
        forget_original(system, self.path)


class RestoredOptions(Resource, namedtuple('RestoredOptions', 'path options')):
    """Each (section, option, value) of ``options`` has its value of before in *path*.

    An option that others have changed meanwhile stays, as all other options do.  A
    file that did not exist before is deleted if nothing else is in it.
    """

    __slots__ = ()
    label_format = 'options in {0.path} as before'

    def __new__(cls, path, options):
        return super(RestoredOptions, cls).__new__(cls, path, tuple(options))

    def loaded(self, system):
        return '{}, as before:\n{}'.format(self.path, ini.listed(self.options))

    def difference(self, system):
        now = text_of(system, self.path)
        if now is None or original(system, self.path) is None:
            return ''
        lines = ['{}: [{}] {} = {} instead of {}'.format(
            self.path, section, option, _shown(old), _shown(value))
            for section, option, value, old in self._changed(system, now)]
        return '\n'.join(lines) or (
            '{}: has the old values, not noted as restored'.format(self.path))

    def change(self, system):
        now = text_of(system, self.path)
        text = self._as_before(system, now)
        if original(system, self.path).endswith(ABSENT) and not text.strip():
            back_up(system, self.path)
            system.remove(self.path)
        elif text != now:
            replace(system, self.path, text)
        forget_original(system, self.path)

    def _as_before(self, system, now):
        text = ini.with_options(now, [
            (section, option, old)
            for section, option, _, old in self._changed(system, now)])
        before = _text(system, original(system, self.path)) or ''
        for section in sorted(set(section for section, _, _ in self.options)):
            if not ini.has_section(before, section):
                text = ini.without_empty_section(text, section)
        return text

    def _changed(self, system, now):
        """Section, option, our value, the old one, of options that are still ours."""
        before = _text(system, original(system, self.path)) or ''
        found = [(section, option, value, ini.value_of(before, section, option))
                 for section, option, value in self.options
                 if ini.value_of(now, section, option) == value]
        return [one for one in found if one[2] != one[3]]


class Stays(Resource, namedtuple('Stays', 'what')):
    """Something that is not restored, as a message for the operator."""

    __slots__ = ()
    label_format = 'not restored: {0.what}'

    def difference(self, system):
        return ''


def restored_file(system, path):
    """A RestoredFile, or a Stays if a file of ours has no backup."""
    if original(system, path) is None and (
            'calico-fuel-plugin' in (system.read_if_exists(path) or '')):
        return Stays('{}: there is no backup of what was there before'.format(path))
    return RestoredFile(path)


def _text(system, backup):
    return None if backup.endswith(ABSENT) else text_of(system, backup)


def _shown(value):
    return '(not set)' if value is None else shown(value)

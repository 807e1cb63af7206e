"""Options in an ini file that Fuel and operators write too."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import FileError
from calico_fuel.resources import ini
from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import replace, text_of
from calico_fuel.resources.shown import shown


class Options(Resource, namedtuple('Options', 'path options needs_file')):
    """*path* has every (section, option, value) of ``options``.

    A value of None is an option that must not be set; other options stay.  With
    ``needs_file`` a missing file is an error, because a package installs it.
    """

    label_format = 'options in {0.path}'

    def __new__(cls, path, options, needs_file=True):
        return super(Options, cls).__new__(cls, path, tuple(options), needs_file)

    def loaded(self, system):
        return '{}:\n{}'.format(self.path, ini.listed(self.options))

    def difference(self, system):
        text = text_of(system, self.path)
        if text is None:
            return '{}: does not exist'.format(self.path)
        lines = []
        for section, option, value in self.options:
            if ini.with_option(text, section, option, value) != text:
                lines.append('{}: [{}] {} = {} instead of {}'.format(
                    self.path, section, option, _shown(value),
                    _shown(ini.value_of(text, section, option))))
        return '\n'.join(lines)

    def change(self, system):
        text = text_of(system, self.path)
        if text is None and self.needs_file:
            raise FileError(self.path, 'does not exist', (
                'A package brings it ("dpkg -S {}" names it): "apt-get install '
                '--reinstall -o DPkg::Options::=--force-confmiss PACKAGE" restores '
                'it. Or deploy the node again. Then run this'.format(self.path)))
        replace(system, self.path, ini.with_options(text or '', self.options))


def _shown(value):
    return '(not set)' if value is None else shown(value)

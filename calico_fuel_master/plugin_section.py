"""The plugin's section of an environment's settings, as Nailgun stores it.

Fuel 6.1 and 7.0: key -> a mapping with a ``value``.  From 8.0 on the same stands in
``metadata.versions``, once for each installed version of the plugin, and
``metadata.chosen_id`` is the number of the one that counts.
"""

from __future__ import unicode_literals

import copy
from collections import namedtuple

from calico_fuel.errors import SettingsError
from calico_fuel.fuel import passwords, setting_values
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.fuel.settings import SETTINGS, parse_settings
from calico_fuel_master import difference
from calico_fuel_master.errors import MasterError

MISSING = (
    'environment {}: Fuel knows no plugin {} there. Install it ("fuel plugins --list" '
    'shows whether it is), up to Fuel 7.0 before you create the environment')


class Section(namedtuple('Section', 'name raw')):
    """The section as Nailgun gave it, and what it says."""

    @property
    def is_enabled(self):
        return bool(self._metadata.get('enabled'))

    @property
    def _metadata(self):
        return self.raw.get('metadata') or {}

    @property
    def has_versions(self):
        """Whether Nailgun keeps values only of a plugin that is on (from Fuel 8.0)."""
        return 'versions' in self._metadata

    @property
    def chosen(self):
        """The mapping that has the values: of the version that is chosen, or newest."""
        if not self.has_versions:
            return self.raw
        versions = self._metadata['versions']
        if self.is_enabled:
            for each in versions:
                if _id(each) == self._metadata.get('chosen_id'):
                    return each
        return max(versions, key=lambda each: _numbers(self.version_of(each)))

    @property
    def version(self):
        """The plugin's version; an empty text before Fuel 8.0."""
        return self.version_of(self.chosen) if self.has_versions else ''

    @staticmethod
    def version_of(each):
        return '{}'.format((each.get('metadata') or {}).get('plugin_version', ''))

    @property
    def values(self):
        """Key -> value, as a node's metadata would have them."""
        return dict((key, each['value']) for key, each in self.chosen.items()
                    if isinstance(each, dict) and 'value' in each)

    def with_values(self, values, enables):
        """A Section with these values, in the version that is chosen; switched on?"""
        other = Section(self.name, copy.deepcopy(self.raw))
        chosen = other.chosen
        for key, value in values.items():
            chosen[key]['value'] = value
        if enables:
            if other.has_versions:
                other.raw['metadata']['chosen_id'] = _id(chosen)
            other.raw['metadata']['enabled'] = True
        return other


def section(attributes, environment):
    """The plugin's Section of all settings; MasterError if there is none."""
    found = attributes.get(PLUGIN_NAME)
    if found is None or (found.get('metadata') or {}).get('versions') == []:
        raise MasterError(MISSING.format(environment, PLUGIN_NAME))
    return Section(PLUGIN_NAME, found)


def _id(version):
    return (version.get('metadata') or {}).get('plugin_id')


def _numbers(version):
    return [int(part) if part.isdigit() else 0 for part in version.split('.')]


def values(changes, of, read):
    """``KEY=VALUE`` texts -> key -> value as Nailgun stores it, of the Section *of*.

    ``KEY=@FILE`` takes the text of a file, which *read* reads.  MasterError for what
    is no setting, or none in this environment.
    """
    found, known = {}, dict((each.key, each) for each in SETTINGS)
    for change in changes:
        key, sign, value = change.partition('=')
        if not sign or key not in known:
            raise MasterError(
                '{}: is no KEY=VALUE of a setting. The keys are {}'.format(
                    key if sign else 'the argument', ', '.join(sorted(known))))
        if key not in of.values:
            raise MasterError(
                '{}: Fuel has no such setting in this environment: it was created '
                'with another version of the plugin, or (Fuel 8.0) the master lacks '
                'its updates'.format(key))
        if value.startswith('@'):
            value = read(value[1:]).rstrip('\n')
        found[key] = value
        if known[key].type == 'checkbox':
            try:
                found[key] = setting_values.parse_switch(value)
            except ValueError as error:
                raise MasterError('{}: {}'.format(key, error.args[0]))
    return found


def problems(of):
    """Sentences about values that cannot work: those of ``preflight``."""
    try:
        parse_settings(of.values, of.name)
    except SettingsError as error:
        return list(error.problems)
    return []


def rows(of):
    """Rows of a table: key, value without passwords, default."""
    return [('SETTING', 'VALUE', 'DEFAULT')] + [
        (each.key, _shown(each, of.values[each.key]), _shown(each, each.default))
        for each in SETTINGS if each.key in of.values]


def _shown(setting, value):
    """A value of a Setting as one line, without passwords."""
    if isinstance(value, bool):
        return 'on' if value else 'off'
    if not value:
        return '(empty)'
    if setting.key in passwords.SETTINGS:
        try:
            return difference.shown(setting.key, setting.parse(value))
        except ValueError:
            # A password may stand at any place of it.
            return '(not shown: it has a problem)'
    return ' '.join('{}'.format(value).split())

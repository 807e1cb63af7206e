"""Installed packages, from the plugin's own repository first."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import NodeError
from calico_fuel.packages import apt, installation
from calico_fuel.resources.base import Resource


class Package(Resource, namedtuple('Package', 'name')):
    """The installed version of a package, which a daemon that watches it loads.

    ``Packages`` installs it.
    """

    def loaded(self, system):
        found = apt.installed(system, [self.name]).get(self.name)
        return found.version if found else ''


class Packages(Resource, namedtuple('Packages', 'names fuel_release')):
    """All of ``names`` are installed, in the version of the plugin's repository.

    A package that the repository lacks is installed from another source if it is
    missing, and otherwise keeps its version.
    """

    @property
    def label(self):
        return 'packages ' + ', '.join(self.names)

    def difference(self, system):
        have = apt.installed(system, self.names)
        lines = [_difference(name, version, have.get(name))
                 for name, version in self._wanted(system, have)[0]]
        if installation.was_cut_short(system):
            lines.append('{}: forbids to start services since a run was '
                         'killed'.format(installation.POLICY))
        return '\n'.join(lines)

    def change(self, system):
        run = installation.Installation(system, self.fuel_release)
        have = apt.installed(system, self.names)
        if apt.is_interrupted(system) or not all(
                one.is_whole for one in have.values()):
            run.finish()
            have = apt.installed(system, self.names)
        wanted, absent = self._wanted(system, have)
        if absent:
            reason = run.update()
            wanted, absent = self._wanted(system, have)
            if absent:
                raise NodeError('. '.join(filter(None, [
                    missing_text(absent, self.fuel_release), reason])))
        if wanted:
            run.install(wanted)
        installation.lift_ban(system)

    def _wanted(self, system, have):
        """What to install where it has *have*, and what of that apt finds nowhere."""
        offers = apt.offers(system, self.names)
        wanted = targets(self.names, have, offers)
        return wanted, missing(wanted, offers)


def _difference(name, version, have):
    if have is None:
        return '{}: is not installed'.format(name)
    if not have.is_whole:
        return '{}: its installation was interrupted'.format(name)
    return "{}: {} instead of {} of the plugin's repository".format(
        name, have.version, version)


def targets(names, installed, offers):
    """Pairs of a name and the version to install; None is apt's own choice.

    Only packages that are missing, unfinished, or in another version than that of
    the plugin's repository.  A package on hold stays as it is.
    """
    wanted = []
    for name in names:
        have, ours = installed.get(name), offers[name].ours
        if have is None:
            wanted.append((name, ours))
        elif not have.is_whole:
            wanted.append((name, ours or have.version))
        elif ours and ours != have.version and not have.is_held:
            wanted.append((name, ours))
    return tuple(wanted)


def missing(wanted, offers):
    """The names in *wanted* that apt finds nowhere."""
    return tuple(name for name, version in wanted
                 if not version and not offers[name].candidate)


def missing_text(names, fuel_release):
    return (
        'apt finds no package {} for Fuel {}, neither in the repository of the '
        'plugin nor in another source of this node. Fill the repository with '
        '"make packages", build the RPM and install it again, or add a source '
        'that has them to the repositories of the environment'.format(
            ', '.join(names), fuel_release))

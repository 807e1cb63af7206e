"""The lock of ``make packages``: the SHA-256 of each package of the repository.

It comes to a node with the plugin's scripts, and so on another way than the packages.
A bundle into which no packages were put has none.
"""

from __future__ import unicode_literals

import hashlib
import posixpath

from calico_fuel.errors import MetadataError, NodeError
from calico_fuel.fuel import yaml_values
from calico_fuel.packages import apt

# Beside the package: pre_build_hook copies it there.
FOLDER = posixpath.join(posixpath.dirname(posixpath.dirname(posixpath.dirname(
    posixpath.abspath(__file__)))), 'packages')
FIX = 'Build the RPM again, install it on the Fuel master, and deploy again'
CHANGED = ('. If the lock is right, somebody has changed packages on the master or on '
           'the way to this node')


def path(fuel_release):
    """Where the lock is; all 9.x share one."""
    return '{}/{}.lock'.format(
        FOLDER, '9' if fuel_release.startswith('9') else fuel_release)


def compare(system, fuel_release, steps):
    """NodeError if a downloaded package differs from the lock, or is not in it.

    *steps* are those of apt's Simulation.  A package that the lock does not name may
    come from any source but the plugin's own, whose packages it names all.
    """
    lock = path(fuel_release)
    text = system.read_if_exists(lock)
    if text is None:
        return
    locked = _parsed(text, lock)
    steps = [step for step in steps if step.verb == 'Inst']
    offers = apt.offers(system, [step.name for step in steps])
    problems = [_problem(system, step, locked.get(step.name)) for step in steps
                if step.name in locked or offers[step.name].ours == step.new]
    if any(problems):
        raise NodeError('nothing is installed, because the packages differ from {}: '
                        '{}. {}'.format(
                            lock, '; '.join(filter(None, problems)), FIX + CHANGED))


def _parsed(text, source):
    """Name -> SHA-256."""
    try:
        entries = yaml_values.entries(
            yaml_values.load('packages:\n' + text, source), 'packages')
    except MetadataError:
        entries = []
    locked = {yaml_values.text(entry, 'name'): yaml_values.text(entry, 'sha256')
              for entry in entries}
    if not all(locked) or not all(locked.values()) or not locked:
        raise NodeError('nothing is installed, because {} is no list of packages with '
                        'a name and a SHA-256. {}'.format(source, FIX))
    return locked


def _problem(system, step, wanted):
    """What differs in the package of *step*, or None."""
    if wanted is None:
        return "{} {} of the plugin's repository is not in it".format(
            step.name, step.new)
    file = apt.archive(system, step.name, step.new)
    content = system.read_bytes(file)
    if content is None:
        return ('{}: is missing after the download (is Dir::Cache::archives of apt '
                'another directory?)'.format(file))
    found = hashlib.sha256(content).hexdigest()
    return None if found == wanted else '{}: SHA-256 {} instead of {}'.format(
        file, found, wanted)

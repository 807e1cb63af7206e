"""Queries and commands of apt and dpkg.

Formats: apt 1.0 of Trusty to apt 2.6 (``apt-cache policy``, ``apt-get -s``),
dpkg-query 1.17.  No function waits or tries again; the caller decides about that.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.errors import AtWorkError, NodeError, SlowError
from calico_fuel.fuel.model import PLUGIN_NAME

# In the URL of the plugin's repository, whatever its release; Fuel's "Repository
# on the node": http://MASTER:8080/plugins/NAME-X.Y/repositories/ubuntu.
OUR_SOURCE = '/plugins/{}-'.format(PLUGIN_NAME)
# A row with a version, and rows of its sources, of which the last one is ours.
OUR_VERSION = re.compile(
    r'(?m)^(?: \*\*\* |     )(\S+).*\n(?: {6}.*\n)*? {6}.*' + OUR_SOURCE)
# dpkg's journal.  For apt (CheckUpdates) a name of digits in it means an interrupted
# run.
JOURNAL = '/var/lib/dpkg/updates'
# dpkg has this lock from its first change to its end.
DPKG_LOCK = '/var/lib/dpkg/lock'
ARCHIVES = '/var/cache/apt/archives'
SECONDS_FOR_DPKG = 60
NOT_THERE = ('not-installed', 'config-files')
WHOLE = ('installed', 'triggers-awaited', 'triggers-pending')
KEEP_CONFIGURATION = ('--force-confdef', '--force-confold')
LOCKED = re.compile(
    'Could not get lock|Unable to lock|is another process using it|'
    'Unable to acquire the dpkg frontend lock|lock was locked by another process|'
    'is locked by another process')
PASSING = re.compile(
    'Failed to fetch|Temporary failure resolving|Hash Sum mismatch|'
    'Connection timed out|Connection failed|took longer than')


class Installed(namedtuple('Installed', 'version is_whole is_held')):
    """A package on the node.

    ``is_whole``: unpacked and configured.  ``is_held``: on hold, so dpkg keeps its
    version.
    """


class Offer(namedtuple('Offer', 'candidate ours')):
    """Versions that could be installed: apt's choice, and the one of the
    plugin's own repository; either may be None."""


class Step(namedtuple('Step', 'verb name old new')):
    """``Inst`` (old is None: not installed before), ``Remv`` or ``Purg``."""


class Simulation(namedtuple('Simulation', 'steps downgrades')):
    """What apt-get would do; ``downgrades``: whether it lowers a version."""


def installed(system, names):
    """Name -> Installed, without the names that are not on the node."""
    return parse_installed(system.run(
        ['dpkg-query', '-W', '-f', r'${Package}\t${Version}\t${Status}\n']
        + list(names), accept=(0, 1)).stdout)


def parse_installed(text):
    """Rows of name, version and dpkg's three words for the state."""
    found = {}
    for row in text.splitlines():
        name, version, status = row.split('\t')
        wish, _, state = status.split(' ')
        if state not in NOT_THERE:
            found[name] = Installed(version, state in WHOLE, wish == 'hold')
    return found


def offers(system, names):
    found = dict.fromkeys(names, Offer(None, None))
    found.update(parse_policy(
        system.run(['apt-cache', 'policy'] + list(names)).stdout))
    return found


def parse_policy(text):
    """``apt-cache policy NAME...``, whose versions are listed newest first."""
    found = {}
    for name, rows in re.findall(r'(?m)^(\S+):\n((?: .*\n)*)', text):
        candidate = re.search(r'  Candidate: (?!\(none\))(\S+)', rows)
        ours = OUR_VERSION.search(rows)
        found[name] = Offer(candidate and candidate.group(1), ours and ours.group(1))
    return found


def simulate(system, wanted):
    """What ``apt-get install`` of *wanted* (NAME or NAME=VERSION) would do.

    Without any name, here and below: what the packages on the node lack.  NodeError
    with apt's explanation if apt cannot do it.
    """
    answer = system.run(_install(wanted, '-s'), accept=None)
    if answer.status:
        raise NodeError(
            'apt-get cannot install {}: {}. Put the missing packages into the '
            "plugin's repository (make packages, before the RPM is built) or "
            'fix the package sources of the node, and run this again'.format(
                ' '.join(wanted) or 'what is lacking', _reason(answer)))
    return parse_simulation(answer.stdout)


def parse_simulation(text):
    """Output of ``apt-get -s``: ``Inst NAME [OLD] (NEW SOURCE [ARCH])``, ``Remv``."""
    steps = re.findall(
        r'(?m)^(Inst|Remv|Purg) (\S+)(?: \[([^\]]+)\])?(?: \((\S+))?', text)
    return Simulation(
        tuple(Step(verb, name, old or None, new or None)
              for verb, name, old, new in steps),
        'will be DOWNGRADED:' in text)


def _reason(answer):
    """Apt's explanation, which it prints to standard output, and its errors."""
    _, found, unmet = answer.stdout.partition('have unmet dependencies:\n')
    return ' / '.join(line.strip() for line in (
        unmet + answer.stderr).splitlines() if line.strip())


def download(system, wanted, downgrades, seconds):
    """Download the packages for ``install``; an interruption does no harm."""
    system.run(_install(wanted, '-y', '--download-only', downgrades=downgrades),
               timeout=seconds)


def archive(system, name, version):
    """The file of a package that was downloaded; apt writes %3a for a colon."""
    start = '{}_{}_'.format(name, version.replace(':', '%3a'))
    return '{}/{}'.format(ARCHIVES, next(
        (found for found in system.names_in(ARCHIVES) if found.startswith(start)),
        start + '*.deb'))


def install(system, wanted, downgrades, seconds):
    _change(system, _install(wanted, '-y', downgrades=downgrades), seconds)


def _change(system, argv, seconds):
    """Run a program that changes packages.

    An apt-get that exceeds its time is killed.  Its dpkg ends by itself, at the latest
    after the current script of a package.  This function waits for that; AtWorkError
    if it takes too long.  ``finish`` in the next run does the rest.
    """
    try:
        system.run(argv, timeout=seconds)
    except SlowError as error:
        if system.eventually(
                lambda: not system.is_locked(DPKG_LOCK), SECONDS_FOR_DPKG, interval=1):
            raise
        processes = system.run(['pgrep', '-x', 'dpkg'], accept=None).stdout.split()
        raise AtWorkError(
            '{}. It was killed, and {} s later its dpkg (process {}) is still at work, '
            'perhaps with the script of a package that hangs: see it with "pstree -ap '
            'PROCESS". Let it end, or end that script, and run this again'.format(
                error.args[0], SECONDS_FOR_DPKG, ', '.join(processes) or 'unknown'))


def _install(wanted, *options, **kwargs):
    argv = ['apt-get', '-q'] + list(options) + [
        '--no-install-recommends', '-o', 'Acquire::http::Timeout=30']
    if not wanted:
        argv.append('--fix-broken')
    for option in KEEP_CONFIGURATION:
        argv += ['-o', 'Dpkg::Options::=' + option]
    if kwargs.get('downgrades'):
        # The latter is the name of the former in apt 1.0.
        argv += ['-o', 'APT::Get::allow-downgrades=true',
                 '-o', 'APT::Get::Force-Yes=true']
    return argv + ['install'] + list(wanted)


def update(system, seconds):
    """Read the indexes of all sources again."""
    system.run(['apt-get', '-q', '-o', 'Acquire::http::Timeout=30', 'update'],
               timeout=seconds)


def is_interrupted(system):
    """Whether a run of dpkg was killed, or one is running."""
    return any(name.isdigit() for name in system.names_in(JOURNAL))


def finish(system, seconds):
    """Configure the packages that an interrupted run has not configured."""
    _change(system, ['dpkg'] + list(KEEP_CONFIGURATION) + ['--configure', '-a'],
            seconds)

"""Every deliberate exception.

``__main__`` turns a CalicoFuelError into its message and exit status 1.
Any other exception is a bug and keeps its traceback.
"""

from __future__ import unicode_literals

from calico_fuel.checks import one_line

# Where commands that change a node log what they print.
LOG = '/var/log/calico-fuel.log'


class CalicoFuelError(Exception):
    """Base of the errors that an operator can fix."""


AS_FUEL_WROTE_IT = 'Take the file as Fuel wrote it on a deployed node'


class MetadataError(CalicoFuelError):
    """Node metadata lacks a value, or has one that cannot be right."""

    def __init__(self, path, key, problem, fix):
        super(MetadataError, self).__init__(
            '{}: {}: {}. {}'.format(path, one_line(key), one_line(problem), fix))


class SettingsError(CalicoFuelError):
    """Settings that cannot work; ``problems`` has a sentence for each."""

    def __init__(self, path, problems):
        self.problems = tuple(problems)
        super(SettingsError, self).__init__('\n'.join(
            '{}: {}'.format(path, one_line(problem)) for problem in self.problems))


class RoleError(CalicoFuelError):
    """The node or the environment has no Calico role."""


class RenderError(CalicoFuelError):
    """The wanted configuration has no form in the daemon's language."""


class FileError(CalicoFuelError):
    """A file cannot be read or written."""

    def __init__(self, path, problem, fix):
        super(FileError, self).__init__(
            '{}: {}. {}'.format(path, problem, fix))


class RejectedError(CalicoFuelError):
    """A daemon's own parser refused a file."""


class CommandError(CalicoFuelError):
    """A program failed; ``status`` is its exit status, ``stderr`` what it said."""

    def __init__(self, argv, status, stderr):
        self.status = status
        self.stderr = stderr.strip()
        super(CommandError, self).__init__('{}: exit status {}: {}'.format(
            ' '.join(argv), status, self.stderr or 'it said nothing'))


class SlowError(CommandError):
    """A program took longer than its timeout, in seconds, and was killed."""

    def __init__(self, argv, status, timeout):
        self.timeout = timeout
        super(SlowError, self).__init__(
            argv, status, 'took longer than {} s'.format(timeout))


class NotInstalledError(CommandError):
    """There is no such program."""

    def __init__(self, argv):
        super(NotInstalledError, self).__init__(argv, 127, (
            '{} is not installed, or not in PATH: install the package it is in'.format(
                argv[0])))


class LockError(CalicoFuelError):
    """Another run on this node has the lock; *holder* is its process ID as text."""

    def __init__(self, path, seconds, holder):
        super(LockError, self).__init__(
            '{}: another run of calico-fuel (process {}) has held this lock for {} s. '
            'Wait for its end (see {}), and run this again'.format(
                path, holder or 'unknown', seconds, LOG))


class NodeError(CalicoFuelError):
    """The node is in a state from which the task cannot go on."""


class AtWorkError(NodeError):
    """A program that the run has started is still at work."""

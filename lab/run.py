"""What one run of the lab makes, and how all of it goes away again.

Rule: whatever a run makes is found again from its directory alone.  The
directory and the namespaces are named by the process that owns the run (pid
and start time), and the directory lists the daemons and the first processes of
machines in the same way.  So the next run can remove what a killed one left,
and nothing else.

(iproute2 itself makes /run/netns when it is first used, and leaves it there.)
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from lab import commands, interrupts, processes

DIRECTORIES = Path('/run')
PREFIX = 'calico-fuel-lab-'


class Run:
    """A directory, namespaces and daemons of one owner; a context manager."""

    def __init__(self, owner=None):
        self.owner = owner or processes.identity(os.getpid())
        self.directory = DIRECTORIES / (PREFIX + self.owner)
        self.prefix = 'cf{}-'.format(self.owner)
        self._daemons = self.directory / 'daemons'
        self._machines = self.directory / 'machines'
        self._kept = self.directory / 'kept'

    def __enter__(self):
        atexit.register(self.remove)
        self.directory.mkdir(mode=0o700)
        return self

    def __exit__(self, *exception):
        if not self.is_kept:
            self.remove()

    @property
    def is_kept(self):
        return self._kept.exists()

    def keep(self):
        """Leave everything as it is when this process ends."""
        self._kept.touch()
        atexit.unregister(self.remove)

    def add_namespace(self, name):
        """Make a network namespace; its full name."""
        namespace = self.prefix + name
        commands.run(['ip', 'netns', 'add', namespace])
        return namespace

    def start(self, argv, log):
        """Start a daemon that stays in the foreground; its process.

        The new process itself writes down that it is there: this one may be
        killed at any moment.
        """
        with interrupts.held_off(), open(log, 'ab') as output:
            return subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=self._add_this_daemon)

    def _add_this_daemon(self):
        _write_down_this_process(self._daemons)

    def add_this_machine(self):
        """Note that the calling process is the first of a machine; its identity."""
        return _write_down_this_process(self._machines)

    def namespaces(self):
        return [name for name in _all_namespaces() if name.startswith(self.prefix)]

    def remove(self):
        """Remove everything; nothing to remove is fine."""
        with interrupts.held_off(), self._in_turn():
            # Machines first: whoever waits for a program in one sees it end.
            for records in self._machines, self._daemons:
                if records.exists():
                    processes.end(records.read_text().split())
            for namespace in self.namespaces():
                commands.run(['ip', 'netns', 'del', namespace])
            if not commands.eventually(self._directory_is_gone):
                raise commands.LabError('{}: cannot remove it'.format(self.directory))
            atexit.unregister(self.remove)

    @contextlib.contextmanager
    def _in_turn(self):
        """Two tests that run side by side may find the same remains."""
        try:
            directory = os.open(self.directory, os.O_RDONLY)
        except FileNotFoundError:
            yield
            return
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield
        finally:
            os.close(directory)

    def _directory_is_gone(self):
        # A program that a killed run started may still write into it.
        shutil.rmtree(self.directory, ignore_errors=True)
        return not self.directory.exists()


def remove_remains():
    """Remove what runs left whose owner was killed."""
    for run in _runs():
        if not run.is_kept and not processes.is_alive(run.owner):
            run.remove()


def kept_runs():
    """What was kept on purpose."""
    return [run for run in _runs() if run.is_kept]


def remove_kept():
    """Remove what was kept on purpose; how many runs that were."""
    kept = kept_runs()
    for run in kept:
        run.remove()
    return len(kept)


def _write_down_this_process(records):
    """By the pid that /proc shows: os.getpid() is another in a PID namespace."""
    identity = processes.identity(os.readlink('/proc/self'))
    with open(records, 'a') as lines:
        lines.write(identity + '\n')
    return identity


def _runs():
    return [Run(path.name[len(PREFIX):]) for path in DIRECTORIES.glob(PREFIX + '*')]


def _all_namespaces():
    return [line.split()[0]
            for line in commands.run(['ip', 'netns', 'list']).splitlines()]

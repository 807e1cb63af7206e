"""What one run of the lab makes, and how all of it goes away again.

Rule: whatever a run makes is found again from its directory alone.  The
directory and the namespaces are named by the process that owns the run (pid
and start time), and the directory lists the daemons in the same way.  So the
next run can remove what a killed one left, and nothing else.

(iproute2 itself makes /run/netns when it is first used, and leaves it there.)
"""

import atexit
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
                start_new_session=True, preexec_fn=self._write_down)

    def _write_down(self):
        with open(self._daemons, 'a') as daemons:
            daemons.write('{}\n'.format(processes.identity(os.getpid())))

    def namespaces(self):
        return [name for name in _all_namespaces() if name.startswith(self.prefix)]

    def remove(self):
        """Remove everything; nothing to remove is fine."""
        with interrupts.held_off():
            if self._daemons.exists():
                processes.end(self._daemons.read_text().split())
            for namespace in self.namespaces():
                commands.run(['ip', 'netns', 'del', namespace])
            if not commands.eventually(self._directory_is_gone):
                raise commands.LabError('{}: cannot remove it'.format(self.directory))
            atexit.unregister(self.remove)

    def _directory_is_gone(self):
        # A program that a killed run started may still write into it.
        shutil.rmtree(self.directory, ignore_errors=True)
        return not self.directory.exists()


def remove_remains():
    """Remove what runs left whose owner was killed."""
    for run in _runs():
        if not run.is_kept and not processes.is_alive(run.owner):
            run.remove()


def remove_kept():
    """Remove what was kept on purpose; how many runs that were."""
    kept = [run for run in _runs() if run.is_kept]
    for run in kept:
        run.remove()
    return len(kept)


def _runs():
    return [Run(path.name[len(PREFIX):]) for path in DIRECTORIES.glob(PREFIX + '*')]


def _all_namespaces():
    return [line.split()[0]
            for line in commands.run(['ip', 'netns', 'list']).splitlines()]

"""What one run of the lab makes, and how all of it goes away again.

Rule: whatever a run makes is found again from its directory alone.  The
directory and the namespaces are named by the process that owns the run (pid
and start time), and the directory lists the daemons and the first processes of
machines in the same way.  So the next run can remove what a killed one left,
and nothing else.

A run belongs to the checkout that it was started in, which its directory names.
Nobody lists, uses or removes a run of another checkout.

(iproute2 itself makes /run/netns when it is first used, and leaves it there.)
"""

import atexit
import contextlib
import datetime
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from lab.machine import interrupts, processes, programs

CHECKOUT = Path(__file__).resolve().parents[2]
DIRECTORIES = Path('/run')
PREFIX = 'calico-fuel-lab-'


class Run:
    """A directory, namespaces and daemons of one owner; a context manager.

    One that is to be kept has a *name*.
    """

    def __init__(self, owner=None, name=''):
        self.owner = owner or processes.identity(os.getpid())
        self._new_name = name
        self.directory = DIRECTORIES / (PREFIX + self.owner)
        self.prefix = 'cf{}-'.format(self.owner)
        self._daemons = self.directory / 'daemons'
        self._machines = self.directory / 'machines'
        self._checkout = self.directory / 'checkout'
        self._name = self.directory / 'name'
        self._kept = self.directory / 'kept'

    def __enter__(self):
        atexit.register(self.remove)
        self.directory.mkdir(mode=0o700)
        self._checkout.write_text(str(CHECKOUT))
        self._name.write_text(self._new_name)
        return self

    def __exit__(self, *exception):
        if not self.is_kept:
            self.remove()

    @property
    def name(self):
        return _text(self._name)

    @property
    def checkout(self):
        """The folder that it was started in; '' of one that has just begun."""
        return _text(self._checkout)

    @property
    def begin(self):
        """When it began, local time."""
        return datetime.datetime.fromtimestamp(self._checkout.stat().st_mtime)

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
        programs.run(['ip', 'netns', 'add', namespace])
        return namespace

    def start(self, argv, log, **options):
        """Start a daemon that stays in the foreground; its process.

        The new process itself writes down that it is there: this one may be
        killed at any moment.  *options* are those of Popen.
        """
        with interrupts.held_off(), open(log, 'ab') as output:
            return subprocess.Popen(argv, start_new_session=True, **{
                'stdin': subprocess.DEVNULL, 'stdout': output, 'stderr': output,
                'preexec_fn': self._add_this_daemon, **options})

    def serve(self, node, port, *argv):
        """Start a daemon on *node*: its process, once it listens on *port*."""
        log = self.directory / 'port-{}.log'.format(port)
        process = self.start(node.inside(*argv), log)
        if not programs.eventually(lambda: programs.succeeds(
                node.inside('bash', '-c', ': </dev/tcp/127.0.0.1/{}'.format(port)))):
            raise programs.LabError('{}: {} does not listen on port {}: {}'.format(
                node.name, argv[0], port, log.read_text().strip()))
        return process

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
            # Machines first: a thread that waits for a program in one sees it end.
            for records in self._machines, self._daemons:
                if records.exists():
                    processes.end(records.read_text().split())
            for namespace in self.namespaces():
                programs.run(['ip', 'netns', 'del', namespace])
            if not programs.eventually(self._directory_is_gone):
                raise programs.LabError('{}: cannot remove it'.format(self.directory))
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
    """Remove what runs of this checkout left whose owner was killed."""
    for run in _runs():
        if (run.checkout in (str(CHECKOUT), '') and not run.is_kept and
                not processes.is_alive(run.owner)):
            run.remove()


def named():
    """The runs of this checkout that are kept, or that will be, by name."""
    return {run.name: run for run in _runs()
            if run.checkout == str(CHECKOUT) and run.name and
            (run.is_kept or processes.is_alive(run.owner))}


def _write_down_this_process(records):
    """By the pid that /proc shows: os.getpid() is another in a PID namespace."""
    identity = processes.identity(os.readlink('/proc/self'))
    with open(records, 'a') as lines:
        lines.write(identity + '\n')
    return identity


def _text(path):
    """What a file holds that another process may remove, or has not written yet."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ''


def _runs():
    return [Run(path.name[len(PREFIX):]) for path in DIRECTORIES.glob(PREFIX + '*')]


def _all_namespaces():
    return [line.split()[0]
            for line in programs.run(['ip', 'netns', 'list']).splitlines()]

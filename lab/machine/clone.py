"""A node with a root of its own: a copy-on-write clone of this machine.

It has its own /etc, /var, /run, /tmp, /dev, host name, processes, packages and
services; its network is that of its ``fabric.Node``.  What a program changes
in it, the machine never sees.  /proc/sys outside of net, and /sys, are
read-only, because the kernel has them once.  Nothing in it runs systemd:
``service`` uses SysV scripts.  It has no package source until it is given one.

Rule: a clone lives as long as its first process (``lab.machine.init``), which the run
writes down.
"""

import os
import sys
import time
from collections import namedtuple
from pathlib import Path

from lab.machine import init, processes, programs
from lab.machine.run import CHECKOUT

# What Puppet's exec gives a program.
ENVIRONMENT = {
    'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'LC_ALL': 'C'}
# timeout(1)
TIMED_OUT = 124
NAMESPACES = ('--mount', '--uts', '--ipc', '--pid')
WRITE = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"'
# Ends when it is killed with the others.
KILL_ALL = 'kill -s {} 1; exec sleep infinity'.format(init.KILL_ALL.name[3:])
REBOOT = 'umount --recursive --lazy run tmp dev/shm\n' + init.FRESH
CHAINS = {
    'filter': ('INPUT', 'FORWARD', 'OUTPUT'),
    'nat': ('PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'),
    'mangle': ('PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'),
    'raw': ('PREROUTING', 'OUTPUT')}
# For iptables-restore: the tables as they are before anything touches them.
OPEN_FIREWALL = ''.join(
    '*{}\n{}COMMIT\n'.format(table, ''.join(
        ':{} ACCEPT [0:0]\n'.format(chain) for chain in chains))
    for table, chains in CHAINS.items())


class Attempt(namedtuple('Attempt', 'node status seconds output')):
    """One run of a task on one node: exit status, seconds, both outputs."""


class Clone:
    """The machine that *node*'s network namespace belongs to; ``start`` makes it.

    With *policy* it keeps the policy-rc.d that a build machine may have, which
    denies starting services while packages are installed.
    """

    def __init__(self, run, node, policy=False):
        self._lab = run
        self.node = node
        self.name = node.name
        self.address = node.address
        self._policy = policy
        self._ready = run.directory / 'clone-{}.init'.format(node.name)
        self._init = ''

    def start(self):
        """Switch it on; the clone itself."""
        directory = self._lab.directory / ('clone-' + self.name)
        directory.mkdir()
        log = Path('{}.log'.format(directory))
        process = self._lab.start([
            'nsenter', '--net=/run/netns/' + self.node.namespace,
            'unshare', *NAMESPACES, '--fork', '--kill-child',
            'env', '-C', CHECKOUT, sys.executable, '-m', 'lab.machine.init',
            self._lab.owner, directory, self.name, self.address,
            'yes' if self._policy else 'no'], log)
        programs.eventually(
            lambda: _text(self._ready) or process.poll() is not None, interval=0.01)
        self._init = _text(self._ready)
        if not self.is_running:
            raise programs.LabError('{}: does not start: {}'.format(
                self.name, _text(log).strip()))
        return self

    def taken_up(self):
        """The clone that another process started; the clone itself."""
        self._init = _text(self._ready)
        return self

    @property
    def is_running(self):
        return processes.is_alive(self._init)

    def inside(self, *argv, env=None):
        """*argv* as it has to be called to run in the clone, as root in ``/``.

        Who ends the calling process kills the program, but not what it started.
        """
        variables = dict(ENVIRONMENT, **env or {})
        return ['nsenter', '--target', self._init_pid(), '--net', *NAMESPACES,
                'setpriv', '--pdeathsig', 'KILL', 'env', '-i',
                *map('{0[0]}={0[1]}'.format, variables.items()), *map(str, argv)]

    def run(self, *argv, env=None, **options):
        """The standard output of *argv*, which has to succeed unless ``check=False``.

        *env* is added to ENVIRONMENT; *options* are those of ``programs.run``.
        """
        return programs.run(self.inside(*argv, env=env), **options)

    def result(self, *argv, env=None, **options):
        """The programs.Result of *argv*, whatever it is."""
        return programs.result(self.inside(*argv, env=env), **options)

    def attempt(self, command, seconds=300):
        """What Fuel's agent sees of a shell *command*: an Attempt."""
        begin = time.monotonic()
        status, output, _ = self.result(
            'timeout', '--kill-after=5', seconds, 'sh', '-c', 'exec 2>&1; ' + command,
            timeout=seconds + 30)
        if status == TIMED_OUT:
            output += '(timed out)'
        return Attempt(
            self.name, status, time.monotonic() - begin, output)

    def path(self, inside):
        """The path by which this machine reaches a file of the clone."""
        resolved = self.run('realpath', '--canonicalize-missing', inside).rstrip('\n')
        return Path('/proc/{}/root{}'.format(self._init_pid(), resolved))

    def has_from_host(self, path):
        """Whether a file is as this machine has it."""
        return os.path.exists(path) and self.run(
            'cat', path) == Path(path).read_text()

    def read(self, path):
        return self.run('cat', path)

    def write(self, path, text, mode=0o644):
        """Write a file, and the directories above it that are missing."""
        self.run('sh', '-c', WRITE, 'sh', path, '{:o}'.format(mode), text=text)

    def copy(self, source, target):
        """Copy a file or a directory of this machine; the copy is named *target*."""
        self.run('mkdir', '-p', os.path.dirname(target))
        programs.run(['cp', '-aT', str(source), str(self.path(target))])

    def processes(self):
        """What runs in the clone: pid inside -> command line."""
        found = {}
        for directory in Path('/proc', self._init_pid(), 'root/proc').glob('[0-9]*'):
            arguments = _text(directory / 'cmdline').replace('\0', ' ').rstrip()
            if arguments and directory.name != '1':
                found[int(directory.name)] = arguments
        return found

    def reboot(self, services=()):
        """Kill everything at once, then start *services* as at boot.

        /run, /tmp and /dev/shm, the firewall and the routes of BIRD are gone.
        What else the kernel holds stays: interfaces, other routes, sysctls, ipsets.
        """
        self.kill_all()
        self.run('sh', '-euc', REBOOT)
        for restore in 'iptables-restore', 'ip6tables-restore':
            self.run(restore, text=OPEN_FIREWALL)
        self.run('ip', 'route', 'flush', 'proto', 'bird')
        for service in services:
            self.run('service', service, 'start')

    def kill_all(self):
        """Kill everything at once; nothing runs then."""
        self.run('sh', '-c', KILL_ALL, check=False, timeout=10)
        if not programs.eventually(lambda: not self.processes()):
            raise programs.LabError('{}: cannot kill {}'.format(
                self.name, self.processes()))

    def stop(self):
        """Switch it off for good: it has no process, no disk and no network."""
        processes.end([self._init])
        self.node.configure('link set group default down')

    def _init_pid(self):
        if not self.is_running:
            raise programs.LabError('{}: is not running'.format(self.name))
        return self._init.partition('.')[0]


def _text(path):
    """What a file holds that may not be there (yet, or any more)."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ''

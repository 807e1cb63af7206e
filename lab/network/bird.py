"""One BIRD daemon in the namespace of a node, and what it says."""

import signal
from pathlib import Path

from calico_fuel.bgp.bird_replies import parse_protocols
from lab.machine import programs

PROJECT = Path(__file__).resolve().parents[2]
LINES = ('1', '2')


def program(name, line):
    """``bird`` or ``birdc`` of BIRD's line 1 or 2, where tools/setup unpacks it."""
    return PROJECT / '.cache' / ('bird' + line) / 'usr/sbin' / name


class Bird:
    """BIRD on *node*, with the bird.conf of *directory*."""

    def __init__(self, run, node, directory, line):
        self.node = node
        self.config = Path(directory) / 'bird.conf'
        self.log = Path(directory) / 'bird.log'
        self.socket = run.directory / (node.name + '.ctl')
        self._run = run
        self.line = line
        self._process = None

    @property
    def pid(self):
        return self._process.pid

    def start(self, *options):
        """Start the daemon; ``-R`` makes it recover what a crash left."""
        self._process = self._run.start(self.node.inside(
            program('bird', self.line), '-f', '-c', self.config,
            '-s', self.socket, '-P', self.socket.with_suffix('.pid'),
            *options), self.log)

    def stop(self):
        """End the daemon as ``service bird stop`` does."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def kill(self):
        """End the daemon as a crash does."""
        self._process.kill()
        self._process.wait(timeout=10)

    def graceful_restart(self):
        """End the daemon by the command that BIRD 2 has for it."""
        self.birdc('graceful', 'restart')
        self._process.wait(timeout=10)

    def pause(self):
        """Let the daemon have no processor until ``go_on``."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)

    def upgrade(self, directory, line):
        """Let another version run from now on, with the bird.conf of *directory*."""
        self.config = Path(directory) / 'bird.conf'
        self.line = line

    def birdc(self, *command):
        """The daemon's reply; empty when it does not answer.

        The exit status tells nothing: BIRD 1 exits with 0 whatever it replied.
        """
        return programs.run(self.birdc_command(*command), check=False)

    def birdc_command(self, *command):
        return [str(part) for part in (
            program('birdc', self.line), '-s', self.socket, *command)]

    def version(self):
        return ' '.join(self.birdc('show', 'status').split()[:2])

    def protocols(self):
        """The protocols by name."""
        return parse_protocols(self.birdc('show', 'protocols'))

    def sessions(self):
        return {name: protocol for name, protocol in self.protocols().items()
                if protocol.proto == 'BGP'}

    def is_established(self):
        """Whether there are sessions, and all of them are Established."""
        sessions = self.sessions()
        return bool(sessions) and all(s.is_established for s in sessions.values())


def check(config, line):
    """The complaint of ``bird -p`` about *config*; empty when there is none."""
    status, _, stderr = programs.result(
        [str(program('bird', line)), '-p', '-c', str(config)])
    return '{}: {}'.format(status, stderr.strip()) if status else ''

"""Rendered configs brought up as nodes: a namespace and a BIRD for each.

Rule: what a node is called and which address it has is read from what was
rendered (``<node>/etc/bird/bird.conf``), never known beforehand.
"""

import os
import re
import sys

from lab.machine import programs
from lab.network import bird, fabric

CALICO_FUEL = [sys.executable, '-m', 'calico_fuel']
SOURCE_TREE = dict(os.environ, PYTHONPATH=str(bird.PROJECT))
# The machine's own syslog is not for the daemons of the lab.
LOG = ('log syslog', 'log stderr')


def render(metadata, line, output, command=CALICO_FUEL, env=SOURCE_TREE):
    """Render the configs of every node in *metadata* into *output*."""
    programs.run([*map(str, command), 'render', str(metadata), '--all',
                  '--bird', line, '--output', str(output)], env=env)
    return output


def edit(config, old, new):
    """Replace *old* by *new* in *config*, like an operator with an editor."""
    text = config.read_text()
    if old not in text:
        raise programs.LabError('{}: does not hold "{}"'.format(config, old))
    config.write_text(text.replace(old, new))


class BirdNetwork:
    """The nodes and their daemons, which ``start`` starts."""

    def __init__(self, run, rendered, line, prefix_length=24):
        self.fabric = fabric.Fabric(run)
        self._line = line
        self.nodes = {}
        self.birds = {}
        self._run = run
        self._prefix_length = prefix_length
        for directory in sorted(rendered.glob('*/etc/bird')):
            self.add(directory.parent.parent.name, directory)

    def add(self, name, directory):
        """Add a node whose bird.conf lies in *directory*."""
        config = directory / 'bird.conf'
        address = re.search(r'(?m)^router id ([0-9.]+);', config.read_text()).group(1)
        node = self.fabric.add_node(name, address, self._prefix_length)
        edit(config, *LOG)
        self.nodes[name] = node
        self.birds[name] = bird.Bird(self._run, node, directory, self._line)
        return node

    def reconfigure(self, name, config):
        """Replace the bird.conf of a node while its daemon runs; BIRD's reply."""
        daemon = self.birds[name]
        daemon.config.write_text(config.read_text())
        edit(daemon.config, *LOG)
        return daemon.birdc('configure')

    def start(self):
        for daemon in self.birds.values():
            daemon.start()

    def add_workload(self, name, node_name, address):
        return self.fabric.add_workload(name, self.nodes[node_name], address)

    def pending(self):
        """The nodes whose sessions are not all Established."""
        return [name for name, daemon in self.birds.items()
                if not daemon.is_established()]

    def await_sessions(self, timeout=20):
        """Return when every session is Established."""
        if not programs.eventually(lambda: not self.pending(), timeout):
            raise programs.LabError('not Established after {} s: {}'.format(
                timeout, '; '.join(self._complaints())))

    def _complaints(self):
        for name in self.pending():
            sessions = self.birds[name].sessions()
            if not sessions:
                yield '{} (no sessions; its log ends with: {})'.format(
                    name, self.birds[name].log.read_text().strip().rpartition('\n')[2])
            for session in sessions.values():
                if not session.is_established:
                    yield '{} {} ({} {})'.format(
                        name, session.name, session.state, session.info.strip())

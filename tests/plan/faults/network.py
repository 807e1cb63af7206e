"""Packets between nodes that do not arrive or suffer; those of instances do not."""

import contextlib
import json
import sys
from pathlib import Path

from lab.machine.programs import LabError, eventually
from lab.network import fabric
from tests.plan.faults import bad_network

# Before any chain of the plugin, in a table that it does not touch.
TABLE, CHAIN = ('iptables', '-w', '-t', 'raw'), 'PREROUTING'
TO_PROGRAM = ('-i', fabric.MANAGEMENT,
              '-j', 'NFQUEUE', '--queue-num', bad_network.QUEUE)


@contextlib.contextmanager
def one_way(machine, *others):
    """A node gets nothing from these others; they get all that it sends."""
    def rules(action):
        for other in others:
            machine.run(*TABLE, action, CHAIN, '-s', other.address, '-j', 'DROP')
    rules('-I')
    try:
        yield
    finally:
        rules('-D')


@contextlib.contextmanager
def both_ways(machine, *others):
    with contextlib.ExitStack() as stack:
        stack.enter_context(one_way(machine, *others))
        for other in others:
            stack.enter_context(one_way(other, machine))
        yield


@contextlib.contextmanager
def bad(run, nodes, figures, dropped):
    """Let the packets that *nodes* get suffer: see bad_network.

    What was dropped that is not between nodes is added to *dropped*, by protocol.
    LabError if it cannot be.
    """
    program, queues = Path(bad_network.__file__), []
    try:
        for node in nodes:
            log = run.directory / 'bad-network-{}.log'.format(node.name)
            log.unlink(missing_ok=True)
            process = run.start(node.inside(sys.executable, program, *figures), log)
            if not eventually(lambda log=log: 'bound' in log.read_text()):
                raise LabError('{}: no bad network: {}'.format(
                    node.name, log.read_text()))
            node.run(*TABLE, '-I', CHAIN, *TO_PROGRAM)
            queues.append((node, process, log))
        yield
    finally:
        for node, process, log in queues:
            node.run(*TABLE, '-D', CHAIN, *TO_PROGRAM)
            process.terminate()
            process.wait(timeout=30)
            for *ends, protocol, number in json.loads(log.read_text().splitlines()[-1]):
                dropped[protocol] += number * bool(
                    set(ends) - {node.address for node in nodes})

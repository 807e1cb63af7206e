"""Packets between nodes that do not arrive, while those of instances do."""

import contextlib

# Before any chain of the plugin, in a table that it does not touch.
CHAIN = '-t', 'raw', 'PREROUTING'


@contextlib.contextmanager
def deaf(machine, *rules):
    """Let a node drop what *rules* of iptables match as it arrives."""
    lines = [['iptables', *CHAIN[:2], action, CHAIN[2], *rule.split(), '-j', 'DROP']
             for action in ('-I', '-D') for rule in rules]
    for line in lines[:len(rules)]:
        machine.run(*line)
    try:
        yield
    finally:
        for line in lines[len(rules):]:
            machine.run(*line)


@contextlib.contextmanager
def one_way(machine, *others):
    """A node gets nothing from these others; they get all that it sends."""
    with deaf(machine, *map('-s {0.address}'.format, others)):
        yield


@contextlib.contextmanager
def both_ways(machine, *others):
    with contextlib.ExitStack() as stack:
        stack.enter_context(one_way(machine, *others))
        for other in others:
            stack.enter_context(one_way(other, machine))
        yield

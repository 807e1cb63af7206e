"""A question to a daemon, through its command line client, within a bound.

A daemon that hangs keeps its client waiting for ever, and by the lock of the node
every other run.
"""

from __future__ import unicode_literals

from calico_fuel.errors import CommandError
from calico_fuel.errors import NodeError


def ask(system, argv, seconds, fix, accept=(0,), name=None):
    """The Answer of *argv*; NodeError without one within *seconds*.

    *fix* is a function of *system*, whose text ends the message.  *name* stands there
    for *argv*.  CommandError as of ``system.run``.
    """
    try:
        return system.run(argv, accept=accept, timeout=seconds)
    except CommandError as error:
        # Whoever takes longer is killed.
        if error.status >= 0:
            raise
    raise NodeError('{}: no answer within {} s. {}'.format(
        name or ' '.join(argv), seconds, fix(system)))

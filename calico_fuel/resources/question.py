"""A question to a daemon through its command line client, with a time limit.

A client of a hanging daemon waits without an end.  So would every other run, for the
node's lock.
"""

from __future__ import unicode_literals

from calico_fuel.errors import CommandError, NodeError


def ask(system, argv, seconds, fix, accept=(0,), name=None):
    """The Answer of *argv*; NodeError without one within *seconds*.

    *fix* is a function of *system*, whose text ends the message.  The message has
    *name* in place of *argv*.  CommandError as from ``system.run``.
    """
    try:
        return system.run(argv, accept=accept, timeout=seconds)
    except CommandError as error:
        # A slower client is killed.
        if error.status >= 0:
            raise
        seconds = getattr(error, 'timeout', seconds)
    raise NodeError('{}: no answer within {} s. {}'.format(
        name or ' '.join(argv), seconds, fix(system)))

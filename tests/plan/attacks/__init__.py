"""What an attacker does, as one of the actors of docs/security.md.

node-1 to node-3 are controllers. node-4 and node-5 have the instances, a stranger takes
the place of node-6, and node-7 is a compute that is taken over.
"""

import sys

INSTANCES = 'node-4', 'node-5'
IMPERSONATED, TAKEN_OVER = 'node-6', 'node-7'


def as_user(machine, user, *argv):
    """The Result of *argv* as a user of a node, with no group but the user's own."""
    found = machine.result(
        'setpriv', '--reuid', user, '--regid', machine.run('id', '-g', user).strip(),
        '--clear-groups', '--', *argv)
    assert not found.stderr.startswith('setpriv:'), found
    return found


def says(source, program, *arguments):
    """What a Python program of the attacker prints on *source*."""
    return source.run(sys.executable, '-c', program, *arguments).strip()

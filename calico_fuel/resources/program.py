"""The version of a program that is installed."""

from __future__ import unicode_literals

import re

from calico_fuel.errors import FileError, NotInstalledError


def version(system, program, pattern):
    """The numbers of the version of *program*, None if it is not installed.

    The groups of *pattern* find them in what ``--version`` prints; one that is not
    there is 0.  FileError if nothing is found.
    """
    try:
        answer = system.run([program, '--version'], accept=None)
    except NotInstalledError:
        return None
    found = re.search(pattern, answer.stdout + answer.stderr)
    if not found:
        raise FileError(program, 'does not print its version (exit status {})'.format(
            answer.status), 'Install the package again')
    return tuple(int(number) for number in found.groups('0'))

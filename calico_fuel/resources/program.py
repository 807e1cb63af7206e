"""The version of a program that is installed."""

from __future__ import unicode_literals

import re

from calico_fuel.errors import FileError, NotInstalledError


def version(system, program, pattern):
    """Major and minor version of *program*, None if it is not installed.

    *pattern* finds both in what ``--version`` prints; FileError if it does not.
    """
    try:
        answer = system.run([program, '--version'], accept=None)
    except NotInstalledError:
        return None
    found = re.search(pattern, answer.stdout + answer.stderr)
    if not found:
        raise FileError(program, 'does not print its version (exit status {})'.format(
            answer.status), 'Install the package again')
    return int(found.group(1)), int(found.group(2))

"""The lock of the node, and those of other programs."""

from __future__ import unicode_literals

import contextlib
import fcntl
import io
import os

from calico_fuel.errors import FileError, LockError
from calico_fuel.system.clock import eventually
from calico_fuel.system.directories import make_directory


@contextlib.contextmanager
def lock(path, seconds):
    """Hold the lock of the node; LockError when another run has it too long.

    Only the caller's user can open the directory of *path*, because a user who can
    open a file can lock it.  The kernel releases the lock when its holder dies.
    """
    make_directory(os.path.dirname(path))
    try:
        stream = io.open(path, 'a+b')
    except (IOError, OSError) as error:
        raise FileError(path, os.strerror(error.errno), 'Run as root')
    with stream:
        if not eventually(lambda: _is_had(fcntl.flock, stream), seconds):
            stream.seek(0)
            raise LockError(path, seconds, stream.read().decode('latin-1'))
        stream.truncate(0)
        stream.write('{}'.format(os.getpid()).encode('ascii'))
        stream.flush()
        yield


def is_locked(path):
    """Whether a program has the lock of fcntl(2) on *path*, as dpkg while it works."""
    if not os.path.exists(path):
        return False
    with io.open(path, 'ab') as stream:
        return not _is_had(fcntl.lockf, stream)


def _is_had(function, stream):
    try:
        function(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (IOError, OSError):
        return False

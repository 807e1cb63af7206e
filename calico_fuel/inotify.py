"""Looks at a directory: at each change of it, which inotify tells, and now and then.

What has changed is not asked, because whoever looks sees it.  So a queue of
changes that overflows, one that is told twice and those of other files do no
harm; and one that is missed is made up for by the next look.
"""

from __future__ import unicode_literals

import ctypes
import errno
import os
import select

from calico_fuel import system

SECONDS_BETWEEN_LOOKS = 10
# Where inotify is not to be had, or the directory is not there.
SECONDS_BETWEEN_POLLS = 1

# inotify(7), of x86.
_NONBLOCK_AND_CLOSE_ON_EXEC = 0o2004000
_CHANGES = (
    0x2        # modified
    | 0x8      # closed after writing
    | 0xC0     # moved from and to
    | 0x100    # created
    | 0x200    # deleted
    | 0x400    # the directory itself is deleted
    | 0x800    # or moved
    | 0x1000000)  # only if it is a directory
_BYTES_AT_ONCE = 65536
# Of system.uptime: less than that is a rounding error.
_TICK = 0.01
_libc = ctypes.CDLL(None, use_errno=True)


class Directory(object):
    """The directory *path*, which may vanish, and be replaced by another.

    *warn* is told once, as a text, that changes cannot be watched.
    """

    def __init__(self, path, warn):
        self._path = path
        self._warn = warn
        self._has_warned = False
        self._queue = None

    def looks(self, seconds):
        """Yield at once, soon after every change, and now and then, for *seconds*.

        A change between two calls is not lost.
        """
        end = system.uptime() + seconds
        while True:
            # Before the look: so what changes after the look ends the wait.
            is_watched = self._is_watched()
            yield
            left = end - system.uptime()
            if left < _TICK:
                return
            if is_watched:
                self._wait([self._queue], min(left, SECONDS_BETWEEN_LOOKS))
            else:
                self._wait([], min(left, SECONDS_BETWEEN_POLLS))

    def _is_watched(self):
        """See to it that the directory that is there now is the one watched."""
        try:
            if self._queue is None:
                self._queue = _done(_libc.inotify_init1(_NONBLOCK_AND_CLOSE_ON_EXEC))
            _done(_libc.inotify_add_watch(
                self._queue, self._path.encode('utf-8'), _CHANGES))
        except OSError as error:
            if error.errno != errno.ENOENT and not self._has_warned:
                self._has_warned = True
                self._warn(
                    '{}: changes cannot be watched: {}. It is looked at every {} s '
                    'instead. If the limit of watches is reached, raise the sysctls '
                    'fs.inotify.max_user_watches and max_user_instances'.format(
                        self._path, error.strerror, SECONDS_BETWEEN_POLLS))
            return False
        return True

    def _wait(self, queues, seconds):
        try:
            if select.select(queues, [], [], seconds)[0]:
                os.read(self._queue, _BYTES_AT_ONCE)
        except (OSError, select.error) as error:
            # A signal came: a look more.
            if error.args[0] != errno.EINTR:
                raise


def _done(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result

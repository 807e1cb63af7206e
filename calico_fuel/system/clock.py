"""Time that passes, and the name of the node."""

from __future__ import unicode_literals

import os
import socket
import threading
import time

SECONDS_BETWEEN_POLLS = 0.05
FIRST_PAUSE = 0.001


def eventually(poll, seconds, interval=0.25, until=bool):
    """What *poll* returns once *until* is true of it; the last when *seconds* are over.

    *interval* is the time between two calls, in seconds.
    """
    end = uptime() + seconds
    while True:
        seen = poll()
        if until(seen) or uptime() >= end:
            return seen
        time.sleep(interval)


def soon(poll, seconds):
    """Whether *poll* is true within *seconds*; most of the time in milliseconds.

    The pauses between two calls grow, as in Popen.wait of Python 3.
    """
    end, pause = uptime() + seconds, FIRST_PAUSE
    while not poll():
        if uptime() >= end:
            return False
        time.sleep(pause)
        pause = min(2 * pause, SECONDS_BETWEEN_POLLS)
    return True


def timer(seconds, act):
    """Call *act* in a thread after *seconds*, unless the Event is set that it returns.

    threading.Timer of Python 2 counts by the clock that can be set: at a step of an
    hour forwards it would act at once.
    """
    called_off = threading.Event()

    def wait():
        if not eventually(called_off.is_set, seconds, SECONDS_BETWEEN_POLLS):
            act()
    threading.Thread(target=wait).start()
    return called_off


def uptime():
    """Seconds, to 0.01, by a clock that cannot be set (times(2); Python 2 has it)."""
    return os.times()[4]


def now():
    return time.time()


def host_name():
    """The name by which Neutron, Nova and Felix know this node."""
    return '{}'.format(socket.gethostname())

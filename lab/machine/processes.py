"""Processes by identity: pid and start time.

A pid alone may belong to another program by the time that it is looked at.
"""

import os
import signal
from pathlib import Path

from lab.machine import programs


def identity(pid):
    """``pid.starttime``, or ``None`` when no such process is alive."""
    try:
        stat = Path('/proc/{}/stat'.format(pid)).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *fields = stat.rpartition(')')[2].split()
    # proc(5): starttime is field 22, and state is field 3.
    return None if state in 'ZX' else '{}.{}'.format(pid, fields[18])


def is_alive(process):
    return identity(process.partition('.')[0]) == process


def send(process, number):
    """Send the signal *number* to *process* if it is still there."""
    if is_alive(process):
        try:
            os.kill(int(process.partition('.')[0]), number)
        except ProcessLookupError:
            pass


def end(processes, patience=5):
    """End *processes*: asked first, and made to after *patience* seconds."""
    for number in signal.SIGTERM, signal.SIGKILL:
        for process in processes:
            send(process, number)
        if programs.eventually(lambda: not any(map(is_alive, processes)), patience):
            return

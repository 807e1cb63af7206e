"""Run a program; wait for a state.

Rule: every program that the lab runs to its end is run by ``run``, and every
wait is ``eventually``.
"""

import os
import signal
import subprocess
import time
from collections import namedtuple

from lab.machine import interrupts


class LabError(Exception):
    """Something that the person at the terminal has to know, in one line."""


class Result(namedtuple('Result', 'status stdout stderr')):
    """How a program ended, as a shell says it, and what it wrote."""


def run(argv, text=None, check=True, **options):
    """The standard output of *argv*, which has to succeed if *check*.

    The rest is as in ``result``.
    """
    status, stdout, stderr = result(argv, text, **options)
    if check and status:
        raise LabError('{}: exit status {}\n{}'.format(
            ' '.join(map(str, argv)), status, (stderr or stdout).strip()))
    return stdout


def succeeds(argv):
    """Whether *argv* exits with 0."""
    return result(argv).status == 0


def result(argv, text=None, env=None, timeout=300):
    """The Result of *argv*, whatever it is; *text* is its standard input.

    The program gets a session of its own: Ctrl-C reaches only the lab, which
    then ends the program with everything that it started.
    """
    process = None
    try:
        # An interruption inside of Popen would leave a program that nobody knows.
        with interrupts.held_off():
            process = subprocess.Popen(
                argv, env=env, start_new_session=True, text=True,
                stdin=subprocess.PIPE if text else subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        stdout, stderr = process.communicate(text, timeout)
    except BaseException:
        if process:
            _end_session(process)
        raise
    status = process.returncode
    return Result(status if status >= 0 else 128 - status, stdout, stderr)


def eventually(predicate, timeout=30, interval=None):
    """The first true value of *predicate*; its last one after *timeout* seconds.

    The default is longer than what a busy machine needs; it is no promise.  Without
    *interval* a long wait is polled less often: at 20 Hz at first, and at 4 Hz after
    2.5 s, because a poll may start programs.  Give one where the wait is measured.
    """
    begin = time.monotonic()
    while True:
        value = predicate()
        waited = time.monotonic() - begin
        if value or waited > timeout:
            return value
        time.sleep(interval or min(max(0.05, waited / 10), 0.25))


def _end_session(process):
    for number, patience in (signal.SIGINT, 5), (signal.SIGKILL, 5):
        try:
            os.killpg(process.pid, number)
            process.communicate(timeout=patience)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass

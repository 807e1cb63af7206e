"""What a program on one workload says of its exchanges with another."""

import contextlib
import json
import sys
from pathlib import Path

from lab.machine import programs

FOLDER = Path(__file__).with_name('on_workloads')
# What a program needs at most to end: it waits for what is late.
PATIENCE = 30


def log_of(run, first, second, program):
    """The Path of what *program* says."""
    return run.directory / '{}-{}-{}.log'.format(program, first.name, second.name)


def during(run, first, second, program, port, event):
    """Let *first* run a program of ``on_workloads`` against *second* during *event*.

    Returns the mapping that the program prints at its end.  LabError if it has no
    answer at the begin.
    """
    log = log_of(run, first, second, program)
    log.unlink(missing_ok=True)
    echo = run.serve(second, port, sys.executable, FOLDER / 'echo.py', port)
    with ended(echo), ended(run.start(first.inside(
            sys.executable, FOLDER / (program + '.py'), second.address, port),
            log)) as client:
        if not programs.eventually(
                lambda: 'begun' in log.read_text() or client.poll() is not None
        ) or client.poll() is not None:
            raise programs.LabError('{} has no answer from {}: {}'.format(
                first.name, second.name, log.read_text().strip()))
        event()
        client.terminate()
        client.wait(timeout=PATIENCE)
    return json.loads(log.read_text().splitlines()[-1])


@contextlib.contextmanager
def ended(process):
    """*process*, which is killed at the end if it has not ended."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()

"""A disk that does few writes a second."""

import contextlib
import os
import re
from pathlib import Path

import pytest

from lab.machine.disk import DISK

BLKIO = Path('/sys/fs/cgroup/blkio')
LIMIT = 'blkio.throttle.write_iops_device'
MEASURE = '''
import os, time
handle = os.open('{}/measured', os.O_CREAT | os.O_WRONLY)
begin = time.monotonic()
for _ in range(5):
    os.write(handle, bytes(512))
    os.fdatasync(handle)
print((time.monotonic() - begin) / 5)
'''.format(DISK)


@contextlib.contextmanager
def slow(machine, per_second):
    """Let the disk of a node do *per_second* writes for what this process starts.

    Boot the node, so that its daemons are slow too.
    """
    if not (BLKIO / LIMIT).exists():
        # No failure in CI either: a container of GitHub's has cgroup v2 alone.
        pytest.skip('needs blkio of cgroup v1')
    path, = re.findall(r'(?m)^\d+:blkio:/(.*)', Path('/proc/self/cgroup').read_text())
    group = BLKIO / machine.node.namespace
    group.mkdir()
    try:
        (group / LIMIT).write_text('{} {}'.format(
            machine.run('stat', '-c', '%Hd:%Ld', DISK).strip(), per_second))
        (group / 'cgroup.procs').write_text(str(os.getpid()))
        yield
    finally:
        for pid in (group / 'cgroup.procs').read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (BLKIO / path / 'cgroup.procs').write_text(pid)
        group.rmdir()


def seconds_to_sync(machine):
    """How long the disk of a node takes to have what a program has written."""
    return float(machine.run('python3', '-c', MEASURE))

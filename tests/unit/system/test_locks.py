"""One run at a time, and no daemon that it starts has its lock."""

from __future__ import unicode_literals

import os
import stat
import subprocess
import sys

import pytest

from calico_fuel import system
from calico_fuel.errors import FileError, LockError

pytestmark = pytest.mark.runs_programs
PYTHON = '{}'.format(sys.executable)


def test_the_lock_is_held_by_one_run_at_a_time(tmpdir):
    path = str(tmpdir.join('lock'))

    with system.lock(path, 1):
        with pytest.raises(LockError) as error:
            with system.lock(path, 0.2):
                pass
    with system.lock(path, 0.2):
        pass

    assert 'another run of calico-fuel (process {}) has held this lock'.format(
        os.getpid()) in error.value.args[0]


def test_the_lock_of_a_run_that_was_killed_is_free(tmpdir):
    path = str(tmpdir.join('lock'))
    system.run([PYTHON, '-c', (
        'import os, sys; sys.path.insert(0, sys.argv[2])\n'
        'from calico_fuel import system\n'
        'with system.lock(sys.argv[1], 1): os.kill(os.getpid(), 9)'),
        path, '{}'.format(os.getcwd())], accept=(-9,))

    with system.lock(path, 0.2):
        pass


def test_only_its_user_can_open_the_directory_of_the_lock(tmpdir):
    tmpdir.join('run').mkdir().chmod(0o777)

    with system.lock(str(tmpdir.join('run', 'lock')), 1):
        assert stat.S_IMODE(os.stat(str(tmpdir.join('run'))).st_mode) == 0o700


def test_a_file_in_place_of_the_directory_of_the_lock_is_told(tmpdir):
    tmpdir.join('run').write('')

    with pytest.raises(FileError) as error:
        with system.lock(str(tmpdir.join('run', 'lock')), 1):
            pass

    assert error.value.args[0] == (
        '{}: File exists. Run as root, or move away what is there'.format(
            tmpdir.join('run')))


def test_a_lock_of_another_program_is_seen_until_its_end(tmpdir):
    """As dpkg's."""
    path = str(tmpdir.join('lock'))
    assert not system.is_locked(path)
    holder = subprocess.Popen([sys.executable, '-c', (
        'import fcntl, sys\nstream = open(sys.argv[1], "a")\n'
        'fcntl.lockf(stream, fcntl.LOCK_EX)\n'
        'print("held"); sys.stdout.flush(); sys.stdin.read()'), path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline() == b'held\n'
        assert system.is_locked(path)
    finally:
        holder.communicate()
    assert not system.is_locked(path)


def test_a_daemon_that_a_run_started_does_not_hold_its_lock(tmpdir):
    """On Python 2 a program inherits every open file."""
    path = str(tmpdir.join('lock'))
    with system.lock(path, 1):
        pid = system.run(['sh', '-c', 'sleep 60 >/dev/null 2>&1 & echo $!']).stdout

    try:
        with system.lock(path, 0.2):
            pass
    finally:
        os.kill(int(pid), 9)

"""An archive appears whole or not at all, for its owner only."""

from __future__ import unicode_literals

import os
import stat
import subprocess
import sys
import tarfile

import pytest

from calico_fuel.errors import FileError
from calico_fuel.system import archive
from tests.unit.test_architecture import ROOT

MEMBERS = [('summary.txt', 'good\n'), ('bird/routes.txt', 'r\u00f6ute\n' * 1000)]


def write(path, members=MEMBERS):
    archive.write_archive(str(path), 'node-5', members, 1448000000)


def test_the_members_are_in_a_folder_and_the_file_is_for_its_owner(tmpdir):
    path = tmpdir.join('a.tar.gz')
    umask = os.umask(0)

    try:
        write(path)
    finally:
        os.umask(umask)

    assert stat.S_IMODE(os.stat(str(path)).st_mode) == 0o600
    with tarfile.open(str(path)) as found:
        assert found.getnames() == ['node-5/summary.txt', 'node-5/bird/routes.txt']
        assert found.extractfile('node-5/bird/routes.txt').read().decode('utf-8') == (
            MEMBERS[1][1])
        assert found.getmember('node-5/summary.txt').mode == 0o600
    assert os.listdir(str(tmpdir)) == ['a.tar.gz']


def test_a_file_or_link_that_is_there_is_not_replaced(tmpdir):
    target = tmpdir.join('target')
    target.write('kept')
    for name in 'file', 'link':
        path = tmpdir.join(name)
        if name == 'file':
            path.write('kept')
        else:
            path.mksymlinkto(target)
        with pytest.raises(FileError) as error:
            write(path)
        assert 'File exists. Name a file that does not exist yet' in error.value.args[0]
    tmpdir.join('dangling').mksymlinkto(tmpdir.join('nothing'))
    with pytest.raises(FileError):
        write(tmpdir.join('dangling'))
    with pytest.raises(FileError) as error:
        write(tmpdir.join('no-folder/a'))
    assert 'Make its directory, or name a file in another one' in error.value.args[0]

    assert target.read() == tmpdir.join('file').read() == 'kept'
    assert not tmpdir.join('nothing').check()


def test_a_run_that_is_interrupted_leaves_nothing(tmpdir):
    def members():
        yield MEMBERS[1]
        raise KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        write(tmpdir.join('a.tar.gz'), members())

    assert os.listdir(str(tmpdir)) == []


@pytest.mark.runs_programs
def test_a_run_that_is_killed_leaves_nothing_under_the_name(tmpdir):
    process = subprocess.Popen([sys.executable, '-c', (
        'import sys, time\n'
        'from calico_fuel.system.archive import write_archive\n'
        'def members():\n'
        '    yield "a", u"x" * 1000000\n'
        '    print("half"); sys.stdout.flush()\n'
        '    time.sleep(600)\n'
        'write_archive(sys.argv[1], "f", members(), 0)\n'), str(tmpdir.join('a.gz'))],
        stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT))
    assert process.stdout.readline() == b'half\n'

    process.kill()
    process.wait()

    assert not tmpdir.join('a.gz').check()


def test_a_directory_that_is_not_there_is_said(tmpdir):
    with pytest.raises(FileError) as error:
        write(tmpdir.join('no', 'a.tar.gz'))

    assert 'a.tar.gz: No such file or directory' in error.value.args[0]


def test_a_tail_is_the_end_of_a_plain_file(tmpdir):
    path = tmpdir.join('log')
    path.write('0123456789')

    assert archive.tail(str(path), 4) == '6789'
    assert archive.tail(str(path), 400) == '0123456789'


def test_no_tail_follows_a_link_or_waits_for_a_pipe(tmpdir):
    """The user of a service owns its log."""
    tmpdir.join('secret').write('secret')
    tmpdir.join('link').mksymlinkto(tmpdir.join('secret'))
    os.mkfifo(str(tmpdir.join('pipe')))

    for name in 'link', 'pipe', 'gone', '.':
        with pytest.raises(FileError):
            archive.tail(str(tmpdir.join(name)), 100)

"""Directories are made, moved and removed, and no link below them is followed."""

from __future__ import unicode_literals

import os
import stat

import pytest

from calico_fuel import system
from calico_fuel.errors import FileError

pytestmark = pytest.mark.runs_programs


def test_what_is_removed_is_gone_and_twice_is_fine(tmpdir):
    tmpdir.join('d', 'f').ensure()

    for _ in range(2):
        system.remove(str(tmpdir.join('d')))

    assert not tmpdir.join('d').check()
    assert system.names_in(str(tmpdir.join('d'))) == []


def test_names_that_the_locale_cannot_decode_are_texts(tmpdir):
    """Python 2 gives them as bytes, which no text can be joined with."""
    with open(os.path.join(str(tmpdir).encode('ascii'), b'\xe4.conf'), 'w'):
        pass

    name, = system.names_in('{}'.format(tmpdir))

    assert name.endswith('.conf') and isinstance(name, type(''))


def test_a_directory_that_is_set_aside_keeps_what_is_in_it(tmpdir):
    tmpdir.join('member', 'wal').write_binary(b'log', ensure=True)
    aside = str(tmpdir.join('member.archived-1'))

    system.move(str(tmpdir.join('member')), aside)

    assert not tmpdir.join('member').check()
    assert tmpdir.join('member.archived-1', 'wal').read_binary() == b'log'


def test_a_directory_has_its_mode_and_what_is_in_it_stays(tmpdir):
    tmpdir.join('d', 'f').write('text', ensure=True)

    for name in 'd', 'new/e':
        system.make_directory(str(tmpdir.join(name)), mode=0o750)
        assert stat.S_IMODE(os.stat(str(tmpdir.join(name))).st_mode) == 0o750

    assert tmpdir.join('d', 'f').read() == 'text'


def test_what_is_written_below_a_directory_is_for_the_caller_alone(tmpdir):
    path = tmpdir.join('out', 'etc', 'bird', 'bird.conf')
    for text in 'old', 'new \xe4':
        system.write_below(str(tmpdir.join('out')), 'etc/bird/bird.conf', text)

    assert path.read_binary() == b'new \xc3\xa4'
    assert stat.S_IMODE(os.stat(str(path)).st_mode) == 0o600


@pytest.mark.parametrize('link', ['etc', 'etc/bird', 'etc/bird/bird.conf'])
def test_no_link_below_a_directory_is_followed(tmpdir, link):
    victim, out = tmpdir.join('victim'), tmpdir.join('out')
    victim.join('bird', 'bird.conf').write('old', ensure=True)
    victim.join('bird.conf').write('old')
    target = victim.join('bird.conf') if link.endswith('conf') else victim
    out.join(link).dirpath().ensure(dir=True)
    os.symlink(str(target), str(out.join(link)))

    with pytest.raises(FileError) as error:
        system.write_below(str(out), 'etc/bird/bird.conf', 'new')

    assert error.value.args[0] == (
        '{}: is a symbolic link, and none is followed here. Remove it, or name '
        'another directory'.format(out.join(link)))
    assert [path.read() for path in victim.visit('*.conf')] == ['old', 'old']


def test_the_space_that_is_left_is_that_of_the_file_system():
    """/proc has none, on any machine."""
    assert system.space_left('/proc') == 0
    assert system.space_left('/dev/shm') > 0
    assert system.space_left('/no/such') is None


@pytest.mark.parametrize('inodes, left', [((9, 1), 4096), ((9, 0), 0), ((0, 0), 4096)])
def test_no_space_is_left_without_an_inode_unless_there_is_no_number_of_them(
        monkeypatch, inodes, left):
    of = os.statvfs_result((4096, 4096, 9, 1, 1) + inodes + inodes[1:] + (0, 255))
    monkeypatch.setattr(os, 'statvfs', lambda path: of)

    assert system.space_left('/') == left

"""Files are replaced at once, byte for byte."""

from __future__ import unicode_literals

import os
import stat

import pytest

from calico_fuel import system
from calico_fuel.errors import FileError
from calico_fuel.system import files

pytestmark = pytest.mark.runs_programs


def test_a_file_is_written_with_its_mode_and_leaves_nothing_beside(tmpdir):
    path = str(tmpdir.join('a', 'file'))

    system.write(path, 'text \xe4\n', 0o640)

    assert system.read(path) == 'text \xe4\n'
    assert system.read_bytes(path) == b'text \xc3\xa4\n'
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert os.listdir(str(tmpdir.join('a'))) == ['file']


def test_a_file_that_is_replaced_keeps_its_mode_and_its_links(tmpdir):
    path, link = tmpdir.join('file'), tmpdir.join('link')
    path.write('old')
    os.chmod(str(path), 0o604)
    os.symlink(str(path), str(link))

    system.write(str(link), 'new')

    assert path.read() == 'new' and os.path.islink(str(link))
    assert stat.S_IMODE(os.stat(str(path)).st_mode) == 0o604


def test_a_staged_file_is_not_yet_there(tmpdir):
    path = str(tmpdir.join('file'))
    system.write(path, 'old')

    staged = system.stage(path, 'new')
    assert system.read(path) == 'old'
    system.put_in_place(staged, path)

    assert system.read(path) == 'new'


def test_an_owner_that_does_not_exist_is_told_and_nothing_is_left(tmpdir):
    with pytest.raises(FileError) as error:
        system.write(str(tmpdir.join('file')), 'text', owner='no-such-user:root')

    assert 'its owner is not known on this node: ' in error.value.args[0]
    assert 'no-such-user' in error.value.args[0]
    assert os.listdir(str(tmpdir)) == []


def test_a_user_has_a_number_or_is_not_there():
    assert system.user_id('root') == 0
    assert system.user_id('no-such-user') is None


EVERY_BYTE = bytes(bytearray(range(256))) + b'\r\n\x0c\xe2\x80\xa8'


def test_bytes_are_read_and_written_as_they_are(tmpdir):
    path = str(tmpdir.join('file'))
    tmpdir.join('file').write_binary(EVERY_BYTE)
    assert system.read_bytes(path) == EVERY_BYTE

    system.write(path, EVERY_BYTE[::-1])

    assert tmpdir.join('file').read_binary() == EVERY_BYTE[::-1]
    assert system.read_bytes(path + '.absent') is None


def test_a_value_of_the_kernel_is_read_whole():
    """One of more than six characters."""
    path = '/proc/sys/net/ipv4/ip_local_port_range'

    assert system.read(path) == system.run(['cat', path]).stdout
    assert len(system.read(path)) > 6


def test_a_file_that_is_removed_before_it_is_read_is_none(tmpdir, monkeypatch):
    """Such as the setting of a tap in /proc whose instance is deleted."""
    path, read = tmpdir.join('accept_ra').ensure(), files.read

    def removed_first(name):
        path.remove()
        return read(name)
    monkeypatch.setattr(files, 'read', removed_first)

    assert system.read_if_exists('{}'.format(path)) is None


def test_a_file_that_cannot_be_read_is_not_taken_for_a_missing_one(tmpdir):
    with pytest.raises(FileError):
        system.read_if_exists('{}'.format(tmpdir))

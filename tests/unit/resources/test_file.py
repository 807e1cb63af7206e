"""A file is replaced at once, kept, and checked by its daemon's own parser."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import FileError, RejectedError
from calico_fuel.resources.file import (
    BACKUPS, BACKUPS_OF_A_FILE, File, NoFile, original)
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import Entry, FakeSystem

CONF = '/etc/bird/bird.conf'
CHECK = ('bird', '-p', '-c')


def backups(system, path=CONF):
    return [system.text(name) for name in sorted(system.files)
            if name.startswith(BACKUPS + path + '/')]


def test_a_file_that_is_missing_is_made():
    system = FakeSystem()
    file = File(CONF, 'text\n', mode=0o640, owner='bird:bird')

    assert '+text' in file.difference(system)
    file.change(system)

    assert system.files[CONF] == Entry('text\n', 'bird:bird', 0o640)
    assert file.difference(system) == ''
    assert system.text(original(CONF)) == ''


def test_the_old_one_is_kept_with_its_owner_and_mode():
    system = FakeSystem()
    system.files[CONF] = Entry('old', 'bird:bird', 0o640)

    File(CONF, 'new').change(system)

    assert system.files[CONF] == Entry('new', 'bird:bird', 0o640)
    assert system.files[original(CONF)] == Entry('old', 'bird:bird', 0o640)


@pytest.mark.parametrize('change', [File(CONF, 'new', 0o640), NoFile(CONF)])
def test_only_root_reads_what_is_kept(change):
    """Others could read the file: it may have had a password."""
    system = FakeSystem({CONF: 'password "secret";'})
    system.files[BACKUPS] = Entry('', 'root:root', 0o755)

    change.change(system)

    assert system.files[BACKUPS] == Entry('', 'root:root', 0o700)
    assert system.owner_and_mode(original(CONF))


def test_the_first_and_the_newest_of_the_old_ones_are_kept():
    system = FakeSystem({CONF: 'first'})

    for number in range(BACKUPS_OF_A_FILE + 3):
        File(CONF, '{}'.format(number)).change(system)

    assert sorted(backups(system)) == sorted(['first'] + [
        '{}'.format(number) for number in range(2, BACKUPS_OF_A_FILE + 2)])


def test_a_mode_that_lets_others_read_is_a_difference():
    system = FakeSystem()
    system.files[CONF] = Entry('text', 'bird:bird', 0o644)
    file = File(CONF, 'text', mode=0o640)

    assert file.difference(system) == CONF + (
        ': bird:bird 0640 instead of bird:bird 0644')
    file.change(system)

    assert system.files[CONF].mode == 0o640


def test_a_text_that_the_parser_refuses_leaves_the_old_one():
    system = FakeSystem({CONF: 'old'})
    Bird(system, refused='nonsense')

    with pytest.raises(RejectedError) as error:
        File(CONF, 'nonsense', check=CHECK).change(system)

    assert system.text(CONF) == 'old'
    assert list(system.files) == [CONF]
    assert '/etc/bird/bird.conf: refused by its own parser: /etc/bird/bird.conf:1:1 ' \
        'syntax error' in error.value.args[0]


def test_an_owner_that_does_not_exist_is_told():
    with pytest.raises(FileError):
        File(CONF, 'text', owner='nobody-here:bird').change(FakeSystem())

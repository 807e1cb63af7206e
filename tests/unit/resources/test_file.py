"""A file is replaced at once, kept, and checked by its daemon's own parser."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import FileError, RejectedError
from calico_fuel.resources.file import BACKUPS, BACKUPS_OF_A_FILE, File, original
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
    kept, = [entry for path, entry in system.files.items() if path.startswith(BACKUPS)]
    assert kept == Entry('old', 'bird:bird', 0o640)


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


def test_a_difference_shows_no_password():
    system = FakeSystem({CONF: '  password "old one";\n  multihop;\n'})

    both = File(CONF, '  password "new one";\n  direct;\n').difference(system)
    alone = File(CONF, '  password "new one";\n  multihop;\n').difference(system)

    assert '+  direct;' in both and '-  multihop;' in both
    assert alone == CONF + ': a password changes'
    assert 'one' not in both + alone


@pytest.mark.parametrize('line', [
    'password\t"S3cret";', 'neighbor 192.0.2.1 as 1; password "S3cret"; multihop;',
    '  password "S3cret"; # of the border', 'define op = "S3cret";',
    '  password  "S3cret";', '  password"S3cret";', '  "S3cret";',
    'password "S3cret" { id 1; };', "key 'S3cret';", 'RABBIT_PASSWORD=S3cret',
    'auth_token: S3cret', 'define op = S3cret', 'password "S3cret'])
def test_a_difference_shows_no_password_that_somebody_else_wrote(line):
    system = FakeSystem({CONF: 'router id 192.0.2.9;\n' + line + '\n'})

    shown = File(CONF, '  password "N3w";\n').difference(system)

    assert 'S3cret' not in shown and 'N3w' not in shown
    assert '-router id 192.0.2.9;' in shown

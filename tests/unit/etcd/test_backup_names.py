"""Whatever else lies among the backups is no backup, and stands in no way of one."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.__main__ import main
from calico_fuel.errors import FileError
from calico_fuel.etcd import backup
from calico_fuel.etcd.backup import DIRECTORY
from calico_fuel.etcd.backup import LATEST
from tests.unit.fake.etcd_environment import Environment
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.system import OWNER, Entry

OF_OTHERS = ['before-upgrade.json', 'notes.txt', '.calico-fuel-x1',
             '20991120T061320Z.json~', 'copy-20991120T061320Z.json']


@pytest.fixture
def system():
    system = EtcdStore()
    system.put(precious='1')
    return system


def lay(system, path, text='{"keys": {"/precious": "of others"}}'):
    system.files[path] = Entry(text, OWNER, 0o600)


def save(system, value):
    system.clock += 60
    system.put(precious=value)
    path, is_new = backup.save(system)
    assert is_new
    return path


def value_in(system, path):
    return json.loads(system.text(path))['keys']['/precious']


def lose_everything(system):
    system.keys.clear()
    system.clock += 3600


@pytest.mark.parametrize('name', OF_OTHERS)
@pytest.mark.parametrize('text', ['no JSON', '{"keys": {"/precious": "of others"}}'])
def test_a_file_of_an_operator_is_neither_the_newest_nor_in_the_way(
        system, name, text):
    path = save(system, 'mine')
    copy = '{}/{}'.format(path.rpartition('/')[0], name)
    lay(system, copy, text)

    assert backup.save(system) == (path, False)
    paths = [save(system, '{}'.format(number)) for number in range(15)]

    assert sorted(file for file in system.files if file.startswith(DIRECTORY)) == (
        sorted(paths[-10:] + [copy]))
    lose_everything(system)
    assert backup.restore(system, LATEST).path == paths[-1]
    assert system.values()['/precious'] == '14'


@pytest.mark.parametrize('name', ['zz-copy', '2016-old', 'lost+found'])
def test_a_directory_of_an_operator_is_not_the_newest_etcd_cluster_and_stays(
        system, name):
    path = save(system, 'mine')
    copy = '{}/{}/20991120T061320Z.json'.format(DIRECTORY, name)
    lay(system, copy)
    lose_everything(system)
    assert backup.latest(system) == path

    for number in range(5):
        save(system, '{}'.format(number))
        lose_everything(system)

    assert copy in system.files and len(system.names_in(DIRECTORY)) == 4


def test_a_file_of_an_operator_does_not_go_with_its_directory(system):
    copy = save(system, 'mine').rpartition('/')[0] + '/before-upgrade.json'
    lay(system, copy)

    for number in range(5):
        lose_everything(system)
        save(system, '{}'.format(number))

    assert copy in system.files


def test_what_was_saved_before_the_etcd_cluster_had_a_name_is_the_oldest(system):
    system.has_quorum = False
    unnamed = save(system, 'old')
    assert '/unnamed/' in unnamed
    system.has_quorum = True
    named = save(system, 'new')
    lose_everything(system)

    assert backup.restore(system, LATEST).path == named

    for number in range(3):
        lose_everything(system)
        save(system, '{}'.format(number))
    assert unnamed not in system.files


def test_a_newest_backup_that_is_broken_is_told_and_keeps_no_other_from_being_made(
        system):
    path = save(system, 'mine')
    lay(system, path, '{"keys": {"/prec')
    with pytest.raises(FileError) as error:
        backup.restore(system, LATEST)
    assert path + ': keys: is no backup of etcd' in error.value.args[0]

    system.clock += 60
    newer, is_new = backup.save(system)

    assert is_new and value_in(system, newer) == 'mine'
    assert backup.latest(system) == newer


def full(path, *_):
    raise FileError(path, 'No space left on device', 'Make room')


def test_a_full_disk_keeps_no_member_from_its_place():
    env = Environment('12')
    env.run('1')
    node = env.nodes['2']
    write = node.write
    node.write = lambda path, *args: (
        full if path.startswith(DIRECTORY) else write)(path, *args)

    env.run('2')

    assert env.members() == ['node-1', 'node-2']


@pytest.fixture
def commanded(system, monkeypatch):
    monkeypatch.setattr('calico_fuel.__main__.system', system)
    monkeypatch.setattr('calico_fuel.cli.output.keep_log', lambda: None)
    return system


def test_a_restore_whose_backup_fails_afterwards_has_told_what_it_wrote(
        commanded, capfd, monkeypatch):
    save(commanded, 'mine')
    lose_everything(commanded)
    monkeypatch.setattr(commanded, 'write', full)

    assert main(['etcd-restore', 'latest']) == 1

    said = capfd.readouterr()
    assert 'written /precious\n' in said.out and '1 written' in said.out
    assert 'No space left on device' in said.err


def test_a_restore_that_fails_midway_tells_what_it_wrote(commanded, capfd):
    commanded.put(a='1', b='2', c='3')
    backup.save(commanded)
    lose_everything(commanded)
    answer = commanded.answer

    def until_c(method, url, body):
        commanded.has_quorum = '/keys/c' not in url
        return answer(method, url, body)
    commanded.servers[:] = [until_c]

    assert main(['etcd-restore', 'latest']) == 1

    said = capfd.readouterr().err
    assert 'etcd key /c: was not written' in said
    assert said.endswith('Written before: /a, /b\n')

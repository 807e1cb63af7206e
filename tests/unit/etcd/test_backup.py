"""What only a backup has comes back, and nothing that would cut workloads off."""

from __future__ import unicode_literals

import json
import re

import pytest

from calico_fuel.__main__ import main
from calico_fuel.errors import FileError, NodeError
from calico_fuel.etcd import backup
from calico_fuel.etcd.backup import DIRECTORY
from calico_fuel.render import CRON_FILE
from calico_fuel.system import Reply
from tests.unit.fake.etcd_environment import Environment
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import OWNER, Entry

SG = '0f4e1c2a-0000-4000-8000-00000000000a'
BY_HAND = {
    '/calico/v1/config/LogSeverityFile': 'DEBUG',
    '/calico/v1/host/node-2/config/LogSeverityFile': 'INFO',
    '/calico/v1/host/node-2/endpoint/eth0': '{"expected_ipv4_addrs": []}',
    '/calico/v1/policy/profile/by-hand/rules': '{}',
    '/calico/v1/policy/tier/default/policy/ssh': '{}',
    '/precious': 'a "quoted" \xe4 = & %20\n'}
OF_NEUTRON_AND_FELIX = {
    '/calico/v1/Ready': 'true',
    '/calico/v1/config/ClusterGUID': 'ab12',
    '/calico/v1/config/InterfacePrefix': 'tap',
    '/calico/v1/config/EndpointReportingEnabled': 'true',
    '/calico/v1/host/node-2/workload/openstack/vm/endpoint/port': '{}',
    '/calico/v1/policy/profile/openstack-sg-1/rules': '{}',
    '/calico/v1/policy/profile/' + SG + '/tags': '[]',
    '/calico/v1/policy/profile/' + SG + '_' + SG + '/rules': '{}',
    '/calico/dhcp/v1/subnet/1': '{}',
    '/calico/felix/v1/host/node-2/last_reported_status': '{}'}


@pytest.fixture
def system():
    return filled()


def filled():
    system = EtcdStore()
    for keys in BY_HAND, OF_NEUTRON_AND_FELIX:
        system.keys.update((key, (value, None)) for key, value in keys.items())
    system.keys['/calico/openstack/v1/neutron_election'] = (
        'node-1:1', system.clock + 60)
    system.keys['/calico/felix/v1/host/node-2/status'] = ('{}', system.clock + 90)
    return system


def lose_everything(system):
    """All members lost their data, and another etcd cluster has begun."""
    system.keys.clear()
    system.clock += 3600


def save(system, value):
    system.clock += 60
    system.put(precious=value)
    path, is_new = backup.save(system)
    assert is_new
    return path


def files(system):
    return sorted(path for path in system.files if path.startswith(DIRECTORY + '/'))


def restore(system, *args, **values):
    return list(backup.restore(system, *args, **values))


def test_a_backup_has_every_key_but_those_that_expire_and_is_for_root_only(system):
    path, is_new = backup.save(system)

    saved = json.loads(system.text(path))['keys']
    assert is_new and system.files[path].mode == 0o600
    assert saved == dict(BY_HAND, **OF_NEUTRON_AND_FELIX)
    assert path == DIRECTORY + '/20151120T061320Z.json'


def test_there_is_no_second_one_until_a_key_changes_that_would_be_written_back(system):
    """So what Neutron and Felix write again after a loss pushes no good file out."""
    path, _ = backup.save(system)
    system.clock += 60
    system.put(calico__dhcp__v1__subnet__2='{}')

    assert backup.save(system) == (path, False)
    system.put(precious='new')
    newer, is_new = backup.save(system)

    assert is_new and files(system) == [path, newer]


def test_the_newest_ten_stay(system):
    paths = [save(system, '{}'.format(number)) for number in range(15)]

    assert files(system) == paths[-10:]


def test_an_etcd_that_was_emptied_takes_the_place_of_one_file_alone(system):
    paths = [save(system, '{}'.format(number)) for number in range(10)]
    lose_everything(system)

    for _ in range(20):
        system.clock += 3600
        backup.save(system)

    assert paths[1:] == files(system)[:-1]


def test_backups_stay_also_where_the_clock_went_back(system):
    for number in range(10):
        save(system, '{}'.format(number))
    system.clock -= 1e6
    last = save(system, 'last')
    assert backup.save(system) == (last, False)
    lose_everything(system)
    backup.save(system)

    assert system.exists(last)


@pytest.mark.parametrize('name', [
    'before-upgrade.json', 'notes.txt', '20991120T061320Z.json~',
    'copy-20991120T061320Z.json', 'a-directory/20991120T061320Z.json'])
def test_a_file_of_an_operator_is_neither_the_newest_nor_removed(system, name):
    path = save(system, 'mine')
    system.files[DIRECTORY + '/' + name] = Entry('no JSON', OWNER, 0o600)

    assert backup.save(system) == (path, False)
    paths = [save(system, '{}'.format(number)) for number in range(15)]

    assert files(system) == sorted(paths[-10:] + [DIRECTORY + '/' + name])


def test_what_only_the_backup_has_comes_back_and_what_others_rebuild_does_not(system):
    """Above all not Ready: Felix would take what is not there yet for deleted."""
    path, _ = backup.save(system)
    lose_everything(system)

    assert restore(system, path) == sorted(BY_HAND)

    assert system.values() == BY_HAND


def test_a_key_that_is_there_stays_and_a_second_time_nothing_changes(system):
    path, _ = backup.save(system)
    lose_everything(system)
    system.put(precious='newer')

    assert '/precious' not in restore(system, path)
    assert system.values() == dict(BY_HAND, **{'/precious': 'newer'})
    before = system.changes
    assert restore(system, path) == [] and system.changes == before


def test_a_dry_run_names_the_keys_and_writes_none(system):
    path, _ = backup.save(system)
    lose_everything(system)
    before = system.changes

    assert restore(system, path, dry_run=True) == sorted(BY_HAND)
    assert (system.keys, system.changes) == ({}, before)


def test_without_a_quorum_the_keys_are_saved_all_the_same(system):
    system.has_quorum = False

    assert backup.save(system)[1]


def is_silent(system):
    system.is_up = False


def has_too_many_keys(system):
    """A program has filled etcd: what system.http gives then."""
    system.servers[:] = [lambda method, url, body: Reply(0, 'larger than 32 MB')]


@pytest.mark.parametrize('happens', [is_silent, has_too_many_keys])
@pytest.mark.parametrize('do', [backup.save, lambda system: restore(
    system, DIRECTORY + '/20151120T061320Z.json')])
def test_an_etcd_whose_keys_cannot_be_had_is_told_and_the_old_files_stay(
        system, happens, do):
    backup.save(system)
    before = files(system)
    happens(system)

    with pytest.raises(NodeError) as error:
        do(system)

    assert ('http://127.0.0.1:4001: etcd does not list its keys, so nothing was saved '
            'or restored. Run calico-fuel etcd, then this again. If etcd answers, its '
            'keys are larger than 32 MB') in error.value.args[0]
    assert files(system) == before


@pytest.mark.parametrize('text', ['', '[]', '{}', '{"keys": []}', '{"keys": {"/prec'])
def test_a_file_that_is_no_backup_is_refused_and_nothing_is_written(system, text):
    path = save(system, 'mine')
    system.write(path, text)
    before = system.changes

    for do in lambda: restore(system, path), lambda: backup.save(system):
        with pytest.raises(FileError) as error:
            do()
        assert error.value.args[0] == (
            path + ': keys: is no backup of etcd that calico-fuel made. Name one in '
            + DIRECTORY + ', or remove a broken one there')

    assert system.changes == before


def test_a_restore_that_is_killed_at_any_change_is_finished_by_the_next():
    def make(dies_at):
        system = filled()
        system.path, _ = backup.save(system)
        lose_everything(system)
        system.changes, system.dies_at = 0, dies_at
        return system

    for _, system in at_every_change(make, lambda s: restore(s, s.path)):
        assert system.values() == BY_HAND


def test_a_restore_that_fails_midway_has_told_what_it_wrote(
        system, capfd, monkeypatch):
    monkeypatch.setattr('calico_fuel.__main__.system', system)
    monkeypatch.setattr('calico_fuel.cli.output.keep_log', lambda: None)
    system.keys.clear()
    system.put(a='1', b='2', c='3')
    path, _ = backup.save(system)
    lose_everything(system)
    answer = system.answer

    def until_c(method, url, body):
        system.has_quorum = '/keys/c' not in url
        return answer(method, url, body)
    system.servers[:] = [until_c]

    assert main(['etcd-restore', path]) == 1

    said = capfd.readouterr()
    assert said.out == '/a written\n/b written\n'
    assert 'etcd key /c: was not written' in said.err


def test_on_fuel_9_cron_saves_the_keys_of_each_member_and_of_nobody_else(golden):
    """A deployment without changes saves nothing."""
    env = Environment('1238', '9.2')
    env.nodes['8'].write(CRON_FILE, 'of a member that it was')

    env.run_all()

    assert [uid for uid in env.uids if env.nodes[uid].exists(CRON_FILE)] == [
        '1', '2', '3']
    assert env.nodes['1'].files[CRON_FILE].mode == 0o644
    golden('cron-fuel-9', env.nodes['1'].text(CRON_FILE))
    assert env.is_steady()


def test_up_to_fuel_8_refresh_saves_them():
    env = Environment('1')
    env.run_all()

    assert not env.nodes['1'].exists(CRON_FILE)


def test_cron_takes_the_name_of_the_file():
    assert re.match('[A-Za-z0-9_-]+$', CRON_FILE.rpartition('/')[2])

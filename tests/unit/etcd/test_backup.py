"""What only a backup has comes back, and nothing that would cut workloads off."""

from __future__ import unicode_literals

import json
import re

import pytest

from calico_fuel.errors import FileError, NodeError
from calico_fuel.etcd import backup
from calico_fuel.etcd.backup import DIRECTORY
from calico_fuel.etcd.backup import LATEST
from calico_fuel.render import CRON_FILE
from calico_fuel.system import Reply
from tests.unit.fake.etcd_environment import Environment
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.killed import at_every_change

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


def files(system):
    return sorted(path for path in system.files if path.startswith(DIRECTORY))


def test_a_backup_has_every_key_but_those_that_expire_and_is_for_root_only(system):
    path, is_new = backup.save(system)

    saved = json.loads(system.text(path))['keys']
    assert is_new and system.files[path].mode == 0o600
    assert saved == dict(BY_HAND, **OF_NEUTRON_AND_FELIX)
    assert path.endswith('/20151120T061320Z.json')


def test_there_is_no_second_one_until_a_key_changes_that_would_be_written_back(system):
    path, _ = backup.save(system)
    system.clock += 60
    system.put(calico__dhcp__v1__subnet__2='{}')

    assert backup.save(system) == (path, False)
    system.put(precious='new')
    newer, is_new = backup.save(system)

    assert is_new and files(system) == [path, newer]


def test_the_newest_ten_of_an_etcd_cluster_stay(system):
    for number in range(15):
        system.clock += 60
        system.put(precious='{}'.format(number))
        backup.save(system)

    assert len(files(system)) == 10
    assert json.loads(system.text(files(system)[0]))['keys']['/precious'] == '5'


def test_backups_of_the_newest_three_etcd_clusters_stay(system):
    for _ in range(5):
        backup.save(system)
        lose_everything(system)
        system.put(precious='x')

    assert len(system.names_in(DIRECTORY)) == 3


def test_what_only_the_backup_has_comes_back_and_what_others_rebuild_does_not(system):
    """Above all not Ready: Felix would take what is not there yet for deleted."""
    path, _ = backup.save(system)
    lose_everything(system)

    restored = backup.restore(system, path)

    assert system.values() == BY_HAND
    assert restored.written == tuple(sorted(BY_HAND))
    assert restored.rebuilt == tuple(sorted(OF_NEUTRON_AND_FELIX))


def test_what_is_there_stays_unless_told_and_a_second_time_nothing_changes(system):
    path, _ = backup.save(system)
    lose_everything(system)
    system.put(precious='newer')

    assert '/precious' in backup.restore(system, path).kept
    assert system.values()['/precious'] == 'newer'
    before = system.changes
    assert backup.restore(system, path).written == ()
    assert system.changes == before
    assert backup.restore(system, path, overwrite=True).written == ('/precious',)
    assert system.values() == BY_HAND


def test_a_dry_run_names_the_keys_and_writes_none(system):
    path, _ = backup.save(system)
    lose_everything(system)
    before = system.changes

    restored = backup.restore(system, path, dry_run=True)

    assert restored.written == tuple(sorted(BY_HAND))
    assert (system.keys, system.changes) == ({}, before)


@pytest.mark.parametrize('is_saved_meanwhile', [False, True])
def test_latest_is_the_newest_of_the_etcd_cluster_before_this_one(
        system, is_saved_meanwhile):
    """The new one saves its keys too, before anything is written back."""
    backup.save(system)
    system.clock += 60
    system.put(precious='last')
    path, _ = backup.save(system)
    lose_everything(system)
    if is_saved_meanwhile:
        backup.save(system)

    assert backup.restore(system, LATEST).path == path
    assert system.values()['/precious'] == 'last'


def test_latest_is_the_newest_of_this_one_where_there_was_no_other(system):
    path, _ = backup.save(system)
    del system.keys['/precious']

    assert backup.restore(system, LATEST).path == path
    assert system.values()['/precious'] == BY_HAND['/precious']


def test_a_name_that_somebody_wrote_leads_to_no_other_directory(system):
    system.keys[backup.NAME_KEY] = ('../../../etc', None)

    path, _ = backup.save(system)

    assert path.startswith(DIRECTORY + '/unnamed/')


def test_without_a_quorum_the_keys_are_saved_all_the_same(system):
    system.has_quorum = False

    path, is_new = backup.save(system)

    assert is_new and path.startswith(DIRECTORY + '/unnamed/')


@pytest.mark.parametrize('do, words', [
    (backup.save, 'http://127.0.0.1:4001: etcd does not answer, so its keys '
                  'cannot be saved. Run calico-fuel etcd'),
    (lambda system: backup.restore(system, LATEST),
     'etcd does not answer, so no key can be restored. Run calico-fuel etcd ')])
def test_an_etcd_that_does_not_answer_is_told_with_what_to_do(system, do, words):
    backup.save(system)
    system.is_up = False

    with pytest.raises(NodeError) as error:
        do(system)

    assert words in error.value.args[0]


def test_without_a_backup_it_is_told_where_to_look():
    with pytest.raises(FileError) as error:
        backup.restore(EtcdStore(), LATEST)

    assert error.value.args[0] == (
        DIRECTORY + ': has no backup. Look on the other nodes that had an etcd member, '
        'and name a file')


@pytest.mark.parametrize('text', [
    '', '[]', '{}', '{"keys": []}', '{"keys": {"path": "x"}}', '{"keys": {"/a": 1}}'])
def test_a_file_that_is_no_backup_is_refused_and_nothing_is_written(text):
    system = EtcdStore()
    system.write('/root/any.json', text)
    before = system.changes

    with pytest.raises(FileError) as error:
        backup.restore(system, '/root/any.json')

    assert '/root/any.json: keys: is no backup of etcd' in error.value.args[0]
    assert system.changes == before


def test_a_restore_that_is_killed_at_any_change_is_finished_by_the_next():
    def make(dies_at):
        system = filled()
        backup.save(system)
        lose_everything(system)
        system.changes, system.dies_at = 0, dies_at
        return system

    for _, system in at_every_change(make, lambda s: backup.restore(s, LATEST)):
        assert system.values() == BY_HAND


def test_members_save_the_keys_before_and_after_they_change():
    """Each on its own disk, and of what was there before it joined."""
    env = Environment('12')
    env.run('1')
    env.world.clusters[0].keys['/precious'] = ('kept', None)

    env.run('2')

    node = env.nodes['2']
    saved, = [json.loads(node.text(path))['keys'] for path in files(node)]
    assert saved['/precious'] == 'kept'
    assert len(files(env.nodes['1'])) == 1


def test_a_member_that_goes_on_alone_has_saved_what_it_had():
    env = Environment('12')
    env.run_all()
    env.world.clusters[0].keys['/precious'] = ('kept', None)
    env.nodes['2'].switch_off()
    env.uids.remove('2')

    env.run('1')

    node = env.nodes['1']
    assert any('kept' in node.text(path) for path in files(node))
    assert env.members() == ['node-1']


def test_keys_that_cannot_be_saved_keep_no_member_from_its_place():
    env = Environment('12')
    env.run('1')
    node = env.nodes['2']
    node.servers.insert(0, lambda method, url, body: (
        Reply(500, '{"errorCode": 300}') if '/v2/keys/?' in url else None))

    env.run('2')

    assert env.members() == ['node-1', 'node-2'] and files(node) == []


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

"""Members of a real etcd cluster lose their disks or each other, and the data stays."""

import time

import pytest

from lab.machine.programs import eventually
from tests.live.etcd_nodes import (
    LOG_DIR, PLUGIN, SETTINGS, all_read, assert_steady, deploy, lose_disk, names,
    state)

BACKUPS = '/var/lib/calico-fuel/etcd-backups'
# By the Python that tasks run by there.
LOOK = '''
for python in python2.7 python3; do
    $python -c 'import jinja2, yaml' 2>/dev/null && break
done
exec $python -c '
from calico_fuel import system
from calico_fuel.calico.keys import READY_KEY
from calico_fuel.etcd import health
found = health.local(system, READY_KEY)
print(found.state + " {}".format(found.is_problem))'
'''


def test_the_one_that_is_left_of_two_goes_on_alone_with_the_data(make_nodes):
    nodes = deploy(make_nodes, 2)

    nodes.remove(2)
    nodes.deploy()

    assert eventually(lambda: set(nodes.members(1)) == names(1))
    assert all_read(nodes)
    assert 'FORCE' not in nodes.clones[1].read(SETTINGS)
    assert_steady(nodes)


@pytest.mark.parametrize('lost', [1, 2])
def test_a_member_that_lost_its_disk_comes_back_as_another(make_nodes, lost):
    """The seed too: it joins what it began."""
    nodes = deploy(make_nodes, 3)
    before = nodes.members(9)
    lose_disk(nodes.clones[lost])

    nodes.deploy()

    after = nodes.members(9)
    assert {name for name in after if after[name] != before[name]} == names(lost)
    assert all_read(nodes)
    assert_steady(nodes)


def test_a_member_without_its_disk_does_not_start_by_itself(make_nodes):
    """Neither alone, as a second etcd cluster, nor under its old id."""
    nodes = make_nodes(3)
    nodes.deploy()
    for uid in 1, 2:
        lose_disk(nodes.clones[uid])
        nodes.clones[uid].run('service', 'etcd', 'start')

        assert eventually(lambda: not nodes.process(uid))
        assert 'No such file' in nodes.clones[uid].result('ls', LOG_DIR).stderr


def test_a_seed_whose_data_is_gone_at_boot_waits_for_those_that_have_it(make_nodes):
    """After a power cut of all: its disk is not mounted, and the others are late."""
    nodes = deploy(make_nodes, 3)
    before = nodes.members(1)
    for uid in 2, 3:
        nodes.clones[uid].run('service', 'etcd', 'stop')
    lose_disk(nodes.clones[1])

    refused = nodes.run(1)[1]

    assert refused.status == 1, refused.output
    assert 'Start etcd on the other nodes that have been members' in refused.output
    assert not nodes.process(1)
    for uid in 2, 3:
        nodes.clones[uid].run('service', 'etcd', 'start')
    nodes.deploy()
    after = nodes.members(9)
    assert {name for name in after if after[name] != before[name]} == names(1)
    assert all_read(nodes)
    assert_steady(nodes)


def test_data_of_a_member_that_was_removed_meanwhile_is_set_aside(make_nodes):
    nodes = deploy(make_nodes, 3)
    nodes.clones[3].run('service', 'etcd', 'stop')
    member = nodes.members(1)['node-3']
    nodes.ask(1, 'DELETE', '/v2/members/' + member)

    nodes.deploy()

    assert nodes.members(9)['node-3'] != member
    assert 'member.archived-' in nodes.clones[3].run('ls', '/var/lib/etcd')
    assert all_read(nodes)
    assert_steady(nodes)


def test_of_a_majority_that_is_lost_the_survivor_keeps_the_data_by_consent(make_nodes):
    """One lost its disk; one was switched off and is wrongly said to be gone."""
    nodes = deploy(make_nodes, 3)
    before = nodes.members(3)
    nodes.clones[2].run('service', 'etcd', 'stop')
    lose_disk(nodes.clones[1])
    unchanged = state(nodes)

    shown = nodes.run(3, command='etcd --dry-run')[3]
    assert 'has no quorum; 192.0.2.13 answered' in shown.output
    refused = nodes.run(3, command='etcd-recover')[3]
    assert refused.status == 1
    assert 'these do not answer: node-1, node-2' in refused.output
    assert state(nodes) == unchanged
    attempt = nodes.run(3, command='etcd-recover --from-this-node')[3]

    assert attempt.status == 0, attempt.output
    assert nodes.members(3) == {'node-3': before['node-3']}
    assert nodes.value(3, 'calico') == 'kept'
    nodes.deploy()
    assert set(nodes.members(9)) == names(1, 2, 3)
    assert 'member.archived-' in nodes.clones[2].run('ls', '/var/lib/etcd')
    assert all_read(nodes)
    assert 'FORCE' not in nodes.clones[3].read(SETTINGS)
    assert_steady(nodes)


def test_after_the_loss_of_all_members_comes_back_what_only_a_backup_has(make_nodes):
    """The procedure of docs/etcd.md; Felix does not see Ready too early."""
    nodes = make_nodes(3)
    nodes.deploy()
    config = '/calico/v1/config/LogSeverityFile'
    for key in config, '/calico/v1/Ready', '/precious/odd%20%C3%A4':
        assert nodes.ask(9, 'PUT', '/v2/keys{}?value=kept%0A%26'.format(key))['node']
    assert nodes.run(1, command='etcd-backup')[1].status == 0
    backup = nodes.clones[1].run('sh', '-c', 'ls {}/*'.format(BACKUPS)).strip()
    before = nodes.members(1)
    for uid in 1, 2, 3:
        lose_disk(nodes.clones[uid])

    refused = nodes.run(1)[1]
    assert refused.status == 1
    assert 'calico-fuel etcd-recover --new-cluster' in refused.output
    assert nodes.run(1, command='etcd-recover --new-cluster')[1].status == 0
    nodes.deploy()
    attempt = nodes.run(1, command='etcd-restore ' + backup)[1]

    assert attempt.status == 0, attempt.output
    assert set(nodes.members(9)) == names(1, 2, 3)
    # Nobody can take the new etcd cluster for the one before.
    assert not set(before.values()) & set(nodes.members(1).values())
    assert all(eventually(lambda: nodes.value(uid, config) == 'kept\n&')
               for uid in nodes.clones)
    assert nodes.value(1, 'precious/odd%20%C3%A4') == 'kept\n&'
    assert nodes.value(1, 'calico/v1/Ready') is None
    again = nodes.run(1, command='etcd-restore ' + backup)[1]
    assert ': 0 keys written' in again.output
    assert_steady(nodes)


def test_a_compute_says_that_etcd_has_no_quorum(make_nodes):
    """Its proxy answers: each member has the values of before."""
    nodes = make_nodes(3)
    nodes.deploy()
    compute = nodes.clones[9]

    def row():
        return compute.run('env', 'PYTHONPATH=' + PLUGIN, 'sh', '-c', LOOK)
    assert eventually(lambda: row() == 'answers False\n', 20), row()
    for uid in 2, 3:
        nodes.clones[uid].run('service', 'etcd', 'stop')

    assert eventually(
        lambda: row() == 'answers, and has no quorum True\n', 30), row()
    begin = time.monotonic()
    assert row() and time.monotonic() - begin < 12

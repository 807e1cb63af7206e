"""Members of a real etcd cluster come, go, lose their disks, and the data stays."""

import pytest

from lab import commands, etcd
from lab.commands import eventually
from tests.live import COMPUTE

CONTROLLER = ['controller']
SETTINGS = '/etc/default/etcd'


@pytest.fixture
def make_nodes(lab_run, demand):
    """Make controllers with the uids 1..n, and a compute with the uid 9."""
    demand(programs=['iptables', 'nsenter', 'setpriv', 'unshare',
                     str(etcd.PACKAGES / 'usr/bin/etcd')])

    def make_nodes(controllers):
        nodes = etcd.Nodes(lab_run)
        for uid in range(1, controllers + 1):
            nodes.add(uid, *CONTROLLER)
        nodes.add(9, *COMPUTE)
        return nodes
    return make_nodes


def names(*uids):
    return {'node-{}'.format(uid) for uid in uids}


def keep(nodes, uid, value='kept'):
    """Write a value that has to be there in the end."""
    assert nodes.ask(uid, 'PUT', '/v2/keys/calico?value=' + value)['node']


def all_read(nodes, value='kept'):
    """Proxies need some seconds to learn who the members are."""
    return all(eventually(lambda: nodes.value(uid, 'calico') == value)
               for uid in nodes.clones)


def state(nodes):
    """What a run that changes nothing leaves as it is."""
    return {uid: [nodes.process(uid), machine.run(
        'stat', '-c', '%i %Y', SETTINGS, '/etc/iptables/rules.v4')]
            for uid, machine in nodes.clones.items()}


def assert_steady(nodes):
    before = state(nodes)
    for attempt in nodes.run().values():
        assert attempt.status == 0, attempt.output
        assert '\nchanged ' not in attempt.output, attempt.output
    assert state(nodes) == before


@pytest.mark.parametrize('controllers', [1, 3])
def test_members_that_are_deployed_at_once_make_one_etcd_cluster(
        make_nodes, controllers):
    nodes = make_nodes(controllers)

    nodes.deploy()

    for uid in nodes.clones:
        assert set(nodes.members(uid)) == names(*range(1, controllers + 1))
        assert len(nodes.process(uid)) == 1
    keep(nodes, 9)
    assert all_read(nodes)
    assert_steady(nodes)


def test_members_are_the_controllers_and_no_node_serves_strangers(make_nodes):
    """A proxy is no member, and answers on its own node only."""
    nodes = make_nodes(1)
    nodes.deploy()
    member, compute = nodes.clones[1], nodes.clones[9]
    stranger = nodes.fabric.add_node('stranger', '192.0.2.200')

    assert eventually(lambda: set(nodes.members(9)) == names(1))
    assert nodes.ask(9, 'GET', '/v2/members', server=member.address + ':2379')
    for port in 2379, 4001:
        assert not nodes.ask(1, 'GET', '/v2/members',
                             server='{}:{}'.format(compute.address, port))
    assert not commands.succeeds(stranger.inside(
        'timeout', 2, 'bash', '-c', ': </dev/tcp/{}/2379'.format(member.address)))


def test_members_come_and_go_and_the_data_stays(make_nodes):
    nodes = make_nodes(1)
    nodes.deploy()
    keep(nodes, 9)
    before = [nodes.process(uid) for uid in (1, 9)]

    nodes.add(2, *CONTROLLER)
    nodes.add(3, *CONTROLLER)
    nodes.deploy()
    assert set(nodes.members(9)) == names(1, 2, 3)
    nodes.add(4, *CONTROLLER)
    nodes.add(5, *CONTROLLER)
    nodes.deploy()
    assert set(nodes.members(9)) == names(1, 2, 3, 4, 5)
    assert [nodes.process(uid) for uid in (1, 9)] == before

    nodes.remove(2)
    nodes.deploy()

    assert set(nodes.members(9)) == names(1, 3, 4, 5)
    assert [nodes.process(uid) for uid in (1, 9)] == before
    assert all_read(nodes)
    assert_steady(nodes)


def test_the_one_that_is_left_of_two_goes_on_alone_with_the_data(make_nodes):
    nodes = make_nodes(2)
    nodes.deploy()
    keep(nodes, 9)

    nodes.remove(2)
    nodes.deploy()

    assert eventually(lambda: set(nodes.members(1)) == names(1))
    assert all_read(nodes)
    assert 'FORCE' not in nodes.clones[1].read(SETTINGS)
    assert_steady(nodes)


@pytest.mark.parametrize('lost', [1, 2])
def test_a_member_that_lost_its_disk_comes_back_as_another(make_nodes, lost):
    """The seed too: it joins what it began."""
    nodes = make_nodes(3)
    nodes.deploy()
    keep(nodes, 9)
    before = nodes.members(9)
    machine = nodes.clones[lost]
    machine.run('service', 'etcd', 'stop')
    machine.run('rm', '-r', '/var/lib/etcd')
    machine.run('mkdir', '/var/lib/etcd')

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
        machine = nodes.clones[uid]
        machine.run('service', 'etcd', 'stop')
        machine.run('find', '/var/lib/etcd', '-mindepth', '1', '-delete')
        machine.run('service', 'etcd', 'start')

        assert eventually(lambda: not nodes.process(uid))
        assert 'No such file' in machine.result('ls', etcd.LOG_DIR).stderr


def test_data_of_a_member_that_was_removed_meanwhile_is_set_aside(make_nodes):
    nodes = make_nodes(3)
    nodes.deploy()
    keep(nodes, 9)
    nodes.clones[3].run('service', 'etcd', 'stop')
    member = nodes.members(1)['node-3']
    nodes.ask(1, 'DELETE', '/v2/members/' + member)

    nodes.deploy()

    assert nodes.members(9)['node-3'] != member
    assert 'member.set-aside-' in nodes.clones[3].run('ls', '/var/lib/etcd')
    assert all_read(nodes)
    assert_steady(nodes)


def test_a_changed_setting_restarts_every_member(make_nodes):
    nodes = make_nodes(3)
    nodes.deploy()
    keep(nodes, 9)
    before = state(nodes)
    for uid in 1, 2, 3:
        nodes.clones[uid].run('sed', '-i', '/^ETCD_ADVERTISE_CLIENT/d', SETTINGS)

    nodes.deploy()

    assert not any(nodes.process(uid) == before[uid][0] for uid in (1, 2, 3))
    assert nodes.process(9) == before[9][0]
    assert all_read(nodes)
    assert_steady(nodes)


def test_a_member_that_is_removed_by_name_leaves_and_the_others_go_on(make_nodes):
    """By calico-fuel remove, and only with the option."""
    nodes = make_nodes(3)
    nodes.deploy()
    keep(nodes, 9)
    assert nodes.run(2, command='remove')[2].status == 0
    assert set(nodes.members(1)) == names(1, 2, 3) and nodes.process(2)

    attempt = nodes.run(2, command='remove --with-etcd-data')[2]

    assert attempt.status == 0, attempt.output
    assert set(nodes.members(1)) == names(1, 3)
    assert not nodes.process(2)
    assert 'member' not in nodes.clones[2].run('ls', '/var/lib/etcd').split()
    assert nodes.value(3, 'calico') == 'kept'


def test_of_a_majority_that_is_lost_the_survivor_keeps_the_data_by_consent(make_nodes):
    """One lost its disk; one was switched off and is wrongly said to be gone."""
    nodes = make_nodes(3)
    nodes.deploy()
    keep(nodes, 9)
    before = nodes.members(3)
    for uid in 1, 2:
        nodes.clones[uid].run('service', 'etcd', 'stop')
    nodes.clones[1].run('find', '/var/lib/etcd', '-mindepth', '1', '-delete')
    unchanged = state(nodes)

    shown = nodes.run(3, command='etcd --dry-run')[3]
    assert 'has no quorum; http://192.0.2.13:2380 answered' in shown.output
    refused = nodes.run(3, command='revive')[3]
    assert refused.status == 1
    assert 'these do not answer: node-1, node-2' in refused.output
    assert state(nodes) == unchanged
    attempt = nodes.run(3, command='revive --force')[3]

    assert attempt.status == 0, attempt.output
    assert nodes.members(3) == {'node-3': before['node-3']}
    assert nodes.value(3, 'calico') == 'kept'
    nodes.deploy()
    assert set(nodes.members(9)) == names(1, 2, 3)
    assert 'member.set-aside-' in nodes.clones[2].run('ls', '/var/lib/etcd')
    assert all_read(nodes)
    assert 'FORCE' not in nodes.clones[3].read(SETTINGS)
    assert_steady(nodes)


def test_after_the_loss_of_all_members_comes_back_what_only_a_backup_has(make_nodes):
    """The procedure of docs/operations.md; Felix does not see Ready too early."""
    nodes = make_nodes(3)
    nodes.deploy()
    config = '/calico/v1/config/LogSeverityFile'
    for key in config, '/calico/v1/Ready', '/precious/odd%20%C3%A4':
        assert nodes.ask(9, 'PUT', '/v2/keys{}?value=kept%0A%26'.format(key))['node']
    assert nodes.run(1, command='backup')[1].status == 0
    before = nodes.members(1)
    controllers = [nodes.clones[uid] for uid in (1, 2, 3)]
    for machine in controllers:
        machine.run('service', 'etcd', 'stop')
    for machine in controllers:
        machine.run('find', '/var/lib/etcd', '-mindepth', '1', '-delete')

    nodes.deploy()
    attempt = nodes.run(1, command='restore latest')[1]

    assert attempt.status == 0, attempt.output
    assert set(nodes.members(9)) == names(1, 2, 3)
    # Nobody can take the new etcd cluster for the one before.
    assert not set(before.values()) & set(nodes.members(1).values())
    assert all(eventually(lambda: nodes.value(uid, config) == 'kept\n&')
               for uid in nodes.clones)
    assert nodes.value(1, 'precious/odd%20%C3%A4') == 'kept\n&'
    assert nodes.value(1, 'calico/v1/Ready') is None
    assert '0 written, 2 left' in nodes.run(1, command='restore latest')[1].output
    assert_steady(nodes)

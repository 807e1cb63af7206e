"""Members of a real etcd cluster come and go, and the data stays."""

import pytest

from lab.machine import programs
from lab.machine.programs import eventually
from tests.live.etcd_nodes import (
    CONTROLLER, SETTINGS, all_read, assert_steady, deploy, keep, names, state)


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
    assert 'node-1' in nodes.ask_by_tls(
        9, member.address + ':2389', '/v2/members', 'with its certificate')
    for port in 2379, 4001:
        assert not nodes.ask(1, 'GET', '/v2/members',
                             server='{}:{}'.format(compute.address, port))
    assert not programs.succeeds(stranger.inside(
        'timeout', 2, 'bash', '-c', ': </dev/tcp/{}/2389'.format(member.address)))


def test_members_come_and_go_and_the_data_stays(make_nodes):
    nodes = deploy(make_nodes, 1)
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


def test_a_changed_setting_restarts_every_member(make_nodes):
    nodes = deploy(make_nodes, 3)
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
    nodes = deploy(make_nodes, 3)
    assert nodes.run(2, command='remove')[2].status == 0
    assert set(nodes.members(1)) == names(1, 2, 3) and nodes.process(2)

    attempt = nodes.run(2, command='remove --with-etcd-data')[2]

    assert attempt.status == 0, attempt.output
    assert set(nodes.members(1)) == names(1, 3)
    assert not nodes.process(2)
    assert 'member' not in nodes.clones[2].run('ls', '/var/lib/etcd').split()
    assert nodes.value(3, 'calico') == 'kept'

"""A node that is to be no member leaves, and takes neither quorum nor data along."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import FAILED, UNCHANGED, converge
from calico_fuel.etcd.leaving import step_of_leaver, step_of_others
from calico_fuel.etcd.steps import Archive, Remove, Start
from calico_fuel.etcd.steps import Wait
from calico_fuel.tasks import remove
from tests.unit.etcd.test_membership import PEERS, listed, view
from tests.unit.fake.etcd import MEMBER_LOG
from tests.unit.fake.etcd_environment import (
    Environment, failure, killed_at_every_change, states)
from tests.unit.fake.etcd_proxy import PROXY_CACHE
from tests.unit.fake.system import Entry


def deployed(uids):
    env = Environment(uids)
    env.run_all()
    env.world.clusters[0].keys['/calico/precious'] = ('kept', None)
    for node in env.nodes.values():
        node.changes = 0
    return env


def leave(env, uid, with_data=True):
    return list(converge(env.resources(
        uid, remove.etcd_of, with_data=with_data), env.nodes[uid]))


def is_gone(env, uid):
    node = env.nodes[uid]
    return not node.exists('/var/lib/etcd/member') and not node.services.running


@pytest.mark.parametrize('order', ['2', '13', '321'])
def test_members_leave_one_after_the_other_down_to_the_last(order):
    env = deployed('123')

    for uid in order:
        outcomes = leave(env, uid)
        assert FAILED not in states(outcomes), outcomes
        assert is_gone(env, uid)
        assert set(states(leave(env, uid))) == {UNCHANGED}

    left = [uid for uid in '123' if uid not in order]
    cluster, = env.world.clusters
    if left:
        assert env.members() == ['node-' + uid for uid in left]
        assert cluster.keys['/calico/precious'] == ('kept', None)


def test_without_being_told_a_member_and_its_data_stay():
    env = deployed('123')

    outcomes = leave(env, '2', with_data=False)

    assert set(states(outcomes)) == {UNCHANGED}
    assert 'not restored: the etcd member' in outcomes[0].label
    assert env.members() == ['node-1', 'node-2', 'node-3']
    assert env.nodes['2'].changes == 0


def test_a_member_that_others_need_for_their_quorum_does_not_leave():
    env = deployed('123')
    env.nodes['3'].switch_off()

    outcomes = leave(env, '2')

    assert 'without node-2 the etcd cluster would have no quorum' in failure(outcomes)
    assert env.nodes['2'].exists(MEMBER_LOG)
    assert env.nodes['2'].services.running == {'etcd'}


def test_without_a_quorum_nobody_deletes_anything():
    env = deployed('123')
    for uid in '13':
        env.nodes[uid].switch_off()

    assert 'has no quorum' in failure(leave(env, '2'))

    assert env.nodes['2'].exists(MEMBER_LOG)


@pytest.mark.parametrize('uids, uid', [('1', '1'), ('123', '2')])
def test_a_run_killed_at_any_change_is_finished_by_the_next(uids, uid):
    for env in killed_at_every_change(
            lambda: deployed(uids), uid, lambda env: leave(env, uid)):
        assert is_gone(env, uid)
        if len(uids) > 1:
            assert env.members() == ['node-1', 'node-3']


def test_a_member_that_left_comes_back_by_the_task():
    env = deployed('123')
    leave(env, '2')

    env.run_all()

    assert env.members() == ['node-1', 'node-2', 'node-3']
    cluster, = env.world.clusters
    assert cluster.keys['/calico/precious'] == ('kept', None)
    assert env.is_steady()


@pytest.mark.parametrize('args, expected', [
    (dict(members='bc', healthy='bc'), None),
    (dict(members='bc', healthy='bc', has_directory=True), Archive),
    (dict(members='abc', healthy='abc', has_directory=True), Wait),
    (dict(members='bc', sick='bc', has_directory=True), Wait)])
def test_a_node_that_is_not_wanted_keeps_its_data_until_others_say_that_it_may_go(
        args, expected):
    found = step_of_others(PEERS['a'], view(**args))

    assert found is None if expected is None else isinstance(found, expected)


@pytest.mark.parametrize('args, expected', [
    (dict(members='abc', healthy='bc'), Remove(listed('a')[0])),
    (dict(members='abc', sick='bc'), Start(()))])
def test_a_member_that_leaves_for_good_and_is_silent_itself_is_removed(args, expected):
    assert step_of_leaver(PEERS['a'], view(has_directory=True, **args)) == expected


def with_role(env, uids, role):
    """The nodes *uids* have another role now, and are in the environment."""
    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset([role])) if n.uid in uids else n
        for n in env.metadata.nodes))
    env.add(set(uids) - set(env.uids))


def test_a_member_that_leaves_still_lets_the_new_ones_in():
    three = deployed('123')
    with_role(three, '4', 'calico-etcd')

    three.run('1')

    assert '-s 192.0.2.14/32 -j ACCEPT' in three.nodes['1'].iptables.rules[
        'filter']['calico-fuel-etcd']


def test_a_proxy_becomes_a_member_when_its_node_does():
    env = Environment('18')
    env.run_all()
    assert PROXY_CACHE in env.nodes['8'].files

    with_role(env, '8', 'controller')
    env.run_all()

    assert env.members() == ['node-1', 'node-8']
    assert PROXY_CACHE not in env.nodes['8'].files


def test_members_move_to_the_dedicated_role_without_a_second_etcd_cluster():
    env = Environment('12')
    env.run_all()
    with_role(env, '45', 'calico-etcd')
    # The controllers wait for the others.
    env.world.meanwhile += [lambda: env.run('4'), lambda: env.run('5')]

    env.run_all()

    assert len(env.world.clusters) == 1
    assert env.members() == ['node-4', 'node-5']
    assert env.nodes['1'].is_proxy and env.nodes['2'].is_proxy
    assert env.is_steady()


def test_a_member_that_is_not_wanted_goes_on_until_the_others_have_removed_it():
    three = deployed('123')
    with_role(three, '4', 'calico-etcd')

    message = failure(three.run('1'))

    assert 'node-1: not done after 150 s: it is still a member' in message
    assert three.members() == ['node-1', 'node-2', 'node-3']


def test_a_proxy_with_a_members_data_and_no_etcd_cluster_keeps_it():
    env = Environment('18')
    env.nodes['8'].files[MEMBER_LOG] = Entry('0 a1', 'etcd:etcd', 0o600)

    message = failure(env.run('8'))

    assert 'no healthy etcd member answers to say whether' in message
    assert MEMBER_LOG in env.nodes['8'].files

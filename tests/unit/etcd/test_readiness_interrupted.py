"""Members on their way from HTTP to TLS lose runs, nodes, disks or each other."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd.moving import BOTH, TLS, schemes_of
from tests.unit.fake.etcd_environment import killed_at_every_change
from tests.unit.fake.etcd_moving import both, http_environment, is_moved, later, listed


@pytest.mark.parametrize('uids, uid', [('18', '1'), ('1238', '2'), ('18', '8')])
def test_a_first_pass_that_is_killed_at_any_change_is_finished_by_the_next_run(
        uids, uid):
    for env in killed_at_every_change(
            lambda: http_environment(uids), uid, lambda env: env.run(uid)):
        later(env)
        env.run_all()
        env.run_all()
        assert is_moved(env)
        assert env.is_steady()


@pytest.mark.parametrize('uids', ['18', '1238'])
def test_a_second_pass_that_is_killed_at_any_change_is_finished_by_the_next_run(uids):
    for env in killed_at_every_change(
            lambda: both(uids), '1', lambda env: env.run('1')):
        later(env)
        env.run_all()
        assert is_moved(env)
        assert env.is_steady()


def test_nodes_that_reboot_at_any_change_of_the_second_pass_do_no_harm():
    for env in killed_at_every_change(both, '3', lambda env: env.run('3')):
        for node in env.nodes.values():
            node.switch_off()
            node.switch_on()
        later(env)
        env.run_all()
        assert is_moved(env)


def test_a_member_that_loses_its_disk_on_the_way_joins_again_with_tls():
    env = both()
    env.nodes['2'].lose_disk()
    env.nodes['2'].is_up = True

    env.run('2')

    assert listed(env) == [BOTH, BOTH, TLS]
    env.run_all()
    assert is_moved(env)


def test_of_two_members_the_one_that_is_left_goes_on_alone_and_moves():
    env = both('128')
    env.nodes.pop('2').switch_off()
    env.uids.remove('2')

    env.run_all()
    env.run_all()

    cluster = env.world.clusters[-1]
    assert [schemes_of(urls) for _, urls, _ in cluster.members.values()] == [TLS]
    assert cluster.keys['/precious'] == ('kept', None)

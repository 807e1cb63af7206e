"""Proxies, and members that are not wanted any more."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.etcd import MEMBER_LOG, PROXY_CACHE
from tests.unit.fake.etcd_environment import Environment, failure
from tests.unit.fake.system import Entry


@pytest.fixture
def three():
    env = Environment('123')
    env.run_all()
    return env


def test_a_member_that_leaves_still_lets_the_new_ones_in(three):
    three.metadata = three.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid == '4' else n
        for n in three.metadata.nodes))
    three.add('4')

    three.run('1')

    assert '-s 192.0.2.14/32 -j ACCEPT' in three.nodes['1'].iptables.rules[
        'filter']['calico-fuel-etcd']


def test_a_proxy_becomes_a_member_when_its_node_does():
    env = Environment('18')
    env.run_all()
    assert PROXY_CACHE in env.nodes['8'].files

    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['controller'])) for n in env.metadata.nodes))
    env.run_all()

    assert env.members() == ['node-1', 'node-8']
    assert PROXY_CACHE not in env.nodes['8'].files


def test_members_move_to_the_dedicated_role_without_a_second_etcd_cluster():
    env = Environment('12')
    env.run_all()
    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid in '45' else n
        for n in env.metadata.nodes))
    env.add('45')
    # The controllers wait for the others.
    env.world.meanwhile += [lambda: env.run('4'), lambda: env.run('5')]

    env.run_all()

    assert len(env.world.clusters) == 1
    assert env.members() == ['node-4', 'node-5']
    assert env.nodes['1'].is_proxy and env.nodes['2'].is_proxy
    assert env.is_steady()


def test_a_member_that_is_not_wanted_goes_on_until_the_others_have_removed_it(three):
    three.metadata = three.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid == '4' else n
        for n in three.metadata.nodes))
    three.add('4')

    message = failure(three.run('1'))

    assert 'node-1: not done after 150 s: it is still a member' in message
    assert three.members() == ['node-1', 'node-2', 'node-3']


def test_a_proxy_with_a_members_data_and_no_etcd_cluster_keeps_it():
    env = Environment('18')
    env.nodes['8'].files[MEMBER_LOG] = Entry('0 a1', 'etcd:etcd', 0o600)

    message = failure(env.run('8'))

    assert 'no healthy etcd member answers to say whether' in message
    assert MEMBER_LOG in env.nodes['8'].files

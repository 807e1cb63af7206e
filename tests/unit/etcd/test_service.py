"""When an etcd restarts, and that members do so one after the other."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.etcd import ENVIRONMENT
from tests.unit.fake.etcd_environment import Environment, failure


@pytest.fixture
def three():
    env = Environment('123')
    env.run_all()
    return env


def test_a_new_option_restarts_a_member_and_an_initial_one_does_not(three):
    node = three.nodes['2']
    text = node.text(ENVIRONMENT)
    node.write(ENVIRONMENT, text.replace('"existing"', '"new"'))
    three.run('2')
    assert (node.services.starts, node.text(ENVIRONMENT)) == (['etcd'], text)

    node.version = '3.4.23'
    three.run('2')

    assert node.services.starts == ['etcd', 'etcd']
    assert node.settings['ETCD_ENABLE_V2'] == 'true'
    assert '/calico-fuel/member-change' not in three.world.clusters[0].keys


def test_members_do_not_restart_at_once(three):
    three.world.clusters[0].keys['/calico-fuel/member-change'] = (
        'node-1', three.world.clock + 500)
    node = three.nodes['2']
    node.version = '3.4.23'

    message = failure(three.run('2'))

    assert 'service etcd: has to restart, but node-1 is changing the members' in message
    assert node.services.starts == ['etcd']


def test_a_new_member_does_not_restart_a_proxy():
    env = Environment('18')
    env.run_all()
    env.add('2')

    env.run_all()

    assert env.nodes['8'].services.starts == ['etcd']
    assert 'node-2=' in env.nodes['8'].text(ENVIRONMENT)
    assert env.is_steady()

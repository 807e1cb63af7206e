"""When an etcd restarts, and that members do so one after the other."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import FAILED
from tests.unit.fake.etcd import ENVIRONMENT
from tests.unit.fake.etcd_environment import Environment, failure, states

KEY = '/calico-fuel/member-change'


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
    assert KEY not in three.world.clusters[0].keys


def test_members_do_not_restart_at_once(three):
    three.world.clusters[0].keys[KEY] = (
        'node-1', three.world.clock + 500)
    node = three.nodes['2']
    node.version = '3.4.23'

    message = failure(three.run('2'))

    assert 'service etcd: has to restart, but node-1 is changing the members' in message
    assert node.services.starts == ['etcd']


def test_a_member_that_loses_the_lock_does_not_restart(three):
    """It was paused while it asked whether the others have the quorum."""
    keys = three.world.clusters[0].keys
    node = three.nodes['2']
    ask = node.servers[0]

    def paused(method, url, body):
        if '/health' in url and KEY in keys:
            keys[KEY] = ('node-1', three.world.clock + 500)
        return ask(method, url, body)
    node.servers[0] = paused

    assert 'has to restart, but node-1 is changing' in failure(restarts(three, '2'))
    assert node.services.starts == ['etcd']


def restarts(env, uid):
    env.nodes[uid].version = '3.4.23'
    return env.run(uid)


def test_a_member_that_the_quorum_needs_does_not_restart(three):
    three.nodes['3'].switch_off()

    message = failure(restarts(three, '2'))

    assert 'service etcd: has to restart, but node-3 not healthy, and the others are ' \
        'no quorum. Start etcd there' in message
    assert three.nodes['2'].services.starts == ['etcd']
    assert KEY not in three.world.clusters[0].keys


def test_a_member_restarts_once_the_quorum_does_not_need_it(three):
    node = three.nodes['3']
    node.switch_off()
    three.world.meanwhile += [node.switch_on]

    assert FAILED not in states(restarts(three, '2'))
    assert three.nodes['2'].services.starts == ['etcd', 'etcd']


@pytest.mark.parametrize('uids, off', [('1', ''), ('12', ''), ('12345', '5')])
def test_a_member_that_the_quorum_can_spare_or_has_to_restarts(uids, off):
    """Of one or two members each is needed, so nothing better can be waited for."""
    env = Environment(uids)
    env.run_all()
    for uid in off:
        env.nodes[uid].switch_off()

    assert FAILED not in states(restarts(env, '1'))
    assert env.nodes['1'].services.starts == ['etcd', 'etcd']


def test_a_member_that_is_not_healthy_after_its_restart_is_an_error(three):
    """So the members after it do not restart."""
    node = three.nodes['2']
    node.start_etcd = lambda: node.services.running.add('etcd')

    message = failure(restarts(three, '2'))

    assert 'service etcd: was restarted, and is not healthy after 30 s' in message
    assert 'node-2 not healthy, and the others are no quorum' in failure(
        restarts(three, '3'))
    assert three.nodes['3'].services.starts == ['etcd']


def test_a_new_member_does_not_restart_a_proxy():
    env = Environment('18')
    env.run_all()
    env.add('2')

    env.run_all()

    assert env.nodes['8'].services.starts == ['etcd']
    assert 'node-2=' in env.nodes['8'].text(ENVIRONMENT)
    assert env.is_steady()

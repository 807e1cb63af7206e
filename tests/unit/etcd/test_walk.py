"""What stands in the way of a member is waited for, and named."""

from __future__ import unicode_literals

import pytest

from calico_fuel.system import Reply
from tests.unit.fake.etcd import ENVIRONMENT
from tests.unit.fake.etcd_environment import Environment, failure

KEY = '/calico-fuel/member-change'


def test_a_wait_ends_and_names_what_it_waited_for():
    env = Environment('12')

    begin = env.world.clock
    message = failure(env.run('2'))

    assert message == (
        'etcd member node-2: not done after 150 s: no etcd member answers yet, and '
        'node-1 has to be the first. Run this there. Then run this again')
    assert 150 < env.world.clock - begin < 200
    assert not env.world.clusters


def test_no_member_is_added_while_a_wanted_one_is_dead(three):
    three.nodes['2'].switch_off()
    three.add('4')

    said = failure(three.run('4'))
    assert ('etcd member node-4: not done after 150 s: node-2 not healthy, and a '
            'member can only be added to a healthy etcd cluster. Start etcd') in said
    assert len(three.world.clusters[0].members) == 3


def test_without_a_quorum_nothing_changes_and_the_missing_are_named(three):
    three.nodes['2'].switch_off()
    three.nodes['3'].switch_off()
    three.uids.remove('3')

    message = failure(three.run('1'))

    assert 'the etcd cluster of node-1, node-2, node-3 has no quorum; ' \
        '192.0.2.11 answered. Start etcd on the others' in message
    assert three.nodes['1'].services.starts == ['etcd']
    assert len(three.world.clusters[0].members) == 3


def test_an_etcd_with_another_data_directory_is_not_removed(three):
    node = three.nodes['3']
    for path in [p for p in node.files if p.startswith('/var/lib/etcd')]:
        del node.files[path]

    assert 'node-3 answers from another data directory' in failure(
        three.run('3'))
    assert len(three.members()) == 3


def test_what_etcd_refuses_for_now_is_asked_again():
    """etcd 3 wants the members to be connected for 5 s."""
    env = Environment('12')
    env.run('1')
    env.world.refusals = 3

    env.run('2')

    assert env.members() == ['node-1', 'node-2']


def test_what_etcd_refuses_for_good_is_told():
    env = Environment('12')
    env.run('1')
    node = env.nodes['2']
    ask = node.ask

    def refuse(method, url, body):
        return Reply(400, 'bad URL') if method == 'POST' else ask(method, url, body)
    node.servers[:] = [refuse]

    message = failure(env.run('2'))

    assert message.startswith('POST https://192.0.2.11:2389/v2/members: etcd answered '
                              '400 bad URL. Look into the log of etcd there')


def test_no_member_changes_while_another_node_changes_one(three):
    cluster = three.world.clusters[0]
    cluster.keys[KEY] = ('node-9', three.world.clock + 500)
    three.add('4')

    message = failure(three.run('4'))

    assert 'not done after 150 s: node-9 is changing the members (the key ' \
        '/v2/keys/calico-fuel/member-change says so, for ' in message
    assert len(cluster.members) == 3


@pytest.mark.parametrize('seconds', [None, 1e9])
def test_a_lock_that_no_node_has_taken_stops_nobody(three, seconds):
    """Any client of etcd can write one without an end, or with one that is far."""
    three.world.clusters[0].keys[KEY] = (
        'nobody', seconds and three.world.clock + seconds)
    three.add('4')
    begin = three.world.clock

    three.run('4')

    assert len(three.members()) == 4 and three.world.clock - begin < 10
    assert KEY not in three.world.clusters[0].keys


@pytest.mark.parametrize('uid, method', [('4', 'POST'), ('1', 'DELETE')])
@pytest.mark.parametrize('holder', ['', 'node-9'])
def test_a_run_that_lost_the_lock_changes_no_member_until_it_has_it_again(
        three, uid, method, holder):
    """It was paused while it checked the members, by SIGSTOP or with its machine."""
    three.add('4')
    if uid == '1':
        three.nodes['2'].switch_off()
        three.uids.remove('2')
    node, keys, changed_with = three.nodes[uid], three.world.clusters[0].keys, []
    ask, end = node.servers[0], three.world.clock + 60

    def paused(asked, url, body):
        """What of the lock is there when a member is checked, and when one changes."""
        if asked == 'GET' and '/v2/members' in url and KEY in keys and not paused.once:
            del keys[KEY]
            paused.once = True
            if holder:
                keys[KEY] = (holder, end)
        if asked == method and '/v2/members' in url:
            changed_with.append((keys[KEY][0], three.world.clock >= end))
        return ask(asked, url, body)
    paused.once = False
    node.servers[0] = paused

    three.run(uid)

    assert paused.once and changed_with == [('node-' + uid, bool(holder))]
    assert len(three.members()) == 4 - (uid == '1') * 2


def test_etcd_that_makes_no_log_is_an_error_and_leaves_harmless_settings():
    env = Environment('1')
    node = env.nodes['1']
    node.start_etcd = lambda: node.services.running.add('etcd')

    message = failure(env.run('1'))

    assert 'etcd has made no log in /var/lib/etcd/member/wal within 20 s' in message
    assert 'ETCD_INITIAL_CLUSTER_STATE="existing"' in node.text(ENVIRONMENT)


def test_etcd_that_does_not_start_is_an_error_and_leaves_harmless_settings():
    env = Environment('1')
    env.nodes['1'].services.broken.add('etcd')
    env.nodes['1'].start_etcd = lambda: None

    assert 'service etcd: does not run' in failure(env.run('1'))
    assert '"existing"' in env.nodes['1'].text(ENVIRONMENT)


def test_an_etcd_that_ends_after_its_start_is_told_with_what_to_move_away(three):
    """Its data is older than what the others know that it has, say."""
    node = three.nodes['2']
    node.end_etcd()
    node.start_etcd = lambda: node.services.running.add('etcd')
    three.world.meanwhile += [node.end_etcd] * 500

    message = failure(three.run('2'))

    assert 'etcd was started and has ended again. Look for the reason in the log' in (
        message)
    assert 'move /var/lib/etcd/member away. Then run this again' in message
    assert len(three.world.clusters[0].members) == 3

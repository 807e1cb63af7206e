"""Members begin, join, leave and lose their disks."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import FAILED
from tests.unit.fake.etcd import ENVIRONMENT, MEMBER_LOG
from tests.unit.fake.etcd_environment import Environment, failure, states
from tests.unit.fake.system import Entry

ASIDE = '/var/lib/etcd/member.archived-'


@pytest.mark.parametrize('uids', ['1', '123', '12345'])
def test_members_come_up_and_a_second_run_changes_nothing(uids):
    env = Environment(uids + '8')

    env.run_all()

    assert env.members() == ['node-' + uid for uid in uids]
    assert len(env.world.clusters) == 1
    assert env.nodes['8'].is_proxy
    assert [env.nodes[uid].services.starts for uid in uids] == [['etcd']] * len(uids)
    assert env.is_steady()


def test_a_seed_looks_for_a_while_before_it_begins():
    env = Environment('12')
    before = env.world.clock

    env.run('1')
    alone = Environment('1')
    begin = alone.world.clock
    alone.run('1')

    assert env.world.clock - before > 6 > alone.world.clock - begin


def test_a_seed_without_data_begins_no_second_etcd_cluster_in_a_deployed_environment():
    env = Environment('123', '8.0', deployed_before=True)

    message = failure(env.run('1'))

    assert message.startswith(
        'etcd member node-1: there was an etcd cluster before, but no member answers')
    assert 'Start etcd on the other nodes that have been members (calico-fuel etcd ' \
        'there; on Fuel 9 calico-fuel etcd-open-ports before' in message
    assert ('If no node has data any more, run calico-fuel etcd-recover --new-cluster'
            in message)
    assert not env.world.clusters


def lost_at_boot(env):
    """All of *env* were off; the data of node-1 is not mounted, the rest is late."""
    for node in env.nodes.values():
        node.switch_off()
    env.nodes['1'].lose_data()
    env.nodes['1'].switch_on()
    return env


def test_a_seed_whose_data_is_gone_at_boot_begins_no_second_etcd_cluster(three):
    """On Fuel 6.1 and 7.0, whose metadata does not say that there was one before."""
    lost_at_boot(three)

    message = failure(three.run('1'))

    assert 'there was an etcd cluster before' in message
    assert len(three.world.clusters) == 1
    for uid in '23':
        three.nodes[uid].switch_on()
    three.run_all()
    assert three.members() == ['node-1', 'node-2', 'node-3']
    assert len(three.world.clusters) == 1
    assert three.is_steady()


@pytest.mark.parametrize('is_silent', [False, True])
def test_a_seed_without_data_begins_no_second_etcd_cluster_beside_nodes_in_error(
        three, is_silent):
    """The list omits node-2 and node-3, which the metadata file has."""
    three.nodes['1'].lose_data()
    three.uids, three.in_error = ['1'], three.metadata.nodes[1:3]
    for uid in '23' * is_silent:
        three.nodes[uid].is_up = False

    outcomes = three.run('1')

    assert len(three.world.clusters) == 1
    if is_silent:
        assert 'there was an etcd cluster before' in failure(outcomes)
    else:
        assert three.members() == ['node-1', 'node-2', 'node-3']


def test_an_operator_lets_the_seed_begin_where_all_data_is_gone(three):
    lost_at_boot(three)
    for node in three.nodes.values():
        node.lose_data()
        node.is_up = True

    assert FAILED not in states(three.recover('1', is_empty=True))

    three.run_all()
    assert three.members() == ['node-1', 'node-2', 'node-3']


def test_a_new_role_begins_no_second_etcd_cluster_where_the_controllers_are_silent():
    env = Environment('12', '9.2', deployed_before=True)
    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid == '2' else n
        for n in env.metadata.nodes))

    assert 'Start etcd on the other nodes' in failure(env.run('2'))


def test_the_only_member_begins_anew_even_then():
    env = Environment('1', '8.0', deployed_before=True)

    env.run_all()

    assert env.members() == ['node-1']


def test_members_that_join_change_nothing_on_those_that_are_there(three):
    """But whom their firewall lets in."""
    texts = [three.nodes[uid].text(ENVIRONMENT) for uid in '123']
    three.add('45')

    three.run('4')
    three.run('5')

    assert three.members() == ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']
    three.run_all()
    assert texts == [three.nodes[uid].text(ENVIRONMENT) for uid in '123']
    assert [three.nodes[uid].services.starts for uid in '123'] == [['etcd']] * 3
    assert three.is_steady()


@pytest.mark.parametrize('forgotten', ['node-3', '3'])
def test_a_healthy_member_that_fuel_omits_stays_until_it_is_forgotten(three, forgotten):
    three.uids.remove('3')
    three.in_error = three.metadata.nodes[2:3]
    three.run_all()
    assert three.members() == ['node-1', 'node-2', 'node-3'] and three.is_steady()

    three.metadata = three.metadata._replace(forgotten=frozenset([forgotten]))
    three.run_all()

    assert three.members() == ['node-1', 'node-2']


def test_a_member_that_is_gone_is_removed_before_another_is_added(three):
    """Beside a dead one, a member that does not start would cost the quorum."""
    three.nodes['2'].switch_off()
    three.uids.remove('2')
    three.add('4')

    three.run('4')

    assert three.members() == ['node-1', 'node-3', 'node-4']


def test_data_of_a_member_that_was_removed_is_set_aside_not_deleted(three):
    """It was off while the others removed it, and is wanted again now."""
    node = three.nodes['3']
    node.switch_off()
    three.uids.remove('3')
    three.run('1')
    log = node.text(MEMBER_LOG)
    three.uids.append('3')
    node.is_up = True

    outcomes = three.run('3')

    assert FAILED not in states(outcomes)
    assert three.members() == ['node-1', 'node-2', 'node-3']
    kept, = [path for path in node.files if path.startswith(ASIDE)
             and path.endswith('/wal/0.wal')]
    assert node.text(kept) == log


def test_data_that_the_package_made_with_its_defaults_is_set_aside():
    """Trusty's package may have started etcd: alone, and at localhost."""
    env = Environment('12')
    for uid in '12':
        node = env.nodes[uid]
        node.files[ENVIRONMENT] = Entry(
            'ETCD_NAME="default"\n'
            'ETCD_INITIAL_ADVERTISE_PEER_URLS="http://127.0.0.1:2380"\n'
            'ETCD_ADVERTISE_CLIENT_URLS="http://127.0.0.1:2379"\n'
            'ETCD_INITIAL_CLUSTER="default=http://127.0.0.1:2380"\n'
            'ETCD_INITIAL_CLUSTER_STATE="new"\n', 'root:root', 0o644)
        node.start_etcd()

    env.run_all()
    env.run_all()

    assert env.members() == ['node-1', 'node-2']
    assert all(any(path.startswith(ASIDE) for path in env.nodes[uid].files)
               for uid in '12')
    assert env.is_steady()


def test_an_etcd_cluster_that_begins_anew_has_a_token_of_its_own():
    """Else it would have the id of the one before, and old data would fit it."""
    tokens = []
    env = Environment('1')
    for _ in range(2):
        env.run('1')
        node = env.nodes['1']
        tokens.append(node.settings['ETCD_INITIAL_CLUSTER_TOKEN'])
        assert 'ETCD_INITIAL_CLUSTER_TOKEN="calico-fuel-7"' in node.text(ENVIRONMENT)
        node.lose_disk()
        node.is_up = True
        env.world.clock += 60

    assert tokens[0] != tokens[1] and 'calico-fuel-7' not in tokens

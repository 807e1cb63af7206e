"""Members that left the environment without asking take no data along."""

from __future__ import unicode_literals

import pytest

from calico_fuel.__main__ import main
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED
from calico_fuel.errors import RoleError
from calico_fuel.etcd.recovery import step_of_survivor
from calico_fuel.etcd.steps import ForceNewCluster
from calico_fuel.etcd.steps import Refuse
from calico_fuel.etcd.steps import Start
from calico_fuel.etcd.steps import Wait
from calico_fuel.system import Reply
from lab.fuel import fuel_metadata
from tests.unit.builders import roles
from tests.unit.fake.etcd import ENVIRONMENT
from tests.unit.fake.etcd_environment import (
    Environment, failure, killed_at_every_change, states)
from tests.unit.fake.system import Entry
from tests.unit.etcd.test_membership import MINE, PEERS, view


def deleted(uids, left):
    """An etcd cluster of *uids* of which Fuel has deleted all but *left*."""
    env = Environment(uids)
    env.run_all()
    env.world.clusters[-1].keys['/precious'] = ('kept', None)
    for uid in set(uids) - set(left):
        env.nodes.pop(uid).switch_off()
    env.uids = list(left)
    return env


@pytest.mark.parametrize('uids, left', [('12', '2'), ('123', '3'), ('12345', '45')])
def test_those_that_are_left_are_an_etcd_cluster_with_the_data(uids, left):
    env = deleted(uids, left)

    env.run_all()

    assert env.members() == ['node-' + uid for uid in left]
    assert env.world.clusters[-1].keys['/precious'] == ('kept', None)
    assert all('FORCE' not in node.text(ENVIRONMENT) for node in env.nodes.values())
    assert env.is_steady()


def test_nobody_goes_on_alone_beside_nodes_in_error_that_cannot_be_reached():
    """The list omits node-2 and node-3, which have the quorum behind a partition."""
    env = Environment('123')
    env.run_all()
    node = env.nodes['1']
    env.uids, env.in_error = ['1'], env.metadata.nodes[1:3]

    def cut_off(method, url, body):
        if '/health' in url and (node.address in url or '127.0.0.1' in url):
            return Reply(503, '{"health": "false"}')
        return node.ask(method, url, body) if node.address in url else None
    node.servers[:] = [cut_off]

    assert ('the etcd cluster of node-1, node-2, node-3 has no quorum' in failure(
        env.run('1')))
    assert len(env.world.clusters) == 1 and 'etcd' in node.services.running


@pytest.mark.parametrize('forgotten', ['node-1', '1'])
def test_one_goes_on_alone_beside_nodes_in_error_that_the_operator_has_forgotten(
        forgotten):
    env = deleted('12', '2')
    env.in_error = env.metadata.nodes[:1]
    assert 'has no quorum' in failure(env.run('2'))

    env.metadata = env.metadata._replace(forgotten=frozenset([forgotten]))
    env.run_all()

    assert env.members() == ['node-2']


def test_a_revival_that_is_killed_at_any_change_is_finished_by_the_next_run():
    """The switch stays in no file."""
    for env in killed_at_every_change(
            lambda: deleted('12', '2'), '2', lambda env: env.run('2')):
        env.run_all()
        assert env.members() == ['node-2']
        assert 'FORCE' not in env.nodes['2'].text(ENVIRONMENT)
        assert env.is_steady()


def consented(members, is_sure=True, **values):
    return step_of_survivor(
        is_sure, PEERS['a'], view(members, **dict(MINE, **values)))


def test_by_consent_one_that_is_left_goes_on_although_the_others_are_wanted():
    assert consented('abc', sick='a') == ForceNewCluster()
    assert consented('abcde', sick='ab') == ForceNewCluster()
    assert consented('abc', is_loaded=False) == Start(())
    found = consented('abc', sick='a', is_sure=False)
    assert isinstance(found, Refuse)
    assert 'do not answer: b, c. Start etcd on enough of them for a quorum of 2' in (
        found.text)


@pytest.mark.parametrize('members, values, kind', [
    ('abc', {'healthy': 'abc'}, type(None)),
    ('abc', {'healthy': 'bc', 'sick': 'a'}, Refuse),
    ('abc', {'sick': 'ab'}, Wait),              # they elect a leader by themselves
    ('abc', {'sick': 'b'}, Wait),               # it does not answer itself
    ('abc', {'has_log': False}, Refuse),
    ('abc', {'is_loaded': False}, Start)])
def test_consent_takes_nothing_from_an_etcd_cluster_that_can_go_on(
        members, values, kind):
    assert isinstance(consented(members, **values), kind)


@pytest.mark.parametrize('values, words', [
    ({'sick': 'ab'}, 'they elect a leader. Run this again in a minute'),
    ({'sick': 'b'}, 'a does not report that it is healthy. Look for the reason in the '
                    'log of etcd on this node'),
    ({'is_loaded': False}, 'etcd does not run with its settings. Run calico-fuel etcd, '
                           'and then this again')])
def test_without_consent_it_is_said_what_to_do_before_any_is_asked_for(values, words):
    found = consented('abc', is_sure=False, **values)

    assert isinstance(found, Refuse) and found.text.endswith(words)


def test_members_that_may_elect_a_leader_are_to_be_given_time():
    assert consented('abc', sick='ab').text.endswith(
        'are enough for a quorum: they elect a leader. Run this again in a '
        'minute')


def lost(uids, left, **options):
    """An etcd cluster of *uids* whose nodes lost their disks, but *left*."""
    env = Environment(uids, **options)
    env.run_all()
    env.world.clusters[-1].keys['/precious'] = ('kept', None)
    for uid in set(uids) - set(left):
        env.nodes[uid].lose_disk()
        env.nodes[uid].is_up = True
    return env


@pytest.mark.parametrize('uids, left', [('12', '2'), ('123', '3'), ('123', '1'),
                                        ('12345', '24')])
def test_a_survivor_goes_on_by_consent_and_the_others_join_it(uids, left):
    env = lost(uids, left)
    assert '--from-this-node' in failure(env.recover(left[0]))
    assert len(env.world.clusters[-1].members) == len(uids)

    assert FAILED not in states(env.recover(left[0], is_sure=True))

    env.run_all()
    assert env.members() == ['node-' + uid for uid in uids]
    assert env.world.clusters[-1].keys['/precious'] == ('kept', None)
    assert env.is_steady()
    assert set(states(env.recover(left[0], is_sure=True))) == {UNCHANGED}


@pytest.fixture
def survivor(monkeypatch):
    """node-3, whose settings somebody has edited; the two others lost their disks."""
    env = lost('123', '3')
    node = env.nodes['3']
    node.files['/etc/astute.yaml'] = Entry(
        fuel_metadata.text('6.1', roles(3), '3'), 'root:root', 0o600)
    node.write(ENVIRONMENT, node.text(ENVIRONMENT) + '# edited\n')
    node.changes = 0
    monkeypatch.setattr('calico_fuel.__main__.system', node)
    monkeypatch.setattr('calico_fuel.cli.output.keep_log', lambda: None)
    return node


@pytest.mark.parametrize('options', [[], ['--dry-run']])
def test_without_an_option_recover_names_who_is_silent_and_changes_nothing(
        survivor, capfd, options):
    before = dict(survivor.files)

    assert main(['etcd-recover'] + options) == 1

    assert 'these do not answer: node-1, node-2' in capfd.readouterr().err
    assert survivor.changes == 0 and survivor.files == before


def test_without_an_option_recover_does_not_start_etcd_but_says_who_does(
        survivor, capfd):
    survivor.end_etcd()

    assert main(['etcd-recover']) == 1

    assert 'Run calico-fuel etcd, and then this again' in capfd.readouterr().err
    assert survivor.changes == 0 and 'etcd' not in survivor.services.running


def test_by_consent_recover_is_good_and_then_finds_nothing_to_do(survivor):
    assert main(['etcd-recover', '--from-this-node', '--dry-run']) == 0
    assert survivor.changes == 0

    assert main(['etcd-recover', '--from-this-node']) == 0

    assert survivor.changes
    assert main(['etcd-recover']) == 0


def test_a_second_survivor_cannot_go_on_alone_too():
    env = lost('12345', '24')
    env.recover('2', is_sure=True)

    message = failure(env.recover('4', is_sure=True))

    assert 'is healthy, in an etcd cluster of node-2: this node joins it' in message


def test_without_data_nobody_goes_on_alone():
    env = lost('123', '3')

    assert 'Run this on a node that has it; if no node has, run calico-fuel ' \
        'etcd-recover --new-cluster' in failure(env.recover('1', is_sure=True))
    assert 'has no quorum' in failure(env.recover('1', is_empty=True))
    assert len(env.world.clusters) == 1


def test_where_all_is_lost_an_empty_etcd_cluster_begins_by_consent():
    """From Fuel 8.0 on, whose metadata tells that there was one before."""
    env = lost('123', '', release='8.0')
    env.metadata = env.metadata._replace(deployed_before=True)
    assert 'run calico-fuel etcd-recover --new-cluster here' in failure(env.run('1'))

    assert CHANGED in states(env.recover('1', is_empty=True))

    env.run_all()
    assert len(env.world.clusters) == 2
    assert env.members() == ['node-1', 'node-2', 'node-3']
    assert env.is_steady()


def test_a_node_that_is_no_member_is_told_who_is():
    env = Environment('128')

    with pytest.raises(RoleError) as caught:
        env.recover('8', is_sure=True)

    assert 'Run this on one of node-1, node-2' in caught.value.args[0]


def test_a_consented_revival_that_is_killed_is_finished_by_the_next_run():
    for env in killed_at_every_change(
            lambda: lost('123', '3'), '3', lambda env: env.recover('3', is_sure=True)):
        env.run_all()
        assert env.members() == ['node-1', 'node-2', 'node-3']
        assert env.world.clusters[-1].keys['/precious'] == ('kept', None)
        assert 'FORCE' not in env.nodes['3'].text(ENVIRONMENT)
        assert env.is_steady()

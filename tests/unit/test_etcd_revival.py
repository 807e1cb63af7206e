"""Members that left the environment without asking take no data along."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd_steps import Revive
from tests.unit.fake.etcd import ENVIRONMENT
from tests.unit.fake.system import Killed
from tests.unit.test_etcd_membership import step
from tests.unit.test_member import Environment

MINE = {'has_data': True, 'is_loaded': True}


def test_the_one_that_is_left_of_two_goes_on_alone():
    assert step('a', 'ac', 'ab', sick='a', **MINE) == Revive()


def test_of_two_that_are_left_of_five_only_the_first_does():
    assert step('a', 'ab', 'abcde', sick='ab', **MINE) == Revive()
    assert step('b', 'ab', 'abcde', sick='ab', **MINE) != Revive()


@pytest.mark.parametrize('me, wanted, members, sick', [
    ('a', 'ab', 'ab', 'a'),         # the other one may come back
    ('a', 'ab', 'abcde', 'a'),      # so may one that is left
    ('a', 'ab', 'abc', 'ab'),       # two of three elect a leader by themselves
    ('a', 'ac', 'ab', 'ab')])       # who left still answers
def test_while_the_quorum_may_come_back_it_is_waited_for(me, wanted, members, sick):
    assert step(me, wanted, members, sick=sick, **MINE) != Revive()


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


def test_a_new_controller_joins_the_one_that_is_left():
    env = deleted('12', '2')
    env.add('3')

    env.run_all()

    assert env.members() == ['node-2', 'node-3']


def test_a_revival_that_is_killed_at_any_change_is_finished_by_the_next_run():
    """The switch stays in no file."""
    whole = deleted('12', '2')
    whole.nodes['2'].changes = 0
    whole.run('2')
    for moment in range(1, whole.nodes['2'].changes + 1):
        env = deleted('12', '2')
        env.nodes['2'].changes, env.nodes['2'].dies_at = 0, moment
        with pytest.raises(Killed):
            env.run('2')
        env.nodes['2'].dies_at = None
        env.run_all()
        assert env.members() == ['node-2']
        assert 'FORCE' not in env.nodes['2'].text(ENVIRONMENT)
        assert env.is_steady()

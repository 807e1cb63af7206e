"""Which tasks are due, by the functions that Nailgun adds to yaql."""

import pytest

from lab.fuel import graph_tasks
from lab.fuel.conditions import ConditionError, evaluate, is_due
from tests.graph.builders import tasks

OLD = {'uid': '1', 'a': 1, 'b': {'c': [1, 2]}, 'text': 'x\ny', 'gone': 5,
       'nodes': [{'uid': '1', 'role': 'compute'}]}
NEW = {'uid': '1', 'a': 1, 'b': {'c': [1, 3], 'd': 4}, 'text': 'x\nz', 'fresh': None,
       'nodes': [{'uid': '1', 'role': 'compute'}, {'uid': '2', 'role': 'compute'}]}


def due(condition, old=OLD, new=NEW, type='puppet'):
    task = tasks({'id': 'the-task', 'type': type, 'condition': condition})['the-task']
    return is_due(task, old, new)


def yaql(expression):
    return {'yaql_exp': expression}


@pytest.mark.parametrize('expression, expected', [
    ('changed($)', True),
    ('changed($.a)', False),
    ('changed($.b.c)', True),
    ('changed($.nodes.uid)', True),
    ('changed($.nodes.where($.uid = 1))', False),
    # An empty new value differs from none at all, and get makes them equal.
    ('changed($.fresh)', True),
    ('changed($.get(fresh))', False),
    ('changed($.get(gone))', True),
    ('changedAny($.a, $.text)', True),
    ('changedAny($.a, $.uid)', False),
    ('not changed($.a) and $.a = 1', True),
    ("'2' in added($.nodes).uid", True),
    ('$.uid in added($.nodes).uid', False),
])
def test_a_condition_compares_new_metadata_with_old(expression, expected):
    assert due(yaql(expression)) is expected


@pytest.mark.parametrize('expression', [
    'changed($)', 'changed($.a)', '$.uid in added($.nodes).uid'])
def test_everything_has_changed_on_a_node_on_which_the_task_never_succeeded(expression):
    assert due(yaql(expression), old={})


@pytest.mark.parametrize('type', ['skipped', 'stage', 'group'])
def test_a_task_that_does_nothing_is_never_due(type):
    assert not due(None, type=type)


def test_a_task_without_a_condition_is_always_due():
    assert due(None)


@pytest.mark.parametrize('expression, words', [
    ('$.nothing', 'the condition of the-task: Nailgun would fail on .*nothing'),
    ('changedAny($.a,\n $.no)', r'on "changedAny\(\$.a, \$.no\)": KeyError'),
    ('changed($.a', 'the condition of the-task: Nailgun would fail'),
])
def test_a_condition_that_nailgun_fails_on_is_named_with_its_task(expression, words):
    with pytest.raises(ConditionError, match=words):
        due(yaql(expression))


def test_a_key_that_core_data_reacts_to_need_not_exist():
    expression = graph_tasks.reaction(['no.such.key', 'a'])

    assert evaluate(expression, OLD, NEW) is False
    assert evaluate(expression, OLD, dict(NEW, no={'such': {'key': 0}})) is True

"""Which tasks are due, by the functions that Nailgun adds to yaql."""

import pytest

from lab.fuel import conditions
from lab.fuel.conditions import ConditionError, evaluate, is_due, rendered
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
    ('changedAll($.b, $.text)', True),
    ('changedAll($.a, $.text)', False),
    ('not changed($.a) and $.a = 1', True),
    ('old($.gone) = 5 and new($.a) = 1', True),
    ('old($.fresh).isUndef()', True),
    ('old($.a).isUndef()', False),
    ("'2' in added($.nodes).uid", True),
    ('$.uid in added($.nodes).uid', False),
])
def test_a_condition_compares_new_metadata_with_old(expression, expected):
    assert due(yaql(expression)) is expected


@pytest.mark.parametrize('expression, expected', [
    ('added($.b.c)', [3]),
    ('deleted($.b.c)', [2]),
    ('added($.b)', {'c': [1, 3], 'd': 4}),
    ('deleted($.b)', {'c': [1, 2]}),
    ('added($.text)', ['z']),
    ('deleted($.text)', ['y']),
    ('added($.a)', None),
    ('added($.nodes).uid', ['2']),
    ('deleted($.nodes)', []),
    ('added($.fresh)', None),
    ('deleted($.get(gone))', 5),
    ('$.b.toYaml()', 'c:\n- 1\n- 3\nd: 4\n'),
    ('$.b.c.toJson()', '[1, 3]'),
])
def test_an_expression_has_the_value_that_nailgun_gives_it(expression, expected):
    assert evaluate(expression, OLD, NEW) == expected


@pytest.mark.parametrize('expression', [
    'changed($)', 'changed($.a)', 'changedAll($.a, $.b)',
    '$.uid in added($.nodes).uid'])
def test_everything_has_changed_on_a_node_on_which_the_task_never_succeeded(expression):
    assert due(yaql(expression), old={})


@pytest.mark.parametrize('type', ['skipped', 'stage', 'group'])
def test_a_task_that_does_nothing_is_never_due(type):
    assert not due(None, type=type)


@pytest.mark.parametrize('condition, expected', [
    (None, True), (True, True), (False, False), (yaql('[]'), False),
    ('settings:a.value == 1', True), ('settings:a.value != 1', False),
    ('settings:b.d == 4', True), ("settings:uid.value == '1'", True),
    ('settings:no.such.value == true', False), ('settings:fresh == null', True),
    ('cluster:mode == "ha"', True),
    # What an expression returns as a text is a condition of the older kind.
    (yaql("'settings:a == 2'"), False),
])
def test_a_condition_may_be_missing_a_value_or_an_older_comparison(condition, expected):
    assert due(condition, new=dict(NEW, cluster={'mode': 'ha'})) is expected


@pytest.mark.parametrize('condition, words', [
    (yaql('$.nothing'), 'the condition of the-task: Nailgun would fail on .*nothing'),
    (yaql('changedAny($.a,\n $.no)'), r'on "changedAny\(\$.a, \$.no\)": KeyError'),
    (yaql('changed($.a'), 'the condition of the-task: Nailgun would fail'),
    ('a and b', 'the-task: "a and b" is no comparison like .*: write it so, or'),
])
def test_a_condition_that_nailgun_fails_on_is_named_with_its_task(condition, words):
    with pytest.raises(ConditionError, match=words):
        due(condition)


def test_a_key_that_core_data_reacts_to_need_not_exist():
    expression = conditions.reaction(['no.such.key', 'a'])

    assert evaluate(expression, OLD, NEW) is False
    assert evaluate(expression, OLD, dict(NEW, no={'such': {'key': 0}})) is True


def test_texts_are_formatted_unless_they_have_braces_that_mean_something_else():
    data = {'cluster': {'id': 7}, 'master_ip': '192.0.2.1', 'uid': '3'}
    written = {'cmd': 'echo {CLUSTER_ID} {MASTER_IP}',
               'shell': 'echo {CLUSTER_ID} ${X}',
               'regex': '{CLUSTER_ID}', 'list': ['{CLUSTER_ID}', 5],
               'uid': yaql('$.uid'), 'lone': '{', 'place': '{}'}

    assert rendered(written, {}, data) == {
        'cmd': 'echo 7 192.0.2.1', 'shell': 'echo {CLUSTER_ID} ${X}',
        'regex': '{CLUSTER_ID}', 'list': ['7', 5], 'uid': '3', 'lone': '{',
        'place': '{}'}

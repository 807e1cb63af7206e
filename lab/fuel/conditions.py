"""Conditions and expressions in the tasks of Fuel 9, evaluated as Nailgun does.

An expression in yaql sees as ``$`` the new metadata of the node, and can compare
it with the old one: the metadata with which this task last succeeded on this
node, which is empty for a node that is new or in error.
"""

import difflib
import functools
import json
import re
from collections import abc

import yaml
import yaql
from yaql.language import specs, utils, yaqltypes

from lab.machine import programs

ENGINE = yaql.YaqlFactory().create({
    'yaql.limitIterators': 10000, 'yaql.memoryQuota': 100 * 1024 * 1024,
    'yaql.convertTuplesToLists': True, 'yaql.convertSetsToLists': True})
CONTEXT = yaql.create_context()
UNDEFINED = object()
VIEWS = {
    'everything': '$',
    'is_primary': "'primary-controller' in $.roles",
    'controllers': '$.get(network_metadata, {}).get(nodes, {}).values().where('
                   "$.node_roles.any($.matches('(primary-)?controller')))",
    'own_node': '$.get(network_metadata, {}).get(nodes, {})'
                ".get(concat('node-', $.uid))",
}
COMPARISON = re.compile(
    r'''\s*(settings|cluster):([\w.-]+)\s*(==|!=)\s*('[^']*'|"[^"]*"|[\w.-]+)\s*''')


class ConditionError(programs.LabError):
    """A condition that Nailgun could not evaluate: the deployment would not begin."""


def is_due(task, old, new):
    """Whether Nailgun lets the task run on a node with *old* and *new* metadata."""
    if task.type in ('skipped', 'stage', 'group'):
        return False
    condition = True if task.condition is None else task.condition
    try:
        condition = rendered(condition, old, new)
        return bool(_comparison(condition, new) if isinstance(condition, str)
                    else condition)
    except ConditionError as error:
        raise ConditionError('the condition of {}: {}'.format(task.id, error)) from None


def rendered(value, old, new):
    """*value* with its expressions evaluated and its texts formatted.

    A text with a brace that Python's str.format knows nothing of, such as a
    shell's ${X}, stays as it is altogether.
    """
    if isinstance(value, abc.Mapping):
        if 'yaql_exp' in value:
            return evaluate(value['yaql_exp'], old, new)
        return {key: each if key == 'regex' else rendered(each, old, new)
                for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rendered(each, old, new) for each in value]
    if isinstance(value, str):
        return _formatted(value, new)
    return value


def _formatted(text, data):
    try:
        return text.format(
            CLUSTER_ID=data.get('cluster', {}).get('id'),
            OPENSTACK_VERSION=data.get('openstack_version'),
            MASTER_IP=data.get('master_ip'),
            CN_HOSTNAME=data.get('public_ssl', {}).get('hostname'))
    except (LookupError, ValueError, AttributeError):
        return text


def evaluate(expression, old, new):
    """The value of a yaql expression, in plain Python types."""
    context = CONTEXT.create_child_context()
    _register(context, old, new)
    try:
        return _parsed(expression).evaluate(data=new, context=context)
    except Exception as error:
        raise ConditionError('Nailgun would fail on "{}": {!r}'.format(
            ' '.join(expression.split()), error)) from error


@functools.lru_cache(maxsize=None)
def _parsed(expression):
    return ENGINE(expression)


def reaction(terms):
    """The expression for what core data says of a task by ``reacts_to``.

    A term is a path of keys, joined by dots, of which none has to exist; or one of
    the VIEWS.  One that has changed is enough.
    """
    watched = [VIEWS.get(term) or _lookup(term) for term in terms if term != 'new_node']
    tests = ['changedAny({})'.format(', '.join(watched))] if watched else []
    return ' or '.join(['$.uid in added($.nodes).uid'] * ('new_node' in terms) + tests)


def _lookup(path):
    *parents, last = path.split('.')
    return '$' + ''.join('.get({}, {{}})'.format(key) for key in parents) + (
        '.get({})'.format(last))


def _register(context, old, new):
    def of_old(expression):
        # What cannot be looked up differs from everything, the empty value too.
        try:
            return expression(old)
        except Exception:
            return UNDEFINED

    def has_changed(expression):
        return _plain(expression(new)) != _plain(of_old(expression))

    @specs.parameter('expression', yaqltypes.Lambda())
    def get_new(expression):
        return expression(new)

    @specs.parameter('expression', yaqltypes.Lambda())
    def get_old(expression):
        return of_old(expression)

    @specs.parameter('expression', yaqltypes.Lambda())
    def changed(expression):
        return has_changed(expression)

    @specs.parameter('expressions', yaqltypes.Lambda())
    def changed_any(*expressions):
        return any(has_changed(expression) for expression in expressions)

    @specs.parameter('expressions', yaqltypes.Lambda())
    def changed_all(*expressions):
        return all(has_changed(expression) for expression in expressions)

    @specs.parameter('expression', yaqltypes.Lambda())
    def added(expression):
        before = of_old(expression)
        value = _plain(expression(new))
        return value if before is UNDEFINED else _difference(_plain(before), value)[0]

    @specs.parameter('expression', yaqltypes.Lambda())
    def deleted(expression):
        before = of_old(expression)
        value = _plain(expression(new))
        return None if before is UNDEFINED else _difference(_plain(before), value)[1]

    for function, name in ((get_new, 'new'), (get_old, 'old'), (changed, 'changed'),
                           (changed_any, 'changedAny'), (changed_all, 'changedAll'),
                           (added, 'added'), (deleted, 'deleted'),
                           (_is_undef, 'isUndef'), (_to_yaml, 'toYaml'),
                           (_to_json, 'toJson')):
        context.register_function(function, name=name)


@specs.method
def _is_undef(receiver):
    return receiver is UNDEFINED


@specs.method
def _to_yaml(receiver):
    return yaml.safe_dump(_plain(receiver), default_flow_style=False)


@specs.method
def _to_json(receiver):
    return json.dumps(_plain(receiver))


def _plain(value):
    """The value without yaql's own types, so that values can be compared."""
    if isinstance(value, abc.Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (abc.Set, abc.Sequence, abc.Iterator)) or \
            utils.is_iterable(value):
        return value if isinstance(value, str) else [_plain(each) for each in value]
    return value


def _difference(old, new):
    """What is in *new* only, and what in *old* only; not looked into deeply."""
    if type(old) is not type(new):
        return new, old
    if isinstance(new, dict):
        return ({key: new[key] for key in new if old.get(key, UNDEFINED) != new[key]},
                {key: old[key] for key in old if new.get(key, UNDEFINED) != old[key]})
    if isinstance(new, str):
        old, new = old.splitlines(), new.splitlines()
    if not isinstance(new, list):
        return (None, None) if old == new else (new, old)
    added, deleted = [], []
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(
            None, *([json.dumps(each, sort_keys=True) for each in values]
                    for values in (old, new))).get_opcodes():
        if kind != 'equal':
            added += new[new_start:new_end]
            deleted += old[start:end]
    return added, deleted


def _comparison(condition, data):
    """A condition in the older language: one comparison, all that is used here.

    Nailgun looks it up in the node's metadata, where a setting is its value.
    """
    match = COMPARISON.fullmatch(condition)
    if not match:
        raise ConditionError('"{}" is no comparison like settings:a.b.value == true: '
                             'write it so, or as yaql_exp'.format(condition))
    root, path, operator, literal = match.groups()
    value = data.get('cluster') if root == 'cluster' else data
    if root == 'settings' and path.endswith('.value'):
        path = path[:-len('.value')]
    for key in path.split('.'):
        value = value.get(key) if isinstance(value, abc.Mapping) else None
    wanted = None if literal == 'null' else yaml.safe_load(literal)
    return (value == wanted) is (operator == '==')

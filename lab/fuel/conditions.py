"""Conditions of Fuel 9's tasks: yaql, with the functions that Nailgun adds to it.

An expression sees as ``$`` the new metadata of the node, and can compare it with the
old one: the metadata with which this task last succeeded on this node, which is empty
for a node that is new or in error. Here are the functions that the tasks use: changed,
changedAny, added.
"""

import functools
from collections import abc

import yaql
from yaql.language import specs, utils, yaqltypes

from lab.machine import programs

ENGINE = yaql.YaqlFactory().create({
    'yaql.limitIterators': 10000, 'yaql.memoryQuota': 100 * 1024 * 1024,
    'yaql.convertTuplesToLists': True, 'yaql.convertSetsToLists': True})
CONTEXT = yaql.create_context()
UNDEFINED = object()


class ConditionError(programs.LabError):
    """A condition that Nailgun could not evaluate: the deployment would not begin."""


def is_due(task, old, new):
    """Whether Nailgun lets the task run on a node with *old* and *new* metadata."""
    if task.type in ('skipped', 'stage', 'group'):
        return False
    if task.condition is None:
        return True
    try:
        return bool(evaluate(task.condition['yaql_exp'], old, new))
    except ConditionError as error:
        raise ConditionError('the condition of {}: {}'.format(task.id, error)) from None


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


def _register(context, old, new):
    def of_old(expression):
        # What cannot be looked up differs from everything, the empty value too.
        try:
            return _plain(expression(old))
        except Exception:
            return UNDEFINED

    @specs.parameter('expressions', yaqltypes.Lambda())
    def changed(*expressions):
        return any(_plain(expression(new)) != of_old(expression)
                   for expression in expressions)

    @specs.parameter('expression', yaqltypes.Lambda())
    def added(expression):
        before, value = of_old(expression), _plain(expression(new))
        return value if before is UNDEFINED else [
            each for each in value if each not in before]

    for function, name in ((changed, 'changed'), (changed, 'changedAny'),
                           (added, 'added')):
        context.register_function(function, name=name)


def _plain(value):
    """The value without yaql's own types, so that values can be compared."""
    if isinstance(value, abc.Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (abc.Set, abc.Sequence, abc.Iterator)) or \
            utils.is_iterable(value):
        return value if isinstance(value, str) else [_plain(each) for each in value]
    return value

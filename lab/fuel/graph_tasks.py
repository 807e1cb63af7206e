"""The tasks of Fuel 9 as Nailgun stores them: those of a release, and a plugin's.

The core tasks of a release are data, in ``core_tasks/``. A plugin's definition
replaces a core task as a whole.
"""

import functools
from collections import namedtuple
from pathlib import Path

import yaml

from lab.machine import programs

CORE = Path(__file__).parent / 'core_tasks'
RELATIONS = ('requires', 'required_for', 'cross_depends', 'cross_depended_by')
# What core data reacts to beside the keys of a node's metadata.
VIEWS = {
    'everything': '$',
    'is_primary': "'primary-controller' in $.roles",
    'controllers': '$.get(network_metadata, {}).get(nodes, {}).values().where('
                   "$.node_roles.any($.matches('(primary-)?controller')))",
    'own_node': '$.get(network_metadata, {}).get(nodes, {})'
                ".get(concat('node-', $.uid))",
}


class GraphError(programs.LabError):
    """Tasks of which Fuel could make no deployment."""


class Task(namedtuple('Task', (
        'id', 'type', 'where') + RELATIONS + (
            'condition', 'parameters', 'subtasks', 'fault_tolerance'))):
    """A task: ``where`` names tags or roles, the relations are as written.

    ``subtasks`` are the ids that a group adds to the nodes of its roles, and
    ``fault_tolerance`` says how many of them may fail.
    """


@functools.lru_cache(maxsize=None)
def core(release):
    """The file of the release's core tasks, read."""
    path = CORE / '{}.yaml'.format(release)
    if not path.exists():
        raise GraphError('there are no core tasks of Fuel {}: {} is missing'.format(
            release, path))
    data = yaml.safe_load(path.read_text())
    if 'base' in data:
        data = _over(core(data['base']), data)
    return data


def _over(base, data):
    """*data* over *base*: the keys of a task over those of the same task."""
    own = {entry['id']: entry for entry in data['tasks']}
    tasks = [dict(entry, **own.pop(entry['id'], {})) for entry in base['tasks']]
    return dict(base, **dict(data, tasks=tasks + list(own.values()),
                             left_out=base['left_out'] + data['left_out']))


def tasks_of(release, plugin_tasks=()):
    """The tasks of the release, with what yaml made of a plugin's over them."""
    tasks = {}
    for entry in core(release)['tasks'] + list(plugin_tasks):
        tasks[entry['id']] = task_of(release, entry)
    return tasks


def task_of(release, entry):
    """A task from an entry of a file, as the release's Nailgun stores it."""
    roles = entry.get('role') or entry.get('roles')
    where = '*' if roles in ('*', ['*']) else roles or entry.get('groups')
    if isinstance(where, str) and not (where == '*' == roles or roles == ['*']):
        where = [where]
    if release == '9.2':
        where = entry.get('tags', where)
    # Core data says shortly what it reacts to; Fuel says it by an expression.
    condition = entry.get('condition')
    if entry.get('reacts_to'):
        condition = {'yaql_exp': reaction(entry['reacts_to'])}
    return Task(
        entry['id'], entry['type'], where,
        *(entry.get(name, entry.get(name.replace('_', '-'))) or []
          for name in RELATIONS),
        condition, entry.get('parameters') or {}, entry.get('tasks') or [],
        entry.get('fault_tolerance'))


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

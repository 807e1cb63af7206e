"""The task graph of Fuel 9 (LCM): which task runs on which node, and after what.

Written after Nailgun's serializer of a transaction.  The tasks of the release
and those of the plugins become one set, where a plugin's definition replaces a
core task as a whole; each task is placed on nodes by tags, roles or groups; and
its dependencies become edges between the steps (node, task) of a deployment.
Stages are steps of a node of their own, the sync node, for which the uid None
stands.  The core tasks are data: ``core_tasks/``.

    tasks = tasks_of('9.2', plugin_tasks)
    placed = place(tasks, [node('9.2', '1', ['primary-controller']), ...])
    for step in order(placed): ...
"""

import functools
import heapq
import re
from collections import namedtuple
from pathlib import Path

import yaml

from lab.fuel import conditions
from lab.machine import programs

CORE = Path(__file__).parent / 'core_tasks'
SYNC, MASTER = None, 'master'
RELATIONS = ('requires', 'required_for', 'cross_depends', 'cross_depended_by')


class GraphError(programs.LabError):
    """Tasks of which Fuel could make no deployment."""


class CycleError(GraphError):
    """Steps that wait for each other: ``cycle``, each one after the next."""

    def __init__(self, cycle):
        self.cycle = cycle
        super().__init__('no step of this cycle could ever begin: {}'.format(
            ', which waits for '.join(str(step) for step in cycle + cycle[:1])))


class Task(namedtuple('Task', (
        'id', 'type', 'where') + RELATIONS + (
            'condition', 'parameters', 'subtasks', 'fault_tolerance'))):
    """A task: ``where`` names tags or roles, the relations are as written.

    ``subtasks`` are the ids that a group adds to the nodes of its roles, and
    ``fault_tolerance`` says how many of them may fail.
    """

    __slots__ = ()


class Step(namedtuple('Step', 'uid id')):
    """A task on a node."""

    __slots__ = ()

    def __str__(self):
        return self.id if self.uid is SYNC else '{} on {}'.format(*self[::-1])


class Node(namedtuple('Node', 'uid names data')):
    """A node: ``names`` are what tasks call it by, ``data`` is its metadata."""

    __slots__ = ()


class Placed(namedtuple('Placed', 'tasks nodes ids')):
    """The tasks by id, the nodes by uid, and the ids of each uid's tasks.

    ``nodes`` has no master and no sync node, ``ids`` has both.
    """

    __slots__ = ()

    def steps(self):
        return [Step(uid, id) for uid, ids in self.ids.items() for id in ids]


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
    own = {entry['id']: entry for entry in data['tasks']}
    tasks = [own.pop(entry['id'], entry) for entry in base['tasks']]
    return dict(base, tasks=tasks + list(own.values()),
                left_out=base['left_out'] + data['left_out'])


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
    if 'reacts_to' in entry:
        condition = {'yaql_exp': conditions.reaction(entry['reacts_to'])}
    return Task(
        entry['id'], entry['type'], where,
        *(entry.get(name, entry.get(name.replace('_', '-'))) or []
          for name in RELATIONS),
        condition, entry.get('parameters') or {}, entry.get('tasks') or [],
        entry.get('fault_tolerance'))


def node(release, uid, roles, data=None):
    """A Node of an environment of the release, by its roles.

    In 9.2 tasks call a node by tags: a role stands for its own ones or, when it
    has none, for itself; primary-<role> for primary-<tag> of each.
    """
    tags = core(release).get('tags', {})
    names = set()
    for role in roles:
        prefix, plain = re.fullmatch('(primary-)?(.*)', role).groups()
        names.update((prefix or '') + tag for tag in tags.get(plain, [plain]))
    return Node(uid, frozenset(names), data or {'uid': uid, 'roles': sorted(names)})


def matches(pattern, name):
    """A pattern in slashes matches what begins like it, any other only itself."""
    if pattern.startswith('/') and pattern.endswith('/'):
        return re.match(pattern[1:-1], name) is not None
    return pattern == name


def resolve(where, nodes, policy='all'):
    """The uids of the nodes that *where* names; of no list, none.

    For the policy ``any`` Nailgun takes one of them, and nobody can tell which: here
    one from the middle.
    """
    if where == '*':
        uids = sorted(nodes)
    else:
        where = [where] if isinstance(where, str) else where or ()
        uids = sorted(
            uid for uid in nodes
            if any(matches(name, own) for name in where for own in nodes[uid].names))
        if MASTER in where:
            uids.append(MASTER)
    return uids[len(uids) // 2:][:1] if policy == 'any' else uids


def place(tasks, nodes):
    """Each task on its nodes: Placed."""
    nodes = {each.uid: each for each in nodes}
    ids = {SYNC: []}
    for task in tasks.values():
        if task.type == 'group':
            continue
        for uid in [SYNC] if task.type == 'stage' else resolve(task.where, nodes):
            ids.setdefault(uid, []).append(task.id)
    for group in tasks.values():
        if group.type == 'group':
            for uid in resolve(group.where, nodes):
                _extend(ids.setdefault(uid, []), group, tasks)
    return Placed(tasks, nodes, ids)


def _extend(ids, group, tasks):
    for id in group.subtasks:
        if id not in tasks:
            raise GraphError('the group {} adds the task {}, which nobody defines: '
                             'correct the id in its "tasks"'.format(group.id, id))
        if id not in ids:
            ids.append(id)


def edges(placed):
    """Each Step -> the Steps that it waits for.

    A step that matches its own pattern does not wait for itself.
    """
    before = {step: set() for step in placed.steps()}
    for step in before:
        task = _evaluated(placed, step)
        for name in task.requires:
            before[step].update(_near(placed, step, name))
        for dependency in task.cross_depends:
            before[step].update(_across(placed, step, dependency))
        for name in task.required_for:
            for later in _near(placed, step, name):
                before[later].add(step)
        for dependency in task.cross_depended_by:
            for later in _across(placed, step, dependency):
                before[later].add(step)
    for step in before:
        before[step].discard(step)
    return before


def _evaluated(placed, step):
    task = placed.tasks[step.id]
    data = placed.nodes[step.uid].data if step.uid in placed.nodes else {}
    return task._replace(**{
        name: conditions.rendered(getattr(task, name), {}, data) or []
        for name in RELATIONS})


def _near(placed, step, name):
    """Steps of the same node and of the sync node."""
    return _named(placed, name, [step.uid, SYNC])


def _across(placed, step, dependency):
    if not dependency:
        return []
    where = dependency.get('tags', dependency.get('role', '*'))
    if where == 'self':
        return _named(placed, dependency['name'], [step.uid])
    if where is None:
        return _named(placed, dependency['name'], [SYNC])
    return _named(placed, dependency['name'], resolve(
        where, placed.nodes, dependency.get('policy', 'all')))


def _named(placed, name, uids):
    return [Step(uid, id) for uid in uids for id in placed.ids.get(uid, ())
            if matches(name, id)]


def order(placed):
    """Every Step, after all that it waits for.  Raises CycleError.

    Of the steps that may begin, the task that was defined first comes first.
    """
    before = edges(placed)
    after = {step: [] for step in before}
    for step, earlier in before.items():
        for other in earlier:
            after[other].append(step)
    rank = {id: number for number, id in enumerate(placed.tasks)}
    missing = {step: len(earlier) for step, earlier in before.items()}
    ready = [(rank[step.id], str(step.uid), step) for step in before
             if not missing[step]]
    heapq.heapify(ready)
    done = []
    while ready:
        step = heapq.heappop(ready)[-1]
        done.append(step)
        for later in after[step]:
            missing[later] -= 1
            if not missing[later]:
                heapq.heappush(ready, (rank[later.id], str(later.uid), later))
    if len(done) < len(before):
        raise CycleError(_cycle(before, set(before) - set(done)))
    return done


def _cycle(before, stuck):
    """Every stuck step waits for a stuck one: follow them until one comes again."""
    path = [min(stuck, key=str)]
    while True:
        step = min((other for other in before[path[-1]] if other in stuck), key=str)
        if step in path:
            return path[path.index(step):]
        path.append(step)

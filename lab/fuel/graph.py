"""The task graph of Fuel 9 (LCM): which task runs on which node, and after what.

Written after Nailgun's serializer of a transaction. Each task is placed on nodes by
tags, roles or groups, and its dependencies become edges between the steps (node, task)
of a deployment. Stages are steps of a node of their own, the sync node, for which the
uid None stands.

    tasks = graph_tasks.tasks_of('9.2', plugin_tasks)
    placed = place(tasks, [node('9.2', '1', ['primary-controller']), ...])
    for step in order(placed): ...
"""

import graphlib
import heapq
import re
from collections import namedtuple

from lab.fuel import conditions
from lab.fuel.graph_tasks import RELATIONS, GraphError, core

SYNC, MASTER = None, 'master'


class Step(namedtuple('Step', 'uid id')):
    """A task on a node."""

    def __str__(self):
        return self.id if self.uid is SYNC else '{} on {}'.format(*self[::-1])


class Node(namedtuple('Node', 'uid names data')):
    """A node: ``names`` are what tasks call it by, ``data`` is its metadata."""


class Placed(namedtuple('Placed', 'tasks nodes ids')):
    """The tasks by id, the nodes by uid, and the ids of each uid's tasks.

    ``nodes`` has no master and no sync node, ``ids`` has both.
    """

    def steps(self):
        return [Step(uid, id) for uid, ids in self.ids.items() for id in ids]


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
    """The task of a step, its relations as lists, whatever they are written as."""
    task = placed.tasks[step.id]
    data = placed.nodes[step.uid].data if step.uid in placed.nodes else {}
    return task._replace(**{
        name: conditions.evaluate(getattr(task, name)['yaql_exp'], {}, data) or []
        for name in RELATIONS if 'yaql_exp' in getattr(task, name)})


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
    """Every Step, after all that it waits for.  Raises GraphError on a cycle.

    Of the steps that may begin, the task that was defined first comes first.
    """
    sorter = graphlib.TopologicalSorter(edges(placed))
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        raise GraphError('no step of this cycle could ever begin: {}'.format(
            ', which waits for '.join(map(str, reversed(error.args[1]))))) from None
    rank = {id: number for number, id in enumerate(placed.tasks)}
    ready, done = [], []
    while sorter.is_active():
        for step in sorter.get_ready():
            heapq.heappush(ready, (rank[step.id], str(step.uid), step))
        done.append(heapq.heappop(ready)[-1])
        sorter.done(done[-1])
    return done

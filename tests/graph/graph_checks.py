"""What can be said of a task graph before it is deployed.

Fuel itself says little: it drops a dependency on what does not exist, and a plugin
that replaces a core task takes the place of its dependencies too.
"""

from lab.fuel import graph


def dangling(tasks):
    """(id, name) of each dependency of a task on a name that no task has.

    A group is no step, so a dependency on one dangles too; those *of* groups have no
    meaning in LCM, and expressions are not looked into.
    """
    ids = [task.id for task in tasks.values() if task.type != 'group']
    return [(task.id, name) for task in tasks.values() if task.type != 'group'
            for name in _names(task)
            if not any(graph.matches(name, id) for id in ids)]


def _names(task):
    for value in (task.requires, task.required_for):
        yield from value if isinstance(value, list) else ()
    for value in (task.cross_depends, task.cross_depended_by):
        for dependency in value if isinstance(value, list) else ():
            if dependency:
                yield dependency['name']


def nowhere(tasks, placed):
    """The ids of tasks that no node has, other than groups."""
    somewhere = {id for ids in placed.ids.values() for id in ids}
    return [task.id for task in tasks.values()
            if task.type != 'group' and task.id not in somewhere]


def ancestors(placed):
    """Each Step -> all Steps that are done before it begins, whatever the timing."""
    before, result = graph.edges(placed), {}
    for step in graph.order(placed):
        result[step] = set(before[step])
        for earlier in before[step]:
            result[step] |= result[earlier]
    return result


def lost(old, new, replaced):
    """(earlier, later) of steps whose order in the Placed *old* is none in *new*.

    The steps of *replaced* ids are not asked about, only whether others relied on
    them for their own order.
    """
    after = ancestors(new)
    return sorted(
        ((earlier, later) for later, all_earlier in ancestors(old).items()
         for earlier in all_earlier
         if later in after and earlier not in after[later]
         and not {earlier.id, later.id} & set(replaced)), key=str)

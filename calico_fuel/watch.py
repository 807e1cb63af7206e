"""Run the node's tasks again at boot, and whenever the list of nodes changes.

Fuel 6.1-8.0 runs nothing of a plugin on the nodes that are there already when
a compute comes or goes, but writes /etc/hiera/nodes.yaml anew on all of them.
It truncates and rewrites the file in place, and removes it in between on a
node that it deploys again.  So the directory is watched, and what counts is a
text that is there, differs from the one handled last, and stays for a second.
"""

from __future__ import unicode_literals

from calico_fuel import etcd
from calico_fuel.errors import CommandError
from calico_fuel.errors import FileError

NODES = '/etc/hiera/nodes.yaml'
# What depends on the list of nodes, on whichever node; a task finds nothing to
# do where the node has no part in it.  Sessions first: they do not wait for etcd.
TASKS = ('route-reflector', 'etcd', 'compute')
# The bridges of the traditional set-up come back at boot too.
ALL_TASKS = TASKS + ('cleanup',)
# Of a node with an etcd member; it saves only what has changed.
BACKUP = ('backup',)
SECONDS_AFTER_A_CHANGE = 600
SECONDS_BETWEEN_RUNS = 3600
SECONDS_TO_SETTLE = 1
SECONDS_BETWEEN_TRIES = 30
TRIES = 5
SECONDS_OF_A_TASK = 600


def watch(system, directory, program, rounds):
    """Run the tasks now, whenever the list changes, and now and then.

    *directory* is the one of the list, as in ``inotify``; *program* is the argv
    that a task's name is appended to.  The run some time
    after a new list sees to what comes late: agents that the nodes of that
    deployment have stopped count as dead in Neutron only after a while, and
    Fuel 8.0 brings the bridges back on nodes where it runs no task of ours.
    """
    handled = _list(system)
    run_tasks(system, program, all_tasks(system), handled)
    seconds = SECONDS_AFTER_A_CHANGE
    for _ in rounds:
        text = new_list(system, directory, handled, seconds)
        if text is None:
            run_tasks(system, program, all_tasks(system), handled)
            seconds = SECONDS_BETWEEN_RUNS
        else:
            run_tasks(system, program, TASKS, text)
            handled, seconds = text, SECONDS_AFTER_A_CHANGE


def all_tasks(system):
    return ALL_TASKS + (BACKUP if system.exists(etcd.MEMBER_DIR) else ())


def run_tasks(system, program, names, text):
    """Run each task; again after a pause if one failed, until the list changes."""
    for _ in range(TRIES):
        if all([_is_good(system, program, name) for name in names]):
            return
        if system.eventually(
                lambda: _list(system) not in (None, text),
                SECONDS_BETWEEN_TRIES, SECONDS_TO_SETTLE):
            return


def _is_good(system, program, name):
    try:
        system.run(list(program) + [name], timeout=SECONDS_OF_A_TASK)
    except CommandError:
        return False
    return True


def new_list(system, directory, handled, seconds):
    """The text of a list of nodes other than *handled*, or None after *seconds*."""
    for _ in directory.looks(seconds):
        text = _list(system)
        if text and text != handled and _stays(system, text):
            return text
    return None


def _stays(system, text):
    return not system.eventually(lambda: _list(system) != text, SECONDS_TO_SETTLE)


def _list(system):
    try:
        return system.read_if_exists(NODES)
    except FileError:
        # Removed since it was found.
        return None

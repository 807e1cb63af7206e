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
# Fuel may have written other settings, and ended before a task; or after "hold".
TASKS_WHILE_DEPLOYED = ('hold',) + TASKS + ('release',)
# The bridges of the traditional set-up come back at boot too.
ALL_TASKS = TASKS_WHILE_DEPLOYED + ('cleanup',)
# Of a node with an etcd member; it saves only what has changed.
BACKUP = ('backup',)
# Seconds to the next run: after a new list, after that or a boot, and ever after.
PAUSES = (60, 600, 3600)
SOON, LATE, RARELY = range(3)
SECONDS_TO_SETTLE = 1
SECONDS_BETWEEN_TRIES = 30
TRIES = 5
SECONDS_OF_A_TASK = 600


def watch(system, directory, program, rounds):
    """Run the tasks now, whenever the list changes, and now and then.

    *directory* is the one of the list, as in ``inotify``; *program* is the argv
    that a task's name is appended to.  A minute after a new list the session of a
    node that was wiped is down.  The run after that sees to what comes late: agents
    that the nodes of that deployment have stopped count as dead in Neutron only
    after a while, and Fuel 8.0 brings the bridges back on nodes where it runs no
    task of ours.

    Where the list was away, Fuel has deployed this node, and runs the tasks by
    itself when it is back: it goes first.
    """
    handled = _list(system)
    run_tasks(system, program, all_tasks(system), handled)
    pause = LATE
    for _ in rounds:
        text = new_list(system, directory, handled, PAUSES[pause])
        if text == handled:
            run_tasks(system, program,
                      TASKS if pause == SOON else all_tasks(system), handled)
            pause = min(pause + 1, RARELY)
        elif text is None:
            pause = RARELY
        elif handled is None:
            pause = LATE
        else:
            run_tasks(system, program, TASKS, text)
            pause = SOON
        handled = text


def all_tasks(system):
    """Every task, but for ``cleanup`` while Fuel deploys this node.

    Its Puppet waits for the agents that it starts, and for bridges.
    """
    is_deployed = _list(system) is None or _puppet_runs(system)
    return (TASKS_WHILE_DEPLOYED if is_deployed else ALL_TASKS) + (
        BACKUP if system.exists(etcd.MEMBER_DIR) else ())


def _puppet_runs(system):
    try:
        return system.run(['pgrep', '-f', 'puppet apply'], accept=None).status == 0
    except CommandError:
        return False


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
    """The text that has replaced *handled*, None if there is none any more.

    After *seconds* without a change it is *handled*.
    """
    for _ in directory.looks(seconds):
        text = _list(system)
        # An empty file is about to be written.
        if text not in ('', handled) and _stays(system, text):
            return text
    return handled


def _stays(system, text):
    return not system.eventually(lambda: _list(system) != text, SECONDS_TO_SETTLE)


def _list(system):
    try:
        return system.read_if_exists(NODES)
    except FileError:
        # Removed since it was found.
        return None

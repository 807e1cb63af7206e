"""How Fuel's orchestrator runs the tasks of a plugin's tasks.yaml, by release.

The granular engine of Fuel 6.1, 7.0 and 8.0 (Nailgun's tasks_serializer and
Astute's nailgun_hooks): the tasks of a stage run one after the other, in the
order of the number in the stage's name, each on all of its nodes at once.
What counts as success, and what is tried again, differs between releases.
"""

import concurrent.futures
import re
import time
from collections import namedtuple

from lab.machine import programs

# Nailgun's defaults for a shell task of a plugin.
RETRIES, INTERVAL = 3, 1


class Task(namedtuple('Task', 'roles stage priority command timeout retries')):
    """A shell task; ``timeout`` (seconds) covers all attempts."""


class DeploymentFailed(programs.LabError):
    """A task failed, and Fuel ended the deployment with an error."""


def tasks_of(data):
    """What yaml made of a tasks.yaml -> Tasks by stage, in Fuel's order."""
    stages = {'pre_deployment': [], 'post_deployment': []}
    for entry in data:
        stage, _, priority = entry['stage'].partition('/')
        parameters = entry['parameters']
        stages[stage].append(Task(
            entry['role'], stage, float(priority or 0), parameters['cmd'],
            parameters['timeout'], int(parameters.get('retries', RETRIES))))
    for tasks in stages.values():
        tasks.sort(key=lambda task: task.priority)
    return stages


def nodes_of(task, roles_by_node):
    """The nodes that the task runs on; a plain string resolves to none."""
    if task.roles == '*':
        return list(roles_by_node)
    if isinstance(task.roles, str):
        return []
    return [node for node, roles in roles_by_node.items()
            if set(roles) & set(task.roles)]


def attempts(release, retries):
    """How often a failing task is run in all."""
    return retries if release == '6.1' else retries + 1


def failed(release, results):
    """The nodes that Fuel sees as failed: in 6.1 by the first node's status only."""
    looked_at = results[:1] if release == '6.1' else results
    return [result.node for result in looked_at if result.status]


def beginning(command, nodes):
    """A line of progress that says on which *nodes* a task begins."""
    return '  {:24} begins on {}'.format(_name(command), ', '.join(nodes))


def line(command, attempt):
    """An attempt that ended, as a line of progress."""
    return '  {:24} {:10} {:5.1f} s  {}'.format(
        _name(command), attempt.node, attempt.seconds,
        'exit status {}'.format(attempt.status) if attempt.status else 'ok')


def _name(command):
    return command.replace('./run_task ', '')


def run_task(release, task, nodes, run_on, tell=print):
    """Run *task* on *nodes* as *release* does; the last Attempt of each node.

    *run_on* is a function (node, command, seconds) -> Attempt; *tell* gets a line
    when the task begins, and one when a node has done it.  Raises DeploymentFailed
    when Fuel would end the deployment.
    """
    deadline = time.monotonic() + task.timeout
    latest = {}
    to_do = list(nodes)
    for number in range(attempts(release, task.retries)):
        seconds = max(1, deadline - time.monotonic())
        tell(beginning(task.command, to_do))
        pool = concurrent.futures.ThreadPoolExecutor(max_workers=len(to_do))
        try:
            for future in concurrent.futures.as_completed([
                    pool.submit(run_on, node, task.command, seconds)
                    for node in to_do]):
                result = future.result()
                latest[result.node] = result
                tell(line(task.command, result))
        finally:
            # An interrupted program removes the machines, which ends the rest.
            pool.shutdown(wait=False)
        bad = failed(release, [latest[node] for node in to_do])
        if not bad:
            return list(latest.values())
        if time.monotonic() > deadline:
            break
        time.sleep(INTERVAL)
        to_do = to_do if release == '6.1' else bad
    raise DeploymentFailed('{} failed on {}:\n{}'.format(
        task.command, ', '.join(bad), '\n'.join(
            re.sub('(?m)^', '    ', latest[node].output.strip()) for node in bad)))

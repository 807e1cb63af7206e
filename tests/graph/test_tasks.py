"""The plugin's tasks of Fuel 6.1 to 8.0, as a running Nailgun 8.0 placed them."""

import pytest
import yaml

from lab.fuel import granular
from lab.fuel.granular import Task
from lab.machine import programs
from lab.machine.clone import Attempt
from lab.network import bird

ROLES = {'1': ['primary-controller'], '2': ['compute'], '3': ['compute']}
# What Nailgun 8.0 told the orchestrator of an earlier tasks.yaml: each task and its
# nodes, in their order. Three tasks have other names today; these are today's. The
# second "etcd" is newer, and so are controllers that hold and release routes.
RECORDED = {
    'pre_deployment': [('preflight', '123'), ('hold-routes', '123')],
    'post_deployment': [
        ('packages', '123'), ('etcd', '1'), ('hold-routes', '123'),
        ('route-reflector', '1'), ('neutron-server', '1'), ('compute', '23'),
        ('etcd', '1'), ('release-routes', '123'), ('cleanup', '23'),
        ('cleanup', '1'), ('networks', '1'), ('cron', '123'), ('verify', '23'),
        ('verify', '1')]}


@pytest.mark.parametrize('stage', sorted(RECORDED))
def test_our_tasks_run_where_and_in_the_order_that_nailgun_8_told(stage):
    tasks = granular.tasks_of(yaml.safe_load(
        (bird.PROJECT / 'tasks.yaml').read_text()))

    placed = [(task.command.split()[1], ''.join(granular.nodes_of(task, ROLES)))
              for task in tasks[stage]]
    assert [(task, on) for task, on in placed if on] == RECORDED[stage]


def test_a_task_is_shown_when_it_begins_and_each_node_as_it_ends():
    """Not only once the slowest node is ready."""
    told = []

    def run_on(node, command, seconds):
        assert told[0].split() == ['etcd', 'begins', 'on', 'node-1,', 'node-2']
        if node == 'node-1':
            assert programs.eventually(lambda: told[1:])
        return Attempt(node, 0, 0, '')

    granular.run_task(
        '7.0', Task(['controller'], 'post_deployment', 20, './run_task etcd', 60, 3),
        ['node-1', 'node-2'], run_on, told.append)

    assert [line.split()[1] for line in told[1:]] == ['node-2', 'node-1']

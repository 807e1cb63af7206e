"""The lab's orchestrator decides as Fuel's does, release by release."""

from unittest import mock

import pytest
import yaml

from lab.fuel import granular, master9
from lab.fuel.granular import DeploymentFailed, Task
from lab.machine import programs
from lab.machine.clone import Attempt
from lab.network import bird

ROLES = {'node-1': ['primary-controller'], 'node-2': ['controller', 'cinder'],
         'node-3': ['compute']}
TASK = Task(['primary-controller', 'controller'], 'post_deployment', 20,
            './run_task etcd', 60, 3)


class Nodes:
    """Nodes on which a task fails as often as ``fails`` says."""

    def __init__(self, **fails):
        self.fails = {name.replace('_', '-'): times for name, times in fails.items()}
        self.runs = []

    def __call__(self, node, command, seconds):
        self.runs.append(node)
        self.fails[node] = self.fails.get(node, 0) - 1
        return Attempt(node, int(self.fails[node] >= 0), 0, 'why')


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(granular, 'INTERVAL', 0)


def run(release, nodes):
    return granular.run_task(
        release, TASK, granular.nodes_of(TASK, ROLES), nodes, lambda text: None)


def test_tasks_run_in_the_order_of_their_numbers_and_ties_in_that_of_the_file():
    tasks = granular.tasks_of(yaml.safe_load('''
- {role: [a], stage: post_deployment/100, parameters: {cmd: c, timeout: 1}}
- {role: [a], stage: post_deployment, parameters: {cmd: a, timeout: 1}}
- {role: [a], stage: post_deployment/9.5, parameters: {cmd: b, timeout: 1}}
- {role: [a], stage: post_deployment/100, parameters: {cmd: d, timeout: 1}}
- {role: [a], stage: pre_deployment, parameters: {cmd: p, timeout: 1}}
'''))

    assert [task.command for task in tasks['post_deployment']] == ['a', 'b', 'c', 'd']
    assert [task.command for task in tasks['pre_deployment']] == ['p']


def test_a_role_that_is_a_plain_string_is_on_no_node():
    """As on Fuel 6.1; and a primary controller is no controller."""
    def nodes_of(roles):
        return granular.nodes_of(TASK._replace(roles=roles), ROLES)
    assert nodes_of('controller') == []
    assert nodes_of(['controller']) == ['node-2']
    assert nodes_of('*') == list(ROLES)


def test_fuel_6_1_sees_the_first_node_only():
    """A failure on another node goes by unseen."""
    nodes = Nodes(node_2=99)

    run('6.1', nodes)

    assert nodes.runs == ['node-1', 'node-2']


def test_fuel_6_1_tries_three_times_in_all_on_all_nodes():
    nodes = Nodes(node_1=99)

    with pytest.raises(DeploymentFailed) as error:
        run('6.1', nodes)

    assert nodes.runs == ['node-1', 'node-2'] * 3
    assert './run_task etcd failed on node-1:\n    why' in str(error.value)


@pytest.mark.parametrize('release', ['7.0', '8.0'])
def test_later_releases_see_every_node_and_try_the_failed_ones_again(release):
    nodes = Nodes(node_2=2)

    run(release, nodes)

    assert nodes.runs == ['node-1', 'node-2', 'node-2', 'node-2']


@pytest.mark.parametrize('release', ['7.0', '8.0'])
def test_later_releases_give_up_after_four_attempts(release):
    nodes = Nodes(node_2=99)

    with pytest.raises(DeploymentFailed):
        run(release, nodes)

    assert nodes.runs.count('node-2') == 4


def test_a_task_is_shown_when_it_begins_and_each_node_as_it_ends():
    """Not only once the slowest node is ready."""
    told = []

    def run_on(node, command, seconds):
        assert told[0].split() == ['etcd', 'begins', 'on', 'node-1,', 'node-2']
        if node == 'node-1':
            assert programs.eventually(lambda: told[1:])
        return Attempt(node, 0, 0, '')

    granular.run_task('7.0', TASK, ['node-1', 'node-2'], run_on, told.append)

    assert [line.split()[1] for line in told[1:]] == ['node-2', 'node-1']


def test_a_task_of_fuel_9_is_shown_when_it_begins():
    told = []
    master = master9.Fuel9.__new__(master9.Fuel9)
    master.release, master._tell = '9.2', told.append
    task = mock.Mock(parameters={'cmd': './run_task etcd', 'timeout': 9, 'retries': 0})

    def run_on(node, command, seconds):
        assert told[0].split() == ['etcd', 'begins', 'on', 'node-1']
        return Attempt(node, 0, 0, '')

    master._run_on = run_on
    master._run_shell(task, mock.Mock(uid='node-1'))

    assert told[1:] and told[1].split()[:2] == ['etcd', 'node-1']


def test_the_plugins_own_tasks_reach_every_node_in_the_right_order():
    """Members before clients, reflectors before computes, looking at the end."""
    tasks = granular.tasks_of(yaml.safe_load(
        (bird.PROJECT / 'tasks.yaml').read_text()))

    def names(node):
        return [task.command.split()[1] for task in tasks['post_deployment']
                if node in granular.nodes_of(task, ROLES)]
    assert names('node-1') == [
        'packages', 'etcd', 'route-reflector', 'neutron-server', 'cleanup',
        'networks', 'cron', 'verify']
    assert names('node-3') == [
        'packages', 'hold-routes', 'compute', 'release-routes', 'cleanup', 'cron',
        'verify']
    assert [task.command for task in tasks['pre_deployment']] == [
        './run_task preflight', './run_task hold-routes']

"""What fails with what, when a step of a deployment fails."""

import types

import pytest

from lab.fuel import graph, graph_deployment, master9
from lab.machine.clone import Attempt
from tests.graph.builders import placed

GROUPS = [
    {'id': role, 'type': 'group', 'role': [role], 'fault_tolerance': tolerance}
    for role, tolerance in [('controller', 0), ('compute', 1)]]
TASKS = [
    {'id': 'start', 'type': 'stage'}, {'id': 'end', 'type': 'stage'},
    {'id': 'first', 'requires': ['start'], 'required_for': ['end']},
    {'id': 'second', 'requires': ['first'], 'required_for': ['end']},
    {'id': 'last', 'requires': ['end']}]


def deploy(entries, *failing):
    """The steps that ran, and what became of it; one controller and two computes."""
    ran = []

    def run(step):
        ran.append(str(step))
        return Attempt(step.uid, int(str(step) in failing), 0, '')
    outcome = graph_deployment.deploy(
        placed(entries, ['controller'], ['compute'], ['compute']),
        lambda step: step.uid is not graph.SYNC, run)
    return set(ran), {str(step) for step in outcome.failed}, outcome.unfinished


def test_a_node_that_is_tolerated_fails_alone_and_the_stages_go_on():
    ran, failed, unfinished = deploy(GROUPS + TASKS, 'first on 2')

    assert {'last on 1', 'last on 3'} <= ran
    assert not {'second on 2', 'last on 2'} & ran
    assert (failed, unfinished) == ({'first on 2'}, {'2'})


def test_what_depends_on_a_failed_node_fails_too_and_ends_all():
    """A controller waits for each compute, and may not fail."""
    waits = {'id': 'wait', 'role': ['controller'],
             'cross-depends': [{'name': 'first', 'role': ['compute']}]}
    ran, failed, unfinished = deploy(GROUPS + TASKS + [waits], 'first on 2')

    assert not {'wait on 1', 'last on 1', 'last on 3'} & ran
    assert (failed, unfinished) == ({'first on 2'}, {'1', '2', '3'})


@pytest.mark.parametrize('failing', [('first on 1',), ('first on 2', 'first on 3')])
def test_more_failed_nodes_than_a_group_tolerates_end_the_deployment(failing):
    ran, failed, unfinished = deploy(GROUPS + TASKS, *failing)

    assert not {step for step in ran if step.startswith('last')}
    assert failed == set(failing)
    assert unfinished == {'1', '2', '3'}


def test_a_node_of_no_group_may_not_fail_and_a_group_without_tolerance_may_as_a_whole():
    assert not {'last on 1'} & deploy(TASKS, 'first on 2')[0]
    free = [dict(group, fault_tolerance=None) for group in GROUPS]

    assert 'last on 1' in deploy(free + TASKS, 'first on 2', 'first on 3')[0]


@pytest.mark.parametrize('tolerance, size, expected', [
    ('2%', 49, 0), ('2%', 50, 1), (1, 3, 1), (None, 3, 3)])
def test_a_percentage_is_of_the_group_and_rounded_down(tolerance, size, expected):
    assert graph_deployment.tolerated(tolerance, size) == expected


class Master(master9.Fuel9):
    """It runs a task that fails after 250 s, by a clock of its own."""

    def __init__(self, release):
        self.release, self.now, self.given, self._tell = release, 0, [], str

    def _run_on(self, name, command, seconds):
        self.given.append(seconds)
        self.now += min(250, seconds)
        return Attempt(name, 1, 250, '')


@pytest.mark.parametrize('release, given', [
    ('9.0', [300, 300, 100]), ('9.1', [300, 300, 100]), ('9.2', [600, 350, 100])])
def test_all_attempts_of_a_task_share_its_timeout(monkeypatch, release, given):
    """And on 9.0 and 9.1 none has more than 300 s."""
    master = Master(release)
    monkeypatch.setattr(master9, 'time', types.SimpleNamespace(
        monotonic=lambda: master.now))
    parameters = {'cmd': './run_task packages', 'timeout': 600, 'retries': 3}
    master._run_shell(types.SimpleNamespace(parameters=parameters),
                      graph.Step('node-1', 'calico-packages'))

    assert master.given == given

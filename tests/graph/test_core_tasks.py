"""The lab's task graph of Fuel 9: as a running Nailgun made it."""

from pathlib import Path

import pytest
import yaml

from lab.fuel import fuel_metadata, graph, graph_tasks
from lab.fuel.conditions import ConditionError, is_due
from tests.graph import graph_checks
from tests.graph.plugin_graph import RELEASES, nodes

RECORDED = yaml.safe_load(Path(__file__).with_name('recorded-9.2.yaml').read_text())
ROLES = [['primary-controller'], ['compute'], ['compute']]
# They react to what the lab's metadata has none of: to servers of syslog and ntp, and
# to an earlier deployment.
OTHERWISE = {'limits', 'logging', 'ntp-check', 'ntp-client', 'ntp-server'}


@pytest.fixture(scope='module')
def placed():
    return graph.place(graph_tasks.tasks_of('9.2'), nodes('9.2', *ROLES))


def all_before(direct):
    """Step -> all that come before it, from those that come right before it."""
    result = {}
    for step in direct:
        result[step], waiting = set(), list(direct[step])
        while waiting:
            earlier = waiting.pop()
            if earlier in direct and earlier not in result[step]:
                result[step].add(earlier)
                waiting += direct[earlier]
    return result


def test_each_task_is_where_nailgun_put_it_and_after_the_same_others(placed):
    ours = all_before({str(step): set(map(str, before))
                       for step, before in graph.edges(placed).items()
                       if step.id not in RECORDED['replaced']})
    recorded = all_before(RECORDED['after'])

    assert {step: ours[step] & set(recorded) for step in recorded} == recorded
    # ntp-client waits for any ntp-server; of the two computes one is recorded.
    assert {step for step in ours if not step.endswith(' on 3')} - set(recorded) == {
        'ntp-client on 2'}


@pytest.mark.parametrize('uid', sorted(RECORDED['ran']))
def test_a_compute_that_is_added_makes_due_what_nailgun_let_run(placed, uid):
    known = set(placed.tasks) - OTHERWISE - set(RECORDED['replaced'])
    new = fuel_metadata.metadata('9.2', ROLES + [['compute']], uid=uid)
    old = {} if uid == '4' else fuel_metadata.metadata('9.2', ROLES, uid=uid)
    here = graph.place(placed.tasks, nodes('9.2', *ROLES, ['compute'])).ids[uid]

    assert {id for id in known.intersection(here)
            if is_due(placed.tasks[id], old, new)} == known.intersection(
                RECORDED['ran'][uid])


@pytest.mark.parametrize('release', RELEASES)
def test_core_tasks_have_an_order_and_no_dependency_on_nothing(release):
    tasks = graph_tasks.tasks_of(release)
    placed = graph.place(tasks, nodes(release, *ROLES, ['controller', 'cinder']))

    assert len(graph.order(placed)) == len(placed.steps())
    assert graph_checks.dangling(tasks) == []
    assert not set(graph_tasks.core(release)['left_out']) & set(tasks)


def made(*entries):
    return {entry['id']: graph_tasks.task_of('9.2', dict(
        {'type': 'puppet', 'role': '*'}, **entry)) for entry in entries}


@pytest.mark.parametrize('tasks, words', [
    (made({'id': 'a', 'requires': ['b']}, {'id': 'b', 'requires': ['a']}),
     'this cycle could ever begin: a on 1, which waits for b on 1, which waits for a'),
    (made({'id': 'g', 'type': 'group', 'tasks': ['netcnofig']}),
     'g adds the task netcnofig, .*correct')])
def test_tasks_of_which_fuel_could_make_no_deployment_are_named(tasks, words):
    with pytest.raises(graph_tasks.GraphError, match=words):
        graph.order(graph.place(tasks, nodes('9.2', ['compute'])))


def test_a_condition_that_nailgun_fails_on_is_named_with_its_task():
    task = made({'id': 'the-task', 'condition': {
        'yaql_exp': 'changedAny($.uid,\n $.no)'}})['the-task']

    said = r'condition of the-task: .* fail on "changedAny\(\$.uid, \$.no\)": KeyError'
    with pytest.raises(ConditionError, match=said):
        is_due(task, {'uid': '1'}, {'uid': '1'})


def test_dependencies_on_nothing_and_a_lost_order_are_found():
    core = graph_tasks.tasks_of('9.2')
    hollow = dict(core, **made({'id': 'hiera', 'type': 'skipped'},
                               {'id': 'a', 'requires': ['gone']}))

    assert graph_checks.dangling(hollow) == [('a', 'gone')]
    lost = graph_checks.lost(*(graph.place(tasks, nodes('9.2', ['compute']))
                               for tasks in (core, hollow)), ['hiera'])
    assert ('clear_nodes_info on 1', 'firewall on 1') in [
        tuple(map(str, pair)) for pair in lost]

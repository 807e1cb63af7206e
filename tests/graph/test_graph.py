"""The engine of Fuel 9's task graph, on small graphs."""

import re

import pytest

from lab.fuel import graph, graph_tasks
from lab.fuel.graph_tasks import GraphError
from tests.graph import graph_checks
from tests.graph.builders import nodes, placed, tasks, waits

CONTROLLER, COMPUTE = ['primary-controller'], ['compute']


def uids(entry, *roles, release='9.2'):
    result = graph.place(tasks(dict(entry, id='a'), release=release),
                         nodes(release, *roles))
    return sorted((str(uid) for uid, ids in result.ids.items() if 'a' in ids))


@pytest.mark.parametrize('where, expected', [
    ({'role': '*'}, ['1', '2', '3']),
    ({'role': ['*']}, ['1', '2', '3']),
    ({'role': ['/.*/']}, ['1', '2', '3']),
    ({'role': 'compute'}, ['3']),
    ({'role': ['controller']}, ['2']),
    ({'role': ['/(primary-)?controller/']}, ['1', '2']),
    ({'role': ['/control/']}, ['2']),
    ({'role': 'master'}, ['master']),
    ({'role': ['master', '/.*/']}, ['1', '2', '3', 'master']),
    ({'role': ['nobody']}, []),
    ({'groups': ['compute'], 'role': ['controller']}, ['2']),
    ({'role': None, 'groups': ['compute']}, ['3']),
    ({'role': None, 'groups': '*'}, []),
    ({'role': None}, []),
    ({'type': 'stage'}, ['None']),
])
def test_a_task_is_on_the_nodes_that_fuel_puts_it_on(where, expected):
    assert uids(where, CONTROLLER, ['controller'], COMPUTE) == expected


@pytest.mark.parametrize('release, expected', [('9.1', ['3']), ('9.2', ['1'])])
def test_only_9_2_looks_at_tags(release, expected):
    entry = {'tags': ['primary-neutron'], 'role': ['compute']}

    assert uids(entry, CONTROLLER, ['controller'], COMPUTE, release=release) == expected


def test_a_node_of_9_2_has_the_tags_of_its_roles_and_plugins_roles_themselves():
    assert graph.node('9.2', '1', ['primary-controller', 'cinder']).names == {
        'primary-controller', 'primary-neutron', 'primary-keystone', 'primary-database',
        'primary-rabbitmq', 'cinder'}
    assert graph.node('9.2', '1', ['calico-rr']).names == {'calico-rr'}
    assert graph.node('9.1', '1', CONTROLLER).names == set(CONTROLLER)


def test_a_group_adds_its_tasks_to_the_nodes_of_its_role():
    entries = [{'id': 'netconfig', 'role': ['compute']},
               {'id': 'g', 'type': 'group', 'role': ['calico-rr'],
                'tasks': ['netconfig']}]

    result = placed(entries, COMPUTE, ['calico-rr'], ['compute', 'calico-rr'])

    assert result.ids == {
        None: [], '1': ['netconfig'], '2': ['netconfig'], '3': ['netconfig']}


def test_a_group_with_an_unknown_task_is_refused_once_a_node_has_its_role():
    entries = [{'id': 'g', 'type': 'group', 'role': ['calico-rr'],
                'tasks': ['netcnofig']}]

    assert placed(entries, COMPUTE).ids == {None: []}
    with pytest.raises(GraphError, match='g adds the task netcnofig, .*correct'):
        placed(entries, ['calico-rr'])


def test_a_dependency_is_on_the_same_node_and_on_stages():
    entries = [{'id': 's', 'type': 'stage'}, {'id': 'a', 'requires': ['s']},
               {'id': 'b', 'requires': ['a']}]

    assert waits(entries, COMPUTE, COMPUTE) == {
        'a on 1': ['s'], 'a on 2': ['s'], 'b on 1': ['a on 1'], 'b on 2': ['a on 2']}


def test_a_stage_waits_for_what_every_node_does_before_it():
    entries = [{'id': 's', 'type': 'stage'}, {'id': 'a', 'required_for': ['s']}]

    assert waits(entries, COMPUTE, COMPUTE) == {'s': ['a on 1', 'a on 2']}


@pytest.mark.parametrize('dependency, expected', [
    ({}, ['a on 1', 'a on 2', 'a on 3']),
    ({'role': '*'}, ['a on 1', 'a on 2', 'a on 3']),
    ({'role': ['compute']}, ['a on 2', 'a on 3']),
    ({'role': ['/(primary-)?neutron/']}, ['a on 1']),
    ({'tags': ['primary-neutron'], 'role': 'compute'}, ['a on 1']),
    ({'role': 'self'}, ['a on 1']),
    ({'role': None}, []),
    ({'role': 'master'}, ['a on master']),
])
def test_a_cross_dependency_is_on_the_nodes_that_it_names(dependency, expected):
    entries = [{'id': 'a', 'role': ['/.*/', 'master']},
               {'id': 'b', 'role': CONTROLLER, 'cross-depends': [
                   dict(dependency, name='a')]}]

    assert waits(entries, CONTROLLER, COMPUTE, COMPUTE).get('b on 1', []) == expected


def test_a_dependency_on_any_node_is_on_one_and_not_on_the_lowest():
    entries = [{'id': 'a'}, {'id': 'b', 'role': CONTROLLER, 'cross-depends': [
        {'name': 'a', 'role': 'compute', 'policy': 'any'}]}]

    step, = waits(entries, CONTROLLER, COMPUTE, COMPUTE, COMPUTE)['b on 1']

    assert step == 'a on 3'


def test_a_cross_dependency_of_others_is_turned_round():
    entries = [{'id': 'a', 'role': CONTROLLER,
                'cross-depended-by': [{'name': 'b', 'role': ['compute']}]}, {'id': 'b'}]

    assert waits(entries, CONTROLLER, COMPUTE) == {'b on 2': ['a on 1']}


def test_a_dependency_may_be_an_expression_over_the_metadata_of_the_node():
    entries = [{'id': 'a', 'role': CONTROLLER}, {'id': 'b', 'cross-depends': {
        'yaql_exp': "switch('compute' in $.roles => [dict(name => a)], true => [])"}}]

    assert waits(entries, CONTROLLER, COMPUTE) == {'b on 2': ['a on 1']}


def test_a_pattern_matches_the_beginning_of_a_name_and_never_its_own_step():
    entries = [{'id': 'cluster'}, {'id': 'cluster_health', 'cross-depends': [
        {'name': '/cluster/', 'role': 'self'}]}]

    assert waits(entries, COMPUTE) == {'cluster_health on 1': ['cluster on 1']}


def test_the_order_has_every_step_once_and_after_what_it_waits_for():
    entries = [{'id': 'b', 'requires': ['a']}, {'id': 'a'},
               {'id': 's', 'type': 'stage'}, {'id': 'c', 'required_for': ['s', 'a']}]
    result = placed(entries, COMPUTE, COMPUTE)

    order = graph.order(result)

    assert sorted(order, key=str) == sorted(result.steps(), key=str)
    assert list(map(str, order)) == [
        'c on 1', 'a on 1', 'b on 1', 'c on 2', 'a on 2', 'b on 2', 's']


def test_a_cycle_is_named_step_by_step():
    entries = [{'id': 'a', 'role': COMPUTE, 'cross-depends': [{'name': 'b'}]},
               {'id': 'b', 'role': CONTROLLER, 'requires': ['c']},
               {'id': 'c', 'role': CONTROLLER, 'cross-depends': [{'name': 'a'}]},
               {'id': 'd', 'requires': ['a']}]

    with pytest.raises(GraphError) as caught:
        graph.order(placed(entries, CONTROLLER, COMPUTE))

    begin, *cycle = re.split('(?:: |, which waits for )', str(caught.value))
    assert begin == 'no step of this cycle could ever begin'
    assert set(zip(cycle, cycle[1:])) == {
        ('a on 2', 'b on 1'), ('b on 1', 'c on 1'), ('c on 1', 'a on 2')}


def test_a_plugins_task_replaces_a_core_task_as_a_whole():
    plugin = [{'id': 'netconfig', 'type': 'skipped', 'role': ['compute']}]

    replaced = graph_tasks.tasks_of('9.2', plugin)['netconfig']

    assert graph_tasks.tasks_of('9.2')['netconfig'].requires == ['tools']
    assert (replaced.type, replaced.requires) == ('skipped', [])
    assert replaced.condition is None


def test_a_release_without_core_tasks_is_named():
    with pytest.raises(GraphError, match='no core tasks of Fuel 8.0: .*8.0.yaml'):
        graph_tasks.tasks_of('8.0')


def test_dependencies_on_what_no_task_has_are_found():
    entries = [
        {'id': 'a', 'requires': ['b', 'gone'], 'required_for': ['group', '/b+/']},
        {'id': 'b', 'cross-depends': [{'name': 'a'}, {'name': '/gone.*/'}],
         'cross-depended-by': [{'name': 'far'}]},
        {'id': 'group', 'type': 'group', 'requires': ['whatever']}]

    assert graph_checks.dangling(tasks(*entries)) == [
        ('a', 'gone'), ('a', 'group'), ('b', '/gone.*/'), ('b', 'far')]


def test_an_order_that_only_a_replaced_task_kept_is_found():
    entries = [{'id': 'a'}, {'id': 'b', 'requires': ['a']},
               {'id': 'c', 'requires': ['b']}]
    hollow = entries[:1] + [{'id': 'b', 'type': 'skipped'}] + entries[2:]

    lost = graph_checks.lost(placed(entries, COMPUTE), placed(hollow, COMPUTE), ['b'])

    assert [tuple(map(str, pair)) for pair in lost] == [('a on 1', 'c on 1')]

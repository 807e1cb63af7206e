"""Instance CIDRs that leave out instances: what tasks and verify do on a node."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.reachable import Reachable
from calico_fuel.converge import FAILED, NOT_REACHED, UNCHANGED, converge
from calico_fuel.tasks import compute, route_reflector
from tests.unit.bgp.test_reachable import ROUTES, deployed, prefixes
from tests.unit.builders import environment, roles
from tests.unit.fake.system import good
from tests.unit.fake.verify_node import Task, node_of, texts
from tests.unit.tasks.test_compute import Compute

TAP = '203.0.113.1 (tap1 of this node)'
TASKS = [
    (compute, roles(1, 2)),
    (route_reflector, [['controller'], ['primary-controller'], ['compute']])]


@pytest.mark.parametrize('task, of_nodes', TASKS)
def test_an_instance_of_any_tenant_outside_of_the_prefixes_keeps_no_task_from_running(
        task, of_nodes):
    system = Compute()
    of = environment(of_nodes, uid='2', workload_prefixes='10.65.0.0/16')

    def states():
        return [o.state for o in converge(
            task.resources(of, of.this_node, system), system)]
    system.programs['ip'] = lambda argv, text: good()
    states()
    system.programs['ip'] = lambda argv, text: good(ROUTES)

    assert set(states()) == set([UNCHANGED])


@pytest.mark.parametrize('task, of_nodes', TASKS)
def test_a_task_that_configures_bird_changes_nothing_then(task, of_nodes):
    system = Compute()
    system.programs['ip'] = lambda argv, text: good(ROUTES)

    def outcomes(**settings):
        of = environment(of_nodes, uid='2', **settings)
        return list(converge(task.resources(of, of.this_node, system), system))
    outcomes()
    before, system.changes = dict(system.files), 0
    first = outcomes(workload_prefixes='10.65.0.0/16')

    assert [o.state for o in first] == [FAILED] + [NOT_REACHED] * (len(first) - 1)
    assert TAP in first[0].difference
    assert (system.files, system.changes) == (before, 0)
    assert not set([FAILED, NOT_REACHED]) & set(
        o.state for o in outcomes(workload_prefixes='203.0.113.0/24'))
    assert outcomes(workload_prefixes='203.0.113.0/24')[0].state == UNCHANGED


@pytest.mark.parametrize('before, is_problem', [('', True), ('10.65.0.0/16', False)])
def test_verify_has_a_problem_with_who_loses_a_route_and_a_note_of_who_has_none(
        before, is_problem):
    tasks = [('compute', Task(Reachable(
        'astute.yaml', prefixes('10.65.0.0/16'), ())))]
    of, system = node_of('2', workload_prefixes='10.65.0.0/16')
    deployed(system, workload_prefixes=before)
    system.programs['ip'] = lambda argv, text: good(ROUTES)

    named = [text for text in texts(of, system, is_problem, tasks)
             if TAP in text and 'SUBJECT' not in text]
    others = [text for text in texts(of, system, not is_problem, tasks)
              if TAP in text]

    assert (len(named), others) == (1, [])
    assert named[0].startswith('NOT_COMPARED: instances in' if is_problem else (
        'note: OUTSIDE_CIDRS: routes of instances: none for 203.0.113.1'))

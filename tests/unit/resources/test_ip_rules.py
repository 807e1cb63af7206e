"""Rules and routes of the table, with a real shell and an ``ip`` such as Trusty's."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED
from tests.unit.fake.killed import at_every_change
from tests.unit.tasks.test_gateway import RULES, SETTINGS, Compute, differences, run

pytestmark = pytest.mark.runs_programs


@pytest.fixture
def node(tmpdir):
    return Compute(tmpdir)


@pytest.mark.parametrize('rule, told', [
    ('from 10.65.0.0/24 lookup 202',
     'rule 20200 from 10.65.0.0/24 lookup 202 exists twice'),
    ('to 192.0.2.0/24 lookup main',
     'rule 20200 from all to 192.0.2.0/24 lookup main exists')])
def test_a_second_rule_of_a_preference_is_told_and_fixed(node, rule, told):
    run(node, **SETTINGS)
    for _ in range(2):
        node.ip(['ip', '-4', 'rule', 'add', 'pref', '20200'] + rule.split())

    assert told in differences(node, **SETTINGS)
    assert run(node, **SETTINGS) == [UNCHANGED, CHANGED]

    assert node.state.rules == RULES


def test_another_prefix_and_another_gateway_replace_those_before(node):
    run(node, **SETTINGS)

    run(node, workload_prefixes='10.99.0.0/16', workload_gateway='192.0.2.201')

    assert node.state.rules == ['20200:\tfrom 10.99.0.0/16 lookup 202']
    assert 'default via 192.0.2.201 dev br-mgmt' in node.state.table
    assert '10.65' not in '{}'.format(node.state)


def test_a_gateway_that_no_route_leads_to_is_an_error(node):
    node.folder.ensure('unreachable')

    assert FAILED in run(node, **SETTINGS)
    assert 'table 202 has no route to it' in differences(node, **SETTINGS)


def test_a_run_killed_at_any_change_is_finished_by_the_next(tmpdir):
    def make(dies_at):
        node = Compute(tmpdir.join('{}'.format(dies_at)))
        run(node, **SETTINGS)
        node.changes, node.dies_at = 0, dies_at
        return node

    def change(node):
        run(node, workload_prefixes='10.99.0.0/16', workload_gateway='192.0.2.201')
    for whole, system in at_every_change(make, change):
        assert system.state == whole.state

"""What can be wrong with the Felix of a compute is told, with its fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel import roles as node_roles
from calico_fuel.calico import felix
from calico_fuel.calico import keys as calico_keys
from tests.unit.builders import environment, roles

OF = environment(roles(2, 2), uid='3')
KEYS = {calico_keys.READY_KEY: 'true', felix.REPORTING_KEY: 'true',
        felix.STATUS_KEY.format('node-3'): '{}',
        felix.STATUS_KEY.format('node-4.example.com'): '{}'}


def seen(checks):
    return [(check.subject, check.state, check.is_problem) for check in checks]


def without(*keys):
    return dict((key, value) for key, value in KEYS.items() if key not in keys)


def reports(keys):
    return felix.reports(node_roles.computes(OF), keys)


def test_felix_may_report_under_the_short_or_the_full_name():
    assert seen(reports(KEYS)) == [('Felix on 2 computes', 'reports', False)]


def test_a_felix_that_is_silent_is_named_with_its_node():
    """Fuel 6.1 does not see that its task failed on that compute."""
    checks = reports(without(felix.STATUS_KEY.format('node-3')))

    assert seen(checks) == [('Felix on 1 compute', 'reports', False),
                            ('Felix on node-3', 'does not report', True)]
    assert 'Run calico-fuel compute on node-3' in checks[1].fix
    assert 'If its process runs, it hangs: run "service calico-felix' in checks[1].fix


@pytest.mark.parametrize('is_running, words', [
    (True, 'hangs: run "service calico-felix restart"'),
    (False, 'Run calico-fuel compute on node-3')])
def test_a_felix_that_hangs_is_restarted_and_one_that_ended_is_started(
        is_running, words):
    """The task compute starts one that is stopped, and leaves one that runs."""
    check, = felix.reports([OF.this_node], without(felix.STATUS_KEY.format('node-3')),
                           is_running)

    assert words in check.fix and ('hangs' in check.fix) == is_running


def test_a_felix_that_cannot_report_is_a_note():
    """Calico 1.0 and 1.1."""
    check, = reports({
        calico_keys.READY_KEY: 'true', calico_keys.ELECTION_KEY: 'node-1:1'})

    assert not check.is_problem and 'older than 1.2' in check.fix


@pytest.mark.parametrize('keys', [None, {}])
def test_felix_waits_for_the_driver_which_is_told_once(keys):
    assert reports(keys) == []
    assert felix.host_name(OF.this_node, keys, 'other') == []


def test_an_environment_without_computes_has_no_felix():
    assert felix.reports((), KEYS) == []


@pytest.mark.parametrize('of_nova, state', [
    ('other', 'Nova has other, Felix node-3'),
    ('node-3.example.com', 'Nova has node-3.example.com, Felix node-3')])
def test_nova_and_felix_have_to_know_a_host_by_the_same_name(of_nova, state):
    """Neutron binds ports to the name of Nova, and to hosts whose Felix reports."""
    check, = felix.host_name(OF.this_node, KEYS, of_nova)

    assert (check.state, check.is_problem) == (state, True)
    assert 'out of [DEFAULT] in /etc/nova/nova.conf, or set it to node-3;' in check.fix


def test_one_name_for_nova_and_felix_is_good():
    assert seen(felix.host_name(OF.node('4'), KEYS, 'node-4.example.com')) == [
        ('host name of Nova', 'node-4.example.com', False)]


IN_FORCE = {'FORWARD': ['-i eth0 -j ACCEPT', '-j felix-FORWARD'],
            'INPUT': ['-j felix-INPUT']}


def test_a_node_that_sends_packets_of_instances_to_felix_has_policy():
    assert seen(felix.policy(IN_FORCE)) == [
        ('policy of security groups', 'in force', False)]


@pytest.mark.parametrize('rules, state', [
    (dict(IN_FORCE, FORWARD=[]), 'FORWARD has no jump to felix-FORWARD'),
    (dict(IN_FORCE, INPUT=['-j felix-INPUTS']), 'INPUT has no jump to felix-INPUT'),
    ({}, 'FORWARD has no jump to felix-FORWARD, INPUT has no jump to felix-INPUT')])
def test_a_node_whose_packets_do_not_pass_felix_has_none(rules, state):
    check, = felix.policy(rules)

    assert (check.state, check.is_problem) == (state, True)
    assert 'Run "service calico-felix restart"' in check.fix

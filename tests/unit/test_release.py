"""Held routes go once others stand for them, and those in need stay."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, WOULD_CHANGE, converge
from calico_fuel.errors import NodeError
from calico_fuel.resources.held_routes import MARK
from calico_fuel.tasks import cleanup, hold, release, remove, verify
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.routing_compute import OF_BIRD, TAP, Compute, of, outcomes, states


def holding(dies_at=None):
    """A compute that holds its two routes; its bird.conf is as wanted since."""
    node = Compute()
    assert states(hold, node, bgp_password='old') == [CHANGED]
    node.changes, node.dies_at = 0, dies_at
    return node


def test_bird_has_its_time_to_bring_its_own():
    node = holding()
    node.of_bird, node.looks, node.comes_back = [], 0, 20
    begin = node.clock

    assert states(release, node) == [CHANGED]

    assert node.held == [] and not node.exists(MARK)
    assert len(node.of_bird) == 2 and 5 < node.clock - begin < 40
    assert states(release, node) == []


def test_a_workload_that_is_gone_is_not_waited_for_without_end():
    """Its compute has told of others."""
    node = holding()
    node.of_bird = [OF_BIRD.format(2, 13), OF_BIRD.format(4, 14)]

    assert states(release, node) == [CHANGED]

    assert node.held == [] and not node.exists(MARK)


def test_a_workload_that_came_here_needs_no_held_route():
    node = holding()
    node.of_bird, node.own = [], [TAP, '203.0.113.2 dev tap2 scope link',
                                  '203.0.113.3 dev tap3 scope link']
    begin = node.clock

    assert states(release, node) == [CHANGED]

    assert node.clock - begin < 2 and node.held == []


def test_what_leads_to_a_compute_that_tells_nothing_yet_stays():
    """Its task failed, or it is late: until then it has the old password."""
    node = holding()
    node.of_bird = [OF_BIRD.format(2, 13)]

    assert states(release, node) == [CHANGED]

    assert node.held == [OF_BIRD.format(3, 14)] and node.exists(MARK)
    assert states(release, node) == [UNCHANGED]
    node.of_bird.append(OF_BIRD.format(3, 14))
    assert states(release, node) == [CHANGED]
    assert node.held == [] and not node.exists(MARK)


def test_a_compute_without_a_session_keeps_what_it_has():
    """Whatever else it speaks BGP to."""
    node = holding()
    node.of_bird = []
    node.bird.sessions = (
        'reflector_node_1 BGP master start 12:00:01 Connect\n'
        'switch BGP master up 12:00:01 Established\n')

    assert states(release, node) == [UNCHANGED]

    assert len(node.held) == 2 and node.exists(MARK)


def test_what_leads_to_a_host_that_is_no_compute_any_more_goes():
    node = holding()
    node.of_bird, node.held = [], [OF_BIRD.format(2, 99)]

    assert states(release, node) == [CHANGED]

    assert node.held == [] and not node.exists(MARK)


def test_routes_that_are_gone_with_a_reboot_are_no_fault():
    node = holding()
    node.held = []

    assert states(release, node) == [CHANGED]

    assert not node.exists(MARK)


def test_a_node_that_is_not_configured_yet_lets_go_of_nothing():
    """BIRD still has the routes of sessions that are about to end."""
    node = holding()

    with pytest.raises(NodeError) as error:
        states(release, node, bgp_password='new')

    assert error.value.args[0].startswith('/etc/bird/bird.conf: is not as the settings')
    assert 'Run calico-fuel compute' in error.value.args[0]
    assert len(node.held) == 2 and node.exists(MARK)


def test_a_dry_run_changes_nothing():
    node = holding()

    outcome, = outcomes(release, node, dry_run=True)

    assert outcome.state == WOULD_CHANGE and outcome.difference == '2 routes are held'
    assert len(node.held) == 2 and node.exists(MARK)


def test_a_route_that_the_kernel_keeps_is_named_and_not_forgotten():
    node = holding()
    node.refused = {'203.0.113.3'}

    outcome, = outcomes(release, node)

    assert outcome.state == FAILED
    assert 'the kernel keeps 203.0.113.3 via 192.0.2.14 dev br-mgmt. It says: ' in (
        outcome.difference)
    assert '"ip route flush proto 202"' in outcome.difference
    assert node.held == [OF_BIRD.format(3, 14)] and node.exists(MARK)


def test_the_cleanup_lets_go_of_nothing():
    """On Fuel 9 it runs before other computes have their sessions."""
    node = holding()

    assert CHANGED not in states(cleanup, node)

    assert len(node.held) == 2 and node.exists(MARK)


def test_a_controller_has_nothing_to_release():
    wanted = environment(roles(1, 1))

    assert release.resources(wanted, wanted.this_node, holding()) == []


def test_what_is_removed_holds_no_route():
    """At once: BIRD goes, and nothing else is to come."""
    node = holding()
    node.of_bird, begin = [], node.clock

    assert [o.state for o in converge(remove.held_routes(node), node)] == [CHANGED]

    assert node.held == [] and not node.exists(MARK) and node.clock - begin < 1
    assert remove.held_routes(node) == []


def test_routes_are_let_go_of_before_bird_is_removed():
    node = holding()
    node.programs['ovs-vsctl'] = None
    wanted = of()

    labels = [r.label for r in remove.resources(wanted, wanted.this_node, node)]

    assert labels.index('no held routes') < labels.index('no service bird')


def test_the_verification_tells_to_whom_routes_are_held():
    node, wanted = holding(), of()

    notes = verify.held(wanted, wanted.this_node, node)

    assert [(n.subject, n.state, n.is_problem) for n in notes] == [
        ('held routes', '1 to node-3', False), ('held routes', '1 to node-4', False)]
    assert 'run calico-fuel verify there' in notes[0].cure
    assert verify.held(wanted, wanted.this_node, Compute()) == []


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for _, killed in at_every_change(holding, lambda node: states(release, node)):
        assert killed.held == [] and not killed.exists(MARK)

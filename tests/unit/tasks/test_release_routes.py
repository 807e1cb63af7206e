"""Pinned routes are released."""

from __future__ import unicode_literals

from calico_fuel.bgp.held_announcements import PATH
from calico_fuel.converge import CHANGED, UNCHANGED, WOULD_CHANGE
from calico_fuel.tasks import hold_routes, release_routes
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.routing_compute import Compute, outcomes, states


def pinning(dies_at=None):
    """A compute that has pinned its two routes."""
    node = Compute()
    assert states(hold_routes, node, bgp_password='old') == [CHANGED]
    node.changes, node.dies_at = 0, dies_at
    return node


def test_what_was_pinned_is_released_and_a_second_run_changes_nothing():
    node = pinning()

    assert states(release_routes, node) == [CHANGED]
    assert states(release_routes, node) == [UNCHANGED]

    assert node.pinned == []


def test_a_dry_run_changes_nothing_and_does_not_wait():
    node = pinning()
    node.learned, begin = [], node.clock

    outcome, = outcomes(release_routes, node, dry_run=True)

    assert outcome.state == WOULD_CHANGE and outcome.difference == '2 routes are pinned'
    assert len(node.pinned) == 2 and node.clock - begin < 1


def test_a_controller_has_nothing_to_release():
    wanted = environment(roles(1, 1))

    assert release_routes.resources(wanted, wanted.this_node, pinning()) == []


def test_a_reflector_that_is_a_compute_has_its_time_for_each():
    node, wanted = pinning(), environment([['primary-controller', 'compute']])
    node.write(PATH, '')

    found = release_routes.resources(wanted, wanted.this_node, node)

    assert [int(one.deadline - node.clock) for one in found] == [40, 80]


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    def run(node):
        return states(release_routes, node)
    for _, killed in at_every_change(pinning, run):
        assert killed.pinned == []

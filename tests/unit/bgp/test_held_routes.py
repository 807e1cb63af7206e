"""Routes are pinned as BIRD has them, and stay until BIRD has learned them again."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.held_routes import HeldRoutes, ReleasedRoutes, notes, routes
from calico_fuel.converge import CHANGED, FAILED, converge
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.routing_compute import ROUTE, TAP, Compute, of
from tests.unit.fake.system import bad

FIRST, SECOND = ROUTE.format(2, 13), ROUTE.format(3, 14)
FLOATING = '198.51.100.7 via 192.0.2.13 dev br-mgmt'


def pin(node):
    outcome, = converge([HeldRoutes(routes(node, '12'))], node)
    return outcome


def release(node):
    """Release the pinned routes: the seconds that it takes."""
    begin = node.clock
    outcome, = converge([ReleasedRoutes(node.uptime() + 40)], node)
    assert outcome.state == CHANGED, outcome
    return node.clock - begin


@pytest.fixture
def node():
    """A compute that has pinned its two routes."""
    node = Compute()
    pin(node)
    return node


def test_what_is_not_pinned_yet_and_what_still_is_are_counted(node):
    assert HeldRoutes(routes(node, '12')).difference(Compute()) == (
        '2 routes are not pinned')
    assert ReleasedRoutes(node.uptime() + 40).difference(node) == (
        '2 routes are pinned')


def test_an_instance_that_came_or_moved_since_is_pinned_where_it_is_now(node):
    """Fuel pins routes before it deploys, and again before it changes BIRD."""
    node.of_bird = [ROUTE.format(1, 13), ROUTE.format(2, 14)]
    node.own.remove(TAP)

    assert pin(node).state == CHANGED

    assert sorted(node.pinned) == [ROUTE.format(1, 13), ROUTE.format(2, 14), SECOND]


def test_a_route_that_the_kernel_refuses_holds_up_no_other_and_is_named():
    node = Compute()
    node.refused = {'203.0.113.2'}

    outcome = pin(node)

    assert node.pinned == [SECOND] and outcome.state == FAILED
    assert ('the kernel refuses 1, such as "203.0.113.2 via 192.0.2.13 dev br-mgmt": '
            'RTNETLINK answers: Network is unreachable. ') in outcome.difference
    assert 'ip route del ADDRESS proto bird' in outcome.difference


@pytest.mark.parametrize('of_bird, pinned', [
    ([SECOND], [SECOND]), ([FIRST, SECOND, ROUTE.format(4, 14)], [FIRST, SECOND])])
def test_a_route_that_went_or_came_meanwhile_is_no_failure(of_bird, pinned):
    """With its next hop, which the kernel refuses then."""
    node = Compute()

    def ip(argv, text):
        if '-batch' in argv:
            node.refused = {'203.0.113.2'} - set(row.split()[0] for row in of_bird)
            node.of_bird = of_bird
        return node.ip(argv, text)
    node.programs['ip'] = ip

    assert pin(node).state == CHANGED and node.pinned == pinned


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, killed in at_every_change(Compute, pin):
        assert killed.pinned == whole.pinned


def test_bird_has_its_time_to_learn_its_routes_again(node):
    node.of_bird, node.learned, node.comes_back = [], [], node.clock + 20

    assert 19 < release(node) < 22

    assert node.pinned == []


def test_an_instance_that_came_here_needs_no_pinned_route(node):
    node.learned, node.own = [], [TAP, '203.0.113.2 dev tap2 scope link',
                                  '203.0.113.3 dev tap3 scope link']

    assert release(node) < 2 and node.pinned == []


def test_what_bird_does_not_learn_stays_until_it_does(node):
    """The task of that compute failed, or it is late, cut off, or without instance."""
    node.learned = [FIRST]

    assert 39 < release(node) < 42

    assert node.pinned == [SECOND]
    node.learned = [FIRST, SECOND]
    assert release(node) < 2 and node.pinned == []


@pytest.mark.parametrize('learned', [[], [ROUTE.format(7, 13), ROUTE.format(8, 14)]])
def test_what_the_kernel_still_has_of_bird_proves_nothing(node, learned):
    """A BIRD that recovers leaves the routes of the one before it for a while."""
    node.learned = learned
    release(node)

    assert len(node.of_bird) == len(node.pinned) == 2


def test_what_bird_has_not_told_the_kernel_stays(node):
    """A BIRD that recovers tells it nothing until all its sessions are back."""
    node.of_bird = []
    release(node)

    assert len(node.pinned) == 2


def test_what_a_neighbor_announced_that_is_silent_now_proves_nothing(node):
    """BIRD and the kernel keep its routes for the Restart Time."""
    node.session = 'Active'
    release(node)

    assert len(node.pinned) == 2


def test_while_birdc_does_not_answer_nothing_goes(node):
    node.programs['birdc'] = lambda argv, text: bad('Unable to connect')
    release(node)

    assert len(node.pinned) == 2


def test_what_bird_has_from_a_pinned_route_itself_proves_nothing(node):
    """It learns routes to own networks, where floating addresses are."""
    node.pinned.append(FLOATING)
    node.from_kernel = [FLOATING]
    release(node)

    assert node.pinned == [FLOATING]


def test_a_note_tells_through_whom_routes_are_pinned(node):
    node.pinned.append('203.0.113.7 via 192.0.2.1 dev br-mgmt')

    found = notes(of(), of().this_node, node)

    assert [check.sentence.split(',')[0] for check in found] == [
        'ROUTES_HELD: pinned routes: 1 through ' + hop
        for hop in ('192.0.2.1', 'node-3', 'node-4')]
    assert 'run calico-fuel verify on that compute' in found[0].sentence
    assert not any(check.is_problem for check in found)
    assert notes(of(), of().this_node, Compute()) == []

"""Computes hold the routes of BIRD before sessions begin anew."""

from __future__ import unicode_literals

import pytest

from calico_fuel import __version__
from calico_fuel.bgp.held_routes import MARK
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED
from calico_fuel.tasks import hold_routes
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.routing_compute import (
    OF_BIRD, TAP, Compute, conf, outcomes, states)
from tests.unit.fake.system import Entry

CHANGES = ('bgp_password', 'new'), ('as_number', '64511'), ('bfd', True)


@pytest.mark.parametrize('change', CHANGES)
@pytest.mark.parametrize('metric', ['', ' metric 32'])
def test_each_route_of_bird_is_held_where_its_sessions_change(change, metric):
    node = Compute(metric=metric)

    assert states(hold_routes, node, **dict([change])) == [CHANGED]
    assert states(hold_routes, node, **dict([change])) == [UNCHANGED]

    assert node.held == [OF_BIRD.format(2, 13), OF_BIRD.format(3, 14)]


def test_a_configuration_that_stays_holds_nothing():
    """Another version of the plugin writes another comment, and no more."""
    node = Compute()
    old = conf().replace('plugin ' + __version__, 'plugin 3.9.9')
    node.files[CONF] = Entry(old, 'bird:bird', 0o640)

    assert states(hold_routes, node) == []


def test_a_bird_that_is_too_old_to_be_configured_is_held_too():
    node = Compute()
    node.bird.version = '1.4.0'

    assert states(hold_routes, node) == [CHANGED]


def test_what_a_bird_that_is_down_has_left_is_held():
    node = Compute()
    node.bird.loaded = None

    assert states(hold_routes, node, bgp_password='new') == [CHANGED]

    assert len(node.held) == 2


def test_a_node_without_routes_has_nothing_to_hold():
    node = Compute()
    node.of_bird = []

    assert states(hold_routes, node, bgp_password='new') == []
    assert not node.exists(MARK)


def test_a_controller_holds_nothing():
    wanted = environment(roles(1, 1), bgp_password='new')

    assert hold_routes.resources(wanted, wanted.this_node, Compute()) == []


def test_a_workload_that_came_or_moved_since_is_held_where_it_is_now():
    """Fuel holds before it deploys, and again before it changes BIRD."""
    node = Compute()
    states(hold_routes, node, bgp_password='new')
    node.of_bird = [OF_BIRD.format(1, 13), OF_BIRD.format(2, 14)]
    node.own.remove(TAP)

    assert states(hold_routes, node, bgp_password='new') == [CHANGED]

    assert sorted(node.held) == [
        OF_BIRD.format(1, 13), OF_BIRD.format(2, 14), OF_BIRD.format(3, 14)]


def test_a_route_that_the_kernel_refuses_holds_up_no_other_and_is_named():
    node = Compute()
    node.refused = {'203.0.113.2'}

    outcome, = outcomes(hold_routes, node, bgp_password='new')

    assert node.held == [OF_BIRD.format(3, 14)]
    assert outcome.state == FAILED and (
        'the kernel rejects the held route to 203.0.113.2 via 192.0.2.13 dev br-mgmt. '
        'It says: RTNETLINK answers: Network is unreachable.') in outcome.difference
    assert 'ip route del ADDRESS proto 12' in outcome.difference


def test_of_many_refused_routes_the_first_are_named():
    node = Compute()
    node.of_bird = [OF_BIRD.format(last, 13) for last in range(2, 9)]
    node.refused = set('203.0.113.{}'.format(last) for last in range(2, 9))

    outcome, = outcomes(hold_routes, node, bgp_password='new')

    assert '203.0.113.6 via 192.0.2.13 dev br-mgmt and 2 more.' in outcome.difference
    assert '203.0.113.7' not in outcome.difference


def test_a_route_that_is_gone_since_the_look_is_no_failure():
    """Its interface or its next hop went, and the kernel took it away as well."""
    node = Compute()
    ip = node.programs['ip']

    def with_a_loss(argv, text):
        if '-batch' in argv and len(node.of_bird) == 2:
            node.refused = {'203.0.113.2'}
            del node.of_bird[0]
        return ip(argv, text)
    node.programs['ip'] = with_a_loss

    assert states(hold_routes, node, bgp_password='new') == [CHANGED]
    assert node.held == [OF_BIRD.format(3, 14)]


def test_a_route_that_has_come_since_the_look_is_no_failure():
    node = Compute()
    ip = node.programs['ip']

    def with_another(argv, text):
        if '-batch' in argv and len(node.of_bird) == 2:
            node.of_bird.append(OF_BIRD.format(4, 14))
        return ip(argv, text)
    node.programs['ip'] = with_another

    assert states(hold_routes, node, bgp_password='new') == [CHANGED]
    assert len(node.held) == 2


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    """Nothing is held without the mark."""
    def run(system):
        return states(hold_routes, system, bgp_password='new')
    for whole, killed in at_every_change(Compute, run):
        assert killed.held == whole.held and killed.exists(MARK)

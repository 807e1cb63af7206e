"""Computes pin the routes of BIRD before sessions are reset."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, UNCHANGED
from calico_fuel.tasks import hold_routes
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF
from tests.unit.fake.routing_compute import ROUTE, Compute, conf, states

CHANGES = ('bgp_password', 'new'), ('as_number', '64511'), ('bfd', True)


@pytest.mark.parametrize('change', CHANGES)
@pytest.mark.parametrize('metric', ['', ' metric 32'])
def test_each_route_of_bird_is_pinned_where_its_sessions_change(change, metric):
    node = Compute(metric=metric)

    assert states(hold_routes, node, **dict([change])) == [CHANGED]
    assert states(hold_routes, node, **dict([change])) == [UNCHANGED]

    assert node.pinned == [ROUTE.format(2, 13), ROUTE.format(3, 14)]


def test_routes_are_pinned_where_sessions_get_the_derived_password():
    node = Compute()
    node.write(CONF, conf(bgp_password='none'), 0o640)

    assert states(hold_routes, node) == [CHANGED]


def test_a_configuration_that_stays_pins_nothing():
    node = Compute()

    assert states(hold_routes, node) == [] and node.pinned == []


def test_the_routes_of_a_bird_that_is_too_old_to_be_configured_are_pinned_too():
    node = Compute()
    node.bird.version = '1.4.0'

    assert states(hold_routes, node) == [CHANGED] and len(node.pinned) == 2


def test_what_a_bird_that_is_down_has_left_is_pinned():
    node = Compute()
    node.bird.loaded = None

    assert states(hold_routes, node, bgp_password='new') == [CHANGED]

    assert len(node.pinned) == 2


def test_a_controller_pins_nothing():
    wanted = environment(roles(1, 1), bgp_password='new')

    assert hold_routes.resources(wanted, wanted.this_node, Compute()) == []

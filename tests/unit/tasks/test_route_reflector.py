"""A controller becomes a BGP route reflector, and another node does not."""

from __future__ import unicode_literals

from calico_fuel.converge import converge
from calico_fuel.tasks import bgp, cleanup, route_reflector
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem
from tests.unit.tasks.test_bgp import Controller, run


def test_a_compute_is_no_route_reflector():
    wanted = environment(roles(1, 1), uid='2')

    assert route_reflector.resources(wanted, wanted.this_node, FakeSystem()) == []


def test_a_controller_that_reflects_no_more_ends_its_sessions_when_computes_are_ready():
    """Dedicated reflectors came: its own task lets it be, the cleanup ends it."""
    node = Controller()
    run(node, roles(1, 2))
    dedicated = environment(roles(1, 2, [['calico-rr']]), cleanup_ovs=False)

    assert run(node, roles(1, 2, [['calico-rr']])) == []
    node.write(bgp.SOCKET_OPTIONS.file, '', 0o644)
    list(converge(
        cleanup.former_reflector(dedicated, dedicated.this_node, node), node))

    assert 'protocol bgp' not in node.bird.loaded
    assert not node.exists(bgp.SOCKET_OPTIONS.file)
    assert node.iptables.rules['filter']['calico-fuel-bgp'] == []
    assert node.services.starts == ['bird']

"""A compute that reflects, or did, keeps its clients until others serve them."""

from __future__ import unicode_literals

import re

from calico_fuel.tasks import route_reflector
from tests.unit.builders import environment
from tests.unit.fake.handing_over import NEVER, Peer, node, run, sessions

MIXED = [['primary-controller', 'compute'], ['controller'], ['compute']]


def test_a_former_reflector_with_workloads_reflects_until_others_do():
    """Its clients may not have all routes from others yet."""
    system = node(of_nodes=MIXED, uid='1', client_node_3=Peer(),
                  reflector_node_4=Peer(up=NEVER))
    before = system.bird.loaded

    run(system, MIXED + [['calico-rr']], uid='1')

    for pattern in r'(?ms)^protocol bgp client_node_3 .*?^}', (
            r'(?ms)^filter reflect_workloads$.*?^}'):
        assert re.search(pattern, system.bird.loaded).group() == re.search(
            pattern, before).group()
    assert 'export filter reflect_workloads' in before


def test_a_reflector_with_workloads_keeps_its_clients_until_others_serve_them():
    """It is a client itself from then on."""
    system = node(of_nodes=MIXED, uid='1', client_node_3=Peer(),
                  reflector_node_2=Peer(tells=NEVER))

    run(system, MIXED + [['calico-rr']], uid='1')

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == []


def test_a_compute_that_begins_to_reflect_does_not_wait_before_its_clients_may_come():
    """All dedicated reflectors were deleted: its task route-reflector is run before
    any other compute knows of it."""
    system = node(of_nodes=MIXED + [['calico-rr']], uid='1',
                  reflector_node_4=Peer(is_gone=True),
                  client_node_3=Peer(up=8, tells=9))
    wanted = environment(MIXED, uid='1')
    assert route_reflector.resources(wanted, wanted.this_node, system) == []

    run(system, MIXED, uid='1')

    assert sessions(system) == ['reflector_node_2', 'client_node_3']
    assert system.bird.blackouts == []
    assert route_reflector.resources(wanted, wanted.this_node, system)

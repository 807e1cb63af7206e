"""A compute ends a session once others have its routes, and loses none meanwhile."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import bird_conf
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED
from tests.unit.builders import roles
from tests.unit.fake.bird import CONF
from tests.unit.fake.handing_over import (
    NEVER, OLD, Peer, failure, node, run, sessions, states)
from tests.unit.fake.killed import at_every_change


@pytest.mark.parametrize('version', ['1.6.8', '2.0.12'])
def test_a_new_reflector_has_the_routes_before_the_old_one_is_left(version):
    system = node(version=version)

    run(system)

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == [] and system.bird.reloads == 2
    assert system.bird.loaded == system.text(CONF)
    assert states(run(system)) == {UNCHANGED}


def test_routes_may_take_their_way_before_a_session_ends():
    """Those that this node announces, too: some seconds more."""
    system = node(reflector_node_4=Peer(up=3, tells=10))
    before = system.clock

    run(system)

    assert 13 < system.clock - before < 20


def test_without_a_route_a_session_that_stays_is_waited_for():
    """The old reflector announces this node's own workloads."""
    system = node(reflector_node_1=Peer(tells=NEVER),
                  reflector_node_4=Peer(up=20, tells=NEVER))

    run(system)

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == []


def test_a_busy_bird_does_not_lengthen_the_wait():
    system = node(reflector_node_4=Peer(up=NEVER, tells=NEVER))
    birdc = system.programs['birdc']

    def slow(argv, text):
        system.clock += 2
        return birdc(argv, text)
    system.programs['birdc'] = slow
    before = system.clock

    assert 'in 90 s no other' in failure(run(system))

    assert system.clock - before < bird_conf.SECONDS_TO_COME + 30


def test_a_new_reflector_that_does_not_come_up_costs_nothing_and_is_named():
    """Both stay configured until a later run, when it is up."""
    system = node(reflector_node_4=Peer(up=NEVER, tells=NEVER))

    said = failure(run(system))

    assert '/etc/bird/bird.conf: reflector_node_1 cannot end: in 90 s' in said
    assert 'reflector_node_4 to node-4' in said and 'TCP port 179' in said
    assert sessions(system) == ['reflector_node_1', 'reflector_node_4']
    system.bird.peers['reflector_node_4'] = Peer()
    assert states(run(system)) == {CHANGED, UNCHANGED}
    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == []


def test_a_compute_that_has_no_session_to_the_new_reflector_yet_is_named():
    system = node(reflector_node_4=Peer(tells=NEVER))

    said = failure(run(system))

    assert 'The others lack routes of node-3: run calico-fuel compute there' in said

    assert sessions(system) == ['reflector_node_1', 'reflector_node_4']


def test_routes_of_a_node_that_is_gone_are_not_waited_for():
    system = node(reflector_node_1=Peer(hop='192.0.2.99'),
                  reflector_node_4=Peer(tells=NEVER))

    assert FAILED not in states(run(system))

    assert sessions(system) == ['reflector_node_4']


def test_a_deleted_reflector_is_left_when_another_has_the_routes_that_it_told():
    """They live by its Restart Time; its node is in no list any more."""
    of_nodes = roles(2, 1, [['calico-rr']])
    system = node(of_nodes=of_nodes, uid='3', reflector_node_4=Peer(is_gone=True),
                  reflector_node_1=Peer(up=8, tells=9))

    run(system, of_nodes[:3], uid='3')

    assert sessions(system) == ['reflector_node_1', 'reflector_node_2']
    assert system.bird.blackouts == []


@pytest.mark.parametrize('old', [
    Peer(up=NEVER, tells=NEVER), Peer(is_gone=True, tells=NEVER)])
def test_a_session_that_brings_nothing_ends_at_once(old):
    system = node(reflector_node_1=old, reflector_node_4=Peer(up=NEVER))

    run(system)

    assert sessions(system) == ['reflector_node_4'] and system.bird.reloads == 1


def test_a_session_whose_neighbor_stays_by_another_name_is_not_kept():
    """BIRD would have two sessions to one address."""
    system = node(reflector_node_1=Peer(up=NEVER), client_node_1=Peer(up=0))
    system.files[CONF] = system.files[CONF]._replace(
        content=system.files[CONF].content.replace(
            b'reflector_node_1', b'client_node_1'))
    system.bird.start()

    run(system, OLD)

    assert sessions(system) == ['reflector_node_1'] and system.bird.reloads == 1


def test_a_session_of_an_earlier_version_ends_without_a_gap():
    """This version does not have the filters of that one."""
    system = node()
    system.files[CONF] = system.files[CONF]._replace(
        content=system.files[CONF].content.replace(b'announce_', b'gone_in_this_'))
    system.bird.start()
    system.bird.refused = 'gone_in_this'

    assert FAILED not in states(run(system))

    assert sessions(system) == ['reflector_node_4']
    assert system.bird.blackouts == [] and system.bird.reloads == 2


def test_a_dry_run_shows_the_end_and_changes_nothing():
    system = node()

    said = ''.join(o.difference for o in run(system, dry_run=True))

    assert '-protocol bgp reflector_node_1 {' in said
    assert '+protocol bgp reflector_node_4 {' in said
    assert system.changes == 0


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(node, run):
        assert system.bird.loaded == whole.bird.loaded
        assert system.bird.blackouts == []
        assert states(run(system)) == {UNCHANGED}


def test_a_bird_that_was_upgraded_is_replaced_with_the_new_sessions_only():
    """It may not understand what the old one had; the kernel keeps the routes."""
    system = node()
    system.bird.version = '2.0.12'

    run(system)

    assert sessions(system) == ['reflector_node_4']
    assert (system.bird.kills, system.bird.reloads) == (1, 0)


def test_with_bfd_an_old_neighbor_is_heard_until_its_session_has_ended():
    system = node()
    run(system, OLD, bfd=True)
    system.bird.peers['reflector_node_4'] = Peer(up=NEVER)
    run(system, bfd=True)
    assert '-s 192.0.2.11/32 -j ACCEPT' in system.iptables.rules['filter'][
        'calico-fuel-bfd']

    system.bird.peers['reflector_node_4'] = Peer()
    run(system, bfd=True)

    assert system.iptables.rules['filter']['calico-fuel-bfd'] == [
        '-s 192.0.2.14/32 -j ACCEPT']

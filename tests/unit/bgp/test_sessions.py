"""Who reflects, who peers with whom, who is an etcd member."""

from __future__ import unicode_literals

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel import roles as node_roles
from calico_fuel.bgp import sessions as bgp_sessions
from calico_fuel.errors import MetadataError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import environment
from tests.unit.builders import roles

ROLE_SETS = st.lists(st.sampled_from([
    ['compute'], ['controller'], ['primary-controller'], ['ceph-osd'],
    ['compute', 'ceph-osd'], ['controller', 'compute'], ['calico-rr'],
    ['calico-etcd'], ['calico-rr', 'calico-etcd'], ['mongo']]),
    min_size=1, max_size=12)


def names(nodes):
    return [node.name for node in nodes]


def peers(env, node):
    return dict((s.address, s) for s in bgp_sessions.of(env, node))


def test_controllers_reflect_and_are_etcd_members():
    env = environment(roles(3, 2))

    assert names(node_roles.route_reflectors(env)) == ['node-1', 'node-2', 'node-3']
    assert node_roles.etcd_members(env) == node_roles.route_reflectors(env)


def test_dedicated_nodes_take_over_from_the_controllers():
    env = environment(roles(3, 2, [['calico-rr'], ['calico-etcd']]), '9.2')

    assert names(node_roles.route_reflectors(env)) == ['node-6']
    assert names(node_roles.etcd_members(env)) == ['node-7']
    assert bgp_sessions.of(env, env.node('1')) == ()
    assert node_roles.has_calico_role(env, env.node('1'))


def test_storage_nodes_have_no_session_and_no_calico_role():
    env = environment(roles(1, 1, [['ceph-osd', 'cinder'], ['mongo']]))

    for name in ('node-3', 'node-4'):
        assert bgp_sessions.of(env, env.node(name)) == ()
        assert not node_roles.has_calico_role(env, env.node(name))


def test_a_compute_with_a_storage_role_is_one_client():
    env = environment([['primary-controller'], ['cinder', 'compute']])

    assert [s.name for s in bgp_sessions.of(env, env.node('1'))] == [
        'client_node_2']


def test_a_node_that_is_controller_and_compute_peers_as_a_reflector():
    env = environment([['primary-controller', 'compute'], ['controller'],
                       ['compute']])

    assert [(s.name, s.relation) for s in bgp_sessions.of(env, env.node('1'))] == [
        ('reflector_node_2', 'reflector'), ('client_node_3', 'client')]
    assert [s.name for s in bgp_sessions.of(env, env.node('2'))] == [
        'reflector_node_1', 'client_node_3']


@given(ROLE_SETS)
def test_sessions_are_symmetric_and_fit_together(of_nodes):
    env = environment(of_nodes, '9.2')
    for node in env.nodes:
        for session in bgp_sessions.of(env, node):
            other = next(n for n in env.nodes if n.address == session.address)
            back = peers(env, other)[node.address]
            assert back.password == session.password
            assert (session.relation, back.relation) in (
                ('client', 'reflector'), ('reflector', 'client'),
                ('reflector', 'reflector'))


@given(ROLE_SETS)
def test_every_pair_of_computes_can_exchange_routes(of_nodes):
    """An iBGP speaker passes on to a peer only what it reflects (RFC 4456)."""
    env = environment(of_nodes, '9.2')
    if not node_roles.route_reflectors(env):
        return
    for one in node_roles.computes(env):
        for other in node_roles.computes(env):
            direct = other.address in peers(env, one)
            by_reflector = any(
                peers(env, rr).get(one.address, rr) != rr
                and peers(env, rr)[one.address].relation == 'client'
                and other.address in peers(env, rr)
                for rr in node_roles.route_reflectors(env) if rr != one)
            assert one == other or direct or by_reflector


@given(ROLE_SETS, st.randoms())
def test_the_order_of_input_changes_no_session(of_nodes, rng):
    data = fuel_metadata.metadata('9.2', of_nodes)
    rng.shuffle(data['nodes'])
    shuffled = parse_environment(json.dumps(data))
    env = environment(of_nodes, '9.2')

    for node in env.nodes:
        assert bgp_sessions.of(env, node) == bgp_sessions.of(
            shuffled, shuffled.node(node.uid))


@given(ROLE_SETS)
def test_no_two_sessions_of_a_node_share_a_name_or_an_address(of_nodes):
    env = environment(of_nodes, '9.2', external_peers='b1 65010 10.0.0.1')
    for node in env.nodes:
        sessions = bgp_sessions.of(env, node)
        assert len(set(s.name for s in sessions)) == len(sessions)
        assert len(set(s.address for s in sessions)) == len(sessions)


def test_other_nodes_coming_and_going_changes_no_existing_session():
    small, large = environment(roles(1, 2)), environment(roles(1, 30))
    node = small.node('2')

    assert bgp_sessions.of(small, node) == bgp_sessions.of(large, node)
    assert set(bgp_sessions.of(small, small.node('1'))) < set(
        bgp_sessions.of(large, large.node('1')))
    assert bgp_sessions.cluster_id(small) == bgp_sessions.cluster_id(large) == '0.0.0.7'


def test_reflectors_connect_before_clients_and_clients_spread():
    env = environment(roles(1, 100))
    reflector = bgp_sessions.of(env, env.node('1'))
    delays = [bgp_sessions.of(env, node)[0].connect_delay
              for node in node_roles.computes(env)]

    assert set(s.connect_delay for s in reflector) == {1}
    assert min(delays) >= 5
    assert max(delays.count(delay) for delay in delays) <= 15


def test_external_peers_are_peers_of_every_route_reflector_only():
    env = environment(roles(2, 1), external_peers='b1 65010 10.0.0.1 pw')

    for name in ('1', '2'):
        session = peers(env, env.node(name))['10.0.0.1']
        assert (session.relation, session.as_number, session.password) == (
            'external', 65010, 'pw')
        # A default route of two routers: BIRD compares their paths.
        assert (session.preference, session.has_bfd) == (100, False)
    assert '10.0.0.1' not in peers(env, env.node('3'))


def test_the_peers_of_a_rack_are_peers_of_its_computes_only():
    env = environment([['primary-controller', 'compute'], ['compute'], ['compute']],
                      external_peers='tor-1 65201 192.0.2.201 from=192.0.2.10/31 '
                      'local=65101\ntor-2 65202 192.0.2.202 from=192.0.2.12/32')

    assert [[s.name for s in bgp_sessions.of(env, node) if s.peer]
            for node in env.nodes] == [['external_tor_1'], ['external_tor_2'], []]
    session = peers(env, env.node('1'))['192.0.2.201']
    assert (session.local_as, session.as_number, session.reflects) == (
        65101, 65201, False)
    assert peers(env, env.node('2'))['192.0.2.202'].local_as == 64512
    assert session.restart_time == 60


def test_a_hyphen_in_the_name_of_an_external_peer_is_an_underscore_for_bird():
    env = environment(external_peers='border-1 65010 10.0.0.1')

    session = peers(env, env.node('1'))['10.0.0.1']

    assert (session.name, session.neighbor) == ('external_border_1', 'border-1')


def test_a_neighbor_without_management_address_is_an_error_with_a_cure():
    data = fuel_metadata.metadata('6.1', roles())
    del data['nodes'][1]['internal_address']
    env = parse_environment(json.dumps(data), 'astute.yaml')

    with pytest.raises(MetadataError) as error:
        bgp_sessions.of(env, env.this_node)
    assert 'astute.yaml: nodes: node-2 has no management address' in (
        error.value.args[0])


def test_of_two_reflectors_the_one_with_the_lower_uid_connects_first():
    """Two that connect in the same second, again and again, refuse each other."""
    env = environment(roles(3, 0))
    delays = {(one.uid, s.neighbor.split('.')[0]): s.connect_delay
              for one in env.nodes for s in bgp_sessions.of(env, one)}

    assert [delays[pair] for pair in (
        ('1', 'node-2'), ('1', 'node-3'), ('2', 'node-3'))] == [1, 1, 1]
    assert min(delays[pair] for pair in (
        ('2', 'node-1'), ('3', 'node-1'), ('3', 'node-2'))) >= 5


def test_a_reflector_believes_clients_more_than_other_reflectors():
    """Whose routes are old ones while they restart; a compute has no other."""
    env = environment(roles(2, 1))

    assert [(s.relation, s.preference) for s in bgp_sessions.of(
        env, env.node('1'))] == [('reflector', 90), ('client', 100)]
    assert [s.preference for s in bgp_sessions.of(env, env.node('3'))] == [100, 100]


def test_neighbors_keep_the_routes_of_a_reflector_for_longer_than_a_computes():
    env = environment(roles(1, 1))

    assert [bgp_sessions.of(env, node)[0].restart_time for node in env.nodes] == [
        300, 60]


def test_a_restarted_bird_waits_for_the_last_client_that_connects_by_itself():
    env = environment(roles(1, 40))
    slowest = max(bgp_sessions.of(env, env.node('{}'.format(uid)))[0].connect_delay
                  for uid in range(2, 42))

    assert slowest < bgp_sessions.RESTART_WAIT < slowest + 5


@pytest.mark.parametrize('name, uid', [
    ('client_node_7', '7'), ('reflector_node_12', '12'), ('client_node_7x', None),
    ('client_node_\u0663', None), ('external_node_7', None)])
def test_a_session_to_a_node_is_told_by_its_name(name, uid):
    """On both Pythons alike: only Python 3 takes other digits for some."""
    assert bgp_sessions.uid(name) == uid

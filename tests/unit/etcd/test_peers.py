"""Who may be a member, and where it is asked."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd import peers
from calico_fuel.etcd.moving import BOTH, HTTP, TLS
from tests.unit.builders import environment, roles


def test_former_members_are_asked_too():
    """The role calico-etcd came later: the controllers were the members."""
    env = environment([['primary-controller'], ['compute'], ['calico-etcd']], '9.2')

    assert [p.name for p in peers.wanted_members(env)] == ['node-3']
    assert [p.name for p in peers.possible_members(env)] == ['node-1', 'node-3']


def test_members_are_asked_by_tls_first():
    """Some may speak HTTP only."""
    assert [peer.client_urls for peer in peers.wanted_members(environment(roles(1)))
            ] == [('https://192.0.2.11:2389', 'http://192.0.2.11:2379')]


def test_without_a_secret_nobody_is_asked_by_tls():
    env = environment(roles(1))._replace(secret=None)

    assert peers.wanted_members(env)[0].client_urls == ('http://192.0.2.11:2379',)
    assert peers.wanted_members(env)[0].peer_urls == ('http://192.0.2.11:2380',)


@pytest.mark.parametrize('schemes, peer_urls', [
    (None, ('https://192.0.2.11:2390',)), (TLS, ('https://192.0.2.11:2390',)),
    (HTTP, ('http://192.0.2.11:2380',)),
    (BOTH, ('http://192.0.2.11:2380', 'https://192.0.2.11:2390'))])
def test_a_new_member_listens_with_tls_alone(schemes, peer_urls):
    env = environment(roles(1))

    assert peers.peer(env, env.node('1'), schemes).peer_urls == peer_urls


def test_nodes_in_error_that_the_list_omits_are_possible_and_forgotten_ones_are_not():
    env = environment(roles(2, 2))
    omitted = env._replace(nodes=env.nodes[:1], own_list=env.nodes)

    assert [node.name for node in peers.possible_nodes(omitted)] == [
        'node-1', 'node-2', 'node-3', 'node-4']
    assert [node.name for node in peers.possible_nodes(omitted._replace(
        forgotten=frozenset(['node-3', '4'])))] == ['node-1', 'node-2']

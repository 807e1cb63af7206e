"""Who may be a member, and where it is asked."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import MetadataError
from calico_fuel.etcd import peers
from calico_fuel.etcd.moving import BOTH, HTTP, TLS
from tests.unit.builders import environment, roles


def test_former_members_are_asked_too():
    """The role calico-etcd came later: the controllers were the members."""
    env = environment([['primary-controller'], ['compute'], ['calico-etcd']], '9.2')

    assert [p.name for p in peers.wanted_members(env)] == ['node-3']
    assert [p.name for p in peers.possible_members(env)] == ['node-1', 'node-3']


@pytest.mark.parametrize('forgotten, leaving, known', [
    # In error it stays a member, and may have the quorum with others.
    ([], {'192.0.2.14'}, {'192.0.2.11', '192.0.2.12', '192.0.2.13', '192.0.2.14'}),
    (['node-2'], {'192.0.2.14', '192.0.2.12', 'node-2'},
     {'192.0.2.11', '192.0.2.13', '192.0.2.14'}),
    (['2'], {'192.0.2.14', '192.0.2.12', '2'},
     {'192.0.2.11', '192.0.2.13', '192.0.2.14'})])
def test_a_member_that_the_list_lacks_leaves_only_when_it_is_forgotten(
        forgotten, leaving, known):
    """node-1 to node-3 are controllers, node-4 is a compute."""
    whole = environment(roles(3, 1))
    lacking = whole._replace(
        nodes=[node for node in whole.nodes if node.uid != '2'],
        own_list=whole.nodes, forgotten=frozenset(forgotten))

    wanted = peers.wanted(lacking)

    assert [member.name for member in wanted.members] == ['node-1', 'node-3']
    assert (wanted.leaving, wanted.known) == (leaving, known)
    assert not wanted.may_begin and peers.wanted(lacking, True).may_begin
    assert [member.name for member in peers.possible_members(lacking)] == [
        'node-1', 'node-3'] + ['node-2'] * (not forgotten)


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

    found = peers.peer(env, env.node('1'), schemes)

    assert (found.name, found.address) == ('node-1', '192.0.2.11')
    assert found.peer_urls == peer_urls


def test_a_member_without_an_address_is_an_error_with_its_file():
    env = environment(roles(1))

    with pytest.raises(MetadataError) as error:
        peers.peer(env, env.node('1')._replace(address=None))
    assert error.value.args[0] == (
        'astute.yaml: nodes: node-1 has no management address. Give the node an '
        'address in the network that carries the network role mgmt/vip, and deploy '
        'changes')


def test_nodes_in_error_that_the_list_omits_are_possible_and_forgotten_ones_are_not():
    env = environment(roles(2, 2))
    omitted = env._replace(nodes=env.nodes[:1], own_list=env.nodes)

    assert [node.name for node in peers.possible_nodes(omitted)] == [
        'node-1', 'node-2', 'node-3', 'node-4']
    assert [node.name for node in peers.possible_nodes(omitted._replace(
        forgotten=frozenset(['node-3', '4'])))] == ['node-1', 'node-2']

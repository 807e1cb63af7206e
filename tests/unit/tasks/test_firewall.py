"""Who may talk BGP and etcd to a node: those with business there, nobody else."""

from __future__ import unicode_literals

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel import render
from calico_fuel import roles as node_roles
from calico_fuel.bgp import bird
from calico_fuel.bgp import sessions
from calico_fuel.tasks import firewall
from tests.unit.builders import MIXED, environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem

RELEASES = ['6.1', '7.0', '8.0', '9.0', '9.2']
EXTERNAL = 'border 65010 203.0.113.1\nborder6 65010 2001:db8::1'


def addresses(chain):
    return set(re.match(r'-s (\S+)/32 -j ACCEPT$', rule).group(1)
               for rule in chain.rules)


def bgp(of_all, uid):
    return addresses(firewall.bgp(sessions.of(of_all, of_all.node(uid))))


@pytest.mark.parametrize('release', RELEASES)
def test_bgp_is_open_to_the_neighbors_of_a_node_only(release):
    """Reflectors 1 and 2, computes 3 and 4: computes do not peer with each other."""
    of_all = environment(roles(2, 2), release)

    assert bgp(of_all, '1') == {'192.0.2.12', '192.0.2.13', '192.0.2.14'}
    assert bgp(of_all, '3') == {'192.0.2.11', '192.0.2.12'}


@pytest.mark.parametrize('bfd', [True, False])
def test_bfd_is_open_where_it_is_on_to_the_internal_neighbors_only(bfd):
    of_all = environment(roles(2, 2), external_peers=EXTERNAL, bfd=bfd)
    chains = [firewall.bfd(sessions.of(of_all, of_all.node(uid))) for uid in '13']

    assert [addresses(chain) for chain in chains] == ([
        {'192.0.2.12', '192.0.2.13', '192.0.2.14'}, {'192.0.2.11', '192.0.2.12'},
    ] if bfd else [set(), set()])
    assert chains[0].match == '-p udp -m udp --dport 4784'


def test_external_peers_may_connect_and_ipv6_is_not_in_an_ipv4_chain():
    of_all = environment(roles(1, 1), external_peers=EXTERNAL)

    assert bgp(of_all, '1') == {'192.0.2.12', '203.0.113.1'}


def test_etcd_is_open_to_every_node_that_uses_it_and_to_no_other():
    """Node 3 is a mongo node; members and proxies talk to members."""
    of_all = environment(MIXED)

    assert addresses(firewall.etcd_member(of_all, of_all.node('1'), FakeSystem())) == {
        '192.0.2.12', '192.0.2.14'}


def test_etcd_stays_open_to_a_node_whose_session_stays():
    whole, of_all = environment(roles(1, 2)), environment(roles(1, 1))
    system = FakeSystem({bird.BIRD_CONF: render.bird_conf(
        whole, whole.this_node, 1)})
    Bird(system)

    assert addresses(firewall.etcd_member(of_all, of_all.this_node, system)) == {
        '192.0.2.12', '192.0.2.13'}


def test_what_the_chains_match():
    of_all = environment()
    node = of_all.this_node

    assert firewall.bgp(())[:4] == (
        'filter', 'calico-fuel-bgp', 'INPUT', '-p tcp -m tcp --dport 179')
    assert firewall.etcd_member(of_all, node, FakeSystem())[:4] == (
        'filter', 'calico-fuel-etcd', 'INPUT',
        '-p tcp -m multiport --dports 2379,2380,2389,2390')
    assert tuple(firewall.dhcp_checksums()) == (
        'mangle', 'calico-fuel-dhcp', 'POSTROUTING', '-p udp -m udp --dport 68',
        ('-j CHECKSUM --checksum-fill',))


def test_etcd_is_open_to_three_users_of_the_node_and_refuses_others_at_once():
    """Members are the nodes 1 and 2; rules have numbers, as iptables-save has."""
    assert tuple(firewall.etcd_users(environment(roles(2, 1)), FakeSystem())) == (
        'filter', 'calico-fuel-etcd-users', 'OUTPUT',
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN '
        '-m multiport --dports 2379,2380,2389,2390,4001', (
            '-m owner --uid-owner 0 -j RETURN', '-m owner --uid-owner 105 -j RETURN',
            '-m owner --uid-owner 106 -j RETURN',
            '-d 127.0.0.0/8 -p tcp -j REJECT --reject-with tcp-reset',
            '-d 192.0.2.11/32 -p tcp -j REJECT --reject-with tcp-reset',
            '-d 192.0.2.12/32 -p tcp -j REJECT --reject-with tcp-reset'))


def test_a_member_that_the_list_of_nodes_lacks_keeps_its_rule():
    """Fuel 6.1 to 8.0 leave out a node in error, of which its own metadata knows."""
    whole = environment(roles(3, 1))
    lacking = whole._replace(nodes=whole.nodes[1:], own_list=whole.nodes)

    assert firewall.etcd_users(lacking, FakeSystem()) == firewall.etcd_users(
        whole, FakeSystem())


def test_a_user_that_is_not_there_has_no_rule():
    system = FakeSystem()
    del system.user_ids['neutron']

    rules = firewall.etcd_users(environment(), system).rules

    assert [rule for rule in rules if 'RETURN' in rule] == [
        '-m owner --uid-owner 0 -j RETURN', '-m owner --uid-owner 105 -j RETURN']


def test_instances_reach_no_internal_network_but_answer_and_reach_exceptions():
    of_all = environment(
        workload_prefixes='10.65.0.0/24', workload_gateway='192.0.2.200',
        reachable_prefixes='198.51.100.128/30, 203.0.113.0/24')

    assert tuple(firewall.internal(of_all)) == (
        'mangle', 'calico-fuel-internal', 'PREROUTING', '-i tap+', (
            '-m conntrack --ctdir REPLY -j RETURN', '-d 198.51.100.128/30 -j RETURN',
            '-d 192.0.2.200/32 -j RETURN', '-d 192.0.2.0/24 -j DROP',
            '-d 198.51.100.128/26 -j DROP', '-d 198.51.100.192/26 -j DROP'))


def test_instances_reach_the_external_peers_that_are_their_outbound_routers():
    of_all = environment(external_peers=(
        'out 65010 192.0.2.200 import=default\nother 65010 192.0.2.201'))

    assert [rule for rule in firewall.internal(of_all).rules if '/32' in rule] == [
        '-d 192.0.2.200/32 -j RETURN']


def test_a_compute_lets_the_routers_of_its_rack_in():
    of_all = environment(roles(1, 2), external_peers=(
        'tor 65010 192.0.2.201 from=192.0.2.12/32'))

    assert bgp(of_all, '2') == {'192.0.2.11', '192.0.2.201'}
    assert bgp(of_all, '1') == {'192.0.2.12', '192.0.2.13'}


def test_no_name_is_longer_than_iptables_takes():
    of_all = environment()

    for chain in (firewall.bgp(()), firewall.dhcp_checksums(), firewall.bfd(()),
                  firewall.internal(of_all), firewall.etcd_users(of_all, FakeSystem()),
                  firewall.etcd_member(of_all, of_all.this_node, FakeSystem())):
        assert len(chain.name) <= 28


@given(st.integers(1, 4), st.integers(0, 6))
def test_both_ends_of_every_session_may_connect(controllers, computes):
    """Either side may open it."""
    of_all = environment(roles(controllers, computes))
    speakers = [n for n in of_all.nodes if node_roles.speaks_bgp(of_all, n)]

    for one in speakers:
        for other in speakers:
            assert (one.address in bgp(of_all, other.uid)) == (
                other.address in bgp(of_all, one.uid))
        assert one.address not in bgp(of_all, one.uid)


@given(st.permutations(MIXED[1:]))
def test_no_rule_is_there_twice_and_their_order_is_stable(others):
    of_all = environment(dict(zip((1, 2, 3, 4), MIXED[:1] + others)))

    for chain in (firewall.bgp(sessions.of(of_all, of_all.this_node)),
                  firewall.etcd_member(of_all, of_all.this_node, FakeSystem())):
        assert sorted(set(chain.rules)) == list(chain.rules)

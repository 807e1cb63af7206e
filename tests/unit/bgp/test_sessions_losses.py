"""Whichever node is lost, the instances of the others stay reachable.

By the rendered bird.conf of each node, read as BIRD reads it: sessions and filters.
"""

from __future__ import unicode_literals

from hypothesis import given, settings
from hypothesis import strategies as st

from calico_fuel import render
from calico_fuel import roles as node_roles
from lab.fuel import fuel_metadata
from tests.unit.bgp.speakers import reached
from tests.unit.builders import environment

# Computes first: what others do next to them is in the lists of roles.
COMPUTES = st.lists(st.sampled_from([
    ['compute'], ['compute', 'ceph-osd'], ['controller', 'compute'],
    ['calico-rr', 'compute']]), min_size=2, max_size=3)
OTHERS = st.lists(st.sampled_from([
    ['controller'], ['primary-controller'], ['calico-rr'], ['calico-etcd'], ['mongo'],
    ['calico-rr', 'calico-etcd']]), min_size=1, max_size=4)
SETTINGS = st.sampled_from([
    {}, {'bgp_password': 'none'}, {'as_number': '4200000000', 'bfd': True},
    {'workload_prefixes': '203.0.113.0/24 198.51.100.64/26', 'external_peers': (
        'tor 65201 192.0.2.201 from=192.0.2.0/28 local=65101\n'
        'border 65010 192.0.2.200 import=default export=floating')}])


def texts(env, line):
    """Address of a BGP speaker -> its bird.conf."""
    return dict((node.address, render.bird_conf(env, node, line)) for node in env.nodes
                if node_roles.speaks_bgp(env, node))


def unreachable(of_nodes, instances):
    """Pairs of a compute and one of the *instances* elsewhere that it has no route to.

    *instances* maps the address of a compute to its prefix.  Any other next hop than
    that compute is none.
    """
    known = reached(of_nodes.values(), dict(
        (address, [prefix]) for address, prefix in instances.items()))
    return [(one, prefix) for one in instances if one in of_nodes
            for other, prefix in instances.items() if other in of_nodes and one != other
            and (prefix, other) not in known[one]]


@settings(max_examples=40)
@given(COMPUTES, OTHERS, st.sampled_from(fuel_metadata.RELEASES),
       st.sampled_from([1, 2]), SETTINGS)
def test_whichever_node_is_lost_every_other_pair_keeps_a_path(
        computes, others, release, line, values):
    """But the only route reflector, without which no compute learns a route."""
    env = environment(computes + others, release, **values)
    whole = texts(env, line)
    instances = dict((node.address, '203.0.113.{}/32'.format(node.uid))
                     for node in node_roles.computes(env))
    reflectors = set(address for address, text in whole.items()
                     if 'rr cluster id' in text)
    for lost in [None] + sorted(whole):
        if reflectors - {lost}:
            assert unreachable(dict(
                one for one in whole.items() if one[0] != lost), instances) == []


def test_without_its_route_reflectors_a_compute_learns_nothing():
    """So the property above can fail."""
    env = environment([['primary-controller'], ['compute'], ['compute']])
    whole = texts(env, 1)
    instances = {'192.0.2.12': '203.0.113.2/32', '192.0.2.13': '203.0.113.3/32'}

    assert unreachable(whole, instances) == []
    del whole['192.0.2.11']
    assert sorted(unreachable(whole, instances)) == [
        ('192.0.2.12', '203.0.113.3/32'), ('192.0.2.13', '203.0.113.2/32')]

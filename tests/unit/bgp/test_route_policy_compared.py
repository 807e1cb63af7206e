"""Two configurations compared: which routes come where in one and not in the other.

By the rendered bird.conf of each node; tests/unit/bgp/speakers says who learns what.
"""

from __future__ import unicode_literals

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calico_fuel import render
from calico_fuel import roles as node_roles
from calico_fuel.addresses import format_ipv4, parse_ipv4, parse_prefix
from tests.unit.bgp.speakers import reached
from tests.unit.builders import environment, roles

# Two reflectors, three computes; what the first compute has on its taps.
NODES, HOSTILE, NEIGHBOR, LAST = roles(2, 3), '192.0.2.13', '192.0.2.14', '192.0.2.15'
BORDER, OTHER = '192.0.2.200', '192.0.2.201'
PEERS = 'border 65010 {} {{}}\nother 65020 {}'.format(BORDER, OTHER)
INSTANCES = ['10.65.0.1/32', '10.65.255.254/32', '10.66.0.1/32', '203.0.113.7/32']
FLOATING = ['198.51.100.64/32', '198.51.100.90/32', '198.51.100.126/32']
REFUSED = [
    '192.0.2.2/32', '192.0.2.11/32', '192.0.2.99/32', '198.51.100.1/32',
    '198.51.100.63/32', '198.51.100.127/32', '198.51.100.130/32', '198.51.100.200/32',
    '127.0.0.1/32', '169.254.169.254/32', '224.0.0.5/32', '10.65.0.0/31',
    '203.0.113.0/24', '0.0.0.0/1', '0.0.0.0/0']
DEFAULT = '0.0.0.0/0'
# The border router announces all kinds of routes, and a default that leads elsewhere.
ROUTERS = {BORDER: [(one, BORDER) for one in INSTANCES + REFUSED] + [(DEFAULT, OTHER)],
           OTHER: [(DEFAULT, OTHER)]}


def found(line=1, release='8.0', options='', taps=INSTANCES + FLOATING + REFUSED, **of):
    """Set of (address of who learned it, prefix, next hop)."""
    env = environment(NODES, release, external_peers=PEERS.format(options), **of)
    return set(
        (address, prefix, hop) for address, routes in reached(
            [render.bird_conf(env, node, line) for node in env.nodes
             if node_roles.speaks_bgp(env, node)], {HOSTILE: taps}, ROUTERS).items()
        for prefix, hop in routes)


def learned(routes, by=(NEIGHBOR,)):
    """What others than the compute itself learned, of *routes* as ``found`` gives."""
    return set(prefix for address, prefix, _ in routes if address in by)


SETTINGS = [
    {}, {'workload_prefixes': '10.65.0.0/16'}, {'floating_ips': True},
    {'workload_prefixes': '10.65.0.0/16', 'options': 'import=default limit=5'},
    {'floating_ips': True, 'options': 'export=floating'},
    {'options': 'export=workloads hops=1 gtsm'},
    {'options': 'from=192.0.2.13/32 local=65101 export=workloads'}]


@pytest.mark.parametrize('of', SETTINGS)
def test_both_major_versions_of_bird_learn_the_same(of):
    assert found(1, **of) == found(2, **of)


@pytest.mark.parametrize('of', SETTINGS)
def test_instances_are_learned_from_their_compute_and_nothing_that_is_refused(of):
    routes = found(**of)

    assert learned(routes) and learned(routes) == learned(routes, (LAST,))
    assert learned(routes) - {DEFAULT} <= set(INSTANCES + FLOATING)
    assert set(hop for address, prefix, hop in routes if address != BORDER
               and prefix != DEFAULT) == {HOSTILE}


@pytest.mark.parametrize('of', [
    {'bfd': True}, {'bgp_password': 'none'}, {'bgp_password': 's3cret'},
    {'as_number': '65000'}, {'route_limit': '1'}, {'instance_mtu': '1400'},
    {'cleanup_ovs': False}, {'remove_default_networks': True},
    {'reachable_prefixes': '192.0.2.0/24'}, {'options': 'limit=1'},
    {'options': 'hops=1 gtsm'}, {'options': 'pass word'}])
def test_a_setting_about_something_else_changes_no_route(of):
    assert found(**of) == found()


@settings(max_examples=25)
@given(st.lists(st.builds(
    lambda number, length: '{}/{}'.format(
        format_ipv4(number >> 32 - length << 32 - length), length),
    st.sampled_from([parse_ipv4(one[:-3]) for one in INSTANCES + FLOATING]),
    st.integers(9, 32)), min_size=1, max_size=3), st.booleans())
def test_instance_cidrs_refuse_what_lies_outside_of_them_and_nothing_else(
        cidrs, floating_ips):
    """Without floating IPs they also add what they have of the floating range."""
    before = found(floating_ips=floating_ips)
    after = found(floating_ips=floating_ips, workload_prefixes=' '.join(cidrs))
    inside = set(prefix for prefix in INSTANCES + FLOATING if any(
        parse_prefix(cidr).covers(parse_prefix(prefix)) for cidr in cidrs))

    assert learned(before) == set(INSTANCES + (FLOATING if floating_ips else []))
    assert learned(after) == inside | set(FLOATING if floating_ips else [])
    assert learned(after, (BORDER,)) == learned(after)


def test_floating_ips_add_the_floating_range_and_remove_nothing():
    """On the releases that have them."""
    for release in ('6.1', '9.2'):
        more = found(release=release, floating_ips=True) - found(release=release)
        less = found(release=release) - found(release=release, floating_ips=True)

        assert learned(more) == set(FLOATING if release == '9.2' else [])
        assert not less


@pytest.mark.parametrize('of', [
    {'floating_ips': True}, {'workload_prefixes': '10.65.0.0/16 198.51.100.64/28'}])
@pytest.mark.parametrize('more', ['', ' from=192.0.2.13/32 local=65101'])
def test_kinds_of_exports_divide_what_one_router_learns_and_change_nothing_else(
        of, more):
    kinds = dict((kind, found(options='export=' + kind + more, **of))
                 for kind in ('all', 'floating', 'workloads'))
    to_border = dict((kind, learned(routes, (BORDER,)))
                     for kind, routes in kinds.items())

    assert to_border['floating'] and to_border['floating'] <= set(FLOATING)
    assert to_border['workloads'] and to_border['workloads'] <= set(INSTANCES)
    assert to_border['floating'] | to_border['workloads'] == to_border['all']
    assert to_border['all'] == learned(kinds['all'], (OTHER,))
    for kind in ('floating', 'workloads'):
        assert all(address == BORDER for address, _, _ in kinds['all'] - kinds[kind])
        assert not kinds[kind] - kinds['all']


@pytest.mark.parametrize('more, where', [
    ('', {'192.0.2.11', '192.0.2.12', HOSTILE, NEIGHBOR, LAST}),
    (' from=192.0.2.14/31', {NEIGHBOR, LAST}), (' from=192.0.2.13/32', {HOSTILE})])
def test_a_default_route_comes_from_its_router_to_computes_and_to_nobody_else(
        more, where):
    before, after = [found(options=one + more, workload_prefixes='10.65.0.0/16')
                     for one in ('import=none', 'import=default')]

    assert not before - after
    assert after - before == set((one, DEFAULT, BORDER) for one in where)


def test_a_router_of_a_rack_learns_the_instances_of_its_computes_alone():
    rack, others = [found(options='from={} local=65101'.format(where))
                    for where in (HOSTILE + '/32', NEIGHBOR + '/32')]

    assert learned(rack, (BORDER,)) == set(INSTANCES)
    assert set(hop for address, _, hop in rack if address == BORDER) == {HOSTILE}
    assert not learned(others, (BORDER,))
    assert set(one for one in rack if one[0] != BORDER) == set(others)

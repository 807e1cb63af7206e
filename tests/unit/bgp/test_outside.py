"""External peers that contradict the environment or other settings are refused."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import outside, route_policy
from tests.unit.builders import environment, roles
from tests.unit.bgp.test_route_policy import problems

DEFAULT = {'external_peers': 'b1 65010 192.0.2.200 import=default',
           'workload_prefixes': '10.65.0.0/16'}


def names(peers):
    return [peer.name for peer in peers]


def test_an_external_peer_must_not_be_a_node():
    found = problems(external_peers='b1 65010 192.0.2.12')

    assert 'external_peers: b1 has the address 192.0.2.12 of node-2' in found


@pytest.mark.parametrize('settings, reason', [
    ({'workload_gateway': '192.0.2.201'}, 'workload_gateway (192.0.2.201) is set, too, '
     'and a compute has one of them: remove one'),
    ({'workload_prefixes': ''}, 'workload_prefixes is empty: write there the prefixes '
     'whose traffic uses the default route'),
    ({'workload_prefixes': ' '.join('10.{}.0.0/16'.format(n) for n in range(101))},
     'workload_prefixes has 101 prefixes (the network that is created is one), and '
     'computes support 100: write wider ones'),
    ({'external_peers': 'b1 65010 203.0.113.1 import=default'},
     '203.0.113.1 is in no network of the deployment, so no compute can reach it as '
     'the next hop: write an address of the router in the management or public '
     'network')])
def test_a_default_route_that_cannot_work_is_refused(settings, reason):
    assert 'external_peers: b1: import=default: ' + reason in problems(
        **dict(DEFAULT, **settings))


@pytest.mark.parametrize('uid, is_refused', [('1', False), ('2', True), ('3', False)])
def test_only_computes_of_its_rack_need_the_network_of_a_router(uid, is_refused):
    env = environment(roles(1, 2), uid=uid, workload_prefixes='10.65.0.0/16',
                      external_peers='tor 65201 10.21.0.1 import=default '
                      'from=192.0.2.12/32')

    found = outside.problems(env, ())

    assert ['10.21.0.1 is in no network' in text for text in found] == (
        [True] if is_refused else [])


def test_floating_addresses_cannot_be_announced_where_there_are_none():
    assert 'external_peers: b1: export=floating: no instance has a floating' in (
        problems(external_peers='b1 65010 192.0.2.200 export=floating'))
    assert 'switch floating_ips on' in (
        problems(external_peers='b1 65010 192.0.2.200 export=floating'))


def test_what_can_work_is_good():
    route_policy.check(environment(**DEFAULT))
    route_policy.check(environment(
        external_peers='b1 65010 203.0.113.1 export=floating hops=2 gtsm limit=9\n'
        'b2 65011 203.0.113.2 export=workloads from=192.0.2.12/32 local=65101',
        workload_prefixes='10.65.0.0/16 198.51.100.64/27'))


def test_the_default_route_of_a_rack_is_for_its_computes_alone():
    env = environment(roles(1, 2), external_peers=(
        'all 65010 192.0.2.200 import=default\nnone 65011 192.0.2.201\n'
        'rack 65012 192.0.2.202 import=default from=192.0.2.12/32'))

    assert names(outside.default_routers(env)) == ['all', 'rack']
    assert [names(outside.default_routers(env, node)) for node in env.nodes] == [
        [], ['all', 'rack'], ['all']]

"""Each break between the host and the sender is named, with its code."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.instances_compute import OF_TAP, STATIC, VIA
from tests.unit.fake.explained_node import FILTERED, OTHER, OWN, Node, last

REFLECTOR, HOP = 'route reflector node-1', 'next hop'
BIRD, KERNEL = "BIRD of the sender's host", "kernel of the sender's host"
PINNED = '203.0.113.31 via 192.0.2.14 dev br-mgmt proto 202 metric 20200 \n'


def replaced(old, new):
    return lambda node: node.replace(old, new)


def no_route(node):
    """No reflector sends it."""
    node.bird.routes = OF_TAP['1'].format(21)


def no_session(node):
    no_route(node)
    node.replace('Established', 'Connect')
    node.routes = node.routes.replace(VIA.format(31), '')


def refused_here(node):
    no_route(node)
    node.bird.filtered = FILTERED.format(
        OTHER + '/32', 'reflector_node_1', '192.0.2.11', '192.0.2.14')


def own_tap(node):
    node.bird.routes = OF_TAP['1'].format(31).replace('tap31', 'tap7') + (
        node.bird.routes)


def two_holders(node):
    node.bird.routes = node.bird.routes.replace(
        'BGP.next_hop: 192.0.2.14', 'BGP.next_hop: 192.0.2.99', 1)


def nobody_answers(node):
    node.answers = {}


def small_packets(node):
    node.answers = {'192.0.2.14': 'small'}


@pytest.mark.parametrize('break_it, name, code, fix', [
    (no_route, BIRD, 'NOT_REFLECTED',
     'Run "calico-fuel explain 203.0.113.31" on node-4, then on node-1'),
    (refused_here, BIRD, 'ROUTE_REFUSED', 'Run calico-fuel verify on node-'),
    (own_tap, BIRD, 'WRONG_HOLDER', 'ip route del 203.0.113.31'),
    (two_holders, BIRD, 'TWO_HOLDERS', 'ip route del 203.0.113.31'),
    (replaced('BGP.next_hop: 192.0.2.14', 'BGP.next_hop: 192.0.2.99'), BIRD,
     'WRONG_HOLDER', 'consider that compute taken over'),
    (replaced(OTHER + '/32 ', STATIC['1'].format(OTHER) + ' ' * 19), BIRD,
     'ROUTE_OVERRIDDEN', 'Take it out of /etc/bird/local.d'),
    (replaced('via 192.0.2.14 on br-mgmt [', 'unreachable ['), BIRD,
     'NEXT_HOP_UNREACHABLE', 'birdc enable direct1'),
    (replaced(VIA.format(31), ''), KERNEL, 'NOT_IN_KERNEL', 'birdc enable kernel1'),
    (replaced(VIA.format(31), '203.0.113.31 via 192.0.2.1 dev br-mgmt \n'), KERNEL,
     'FOREIGN_ROUTE', 'ip route del 203.0.113.31 via 192.0.2.1 dev br-mgmt'),
    (nobody_answers, HOP, 'NEXT_HOP_SILENT', 'Check that node-4 is up'),
    (small_packets, HOP, 'MTU_DIFFERS', 'ip link set br-mgmt mtu NUMBER'),
])
def test_a_break_is_named_on_the_compute_of_the_sender(break_it, name, code, fix):
    node = Node('3')
    break_it(node)

    for ends in (OTHER,), (OTHER, OWN):
        found = last(node, *ends)
        assert found[:2] == (name, code), found
        assert fix in found[3] or 'to 203.0.113.31" on node-4' in found[3]


def test_a_compute_without_any_session_names_the_sessions():
    node = Node('3')
    no_session(node)

    name, code, state, fix = last(node, OTHER)

    assert (name, code) == (REFLECTOR, 'BGP_DOWN')
    assert 'reflector_node_1 to node-1.example.com (192.0.2.11): up Connect' in state
    assert 'TCP port 179' in fix


@pytest.mark.parametrize('lose', [no_route, no_session])
def test_a_pinned_route_is_named_with_where_it_leads(lose):
    node = Node('3')
    lose(node)
    node.routes = node.routes.replace(VIA.format(31), '') + PINNED

    name, code, state, fix = last(node, OTHER)

    assert (name, code) == (BIRD, 'ROUTES_HELD')
    assert 'via 192.0.2.14' in state and 'calico-fuel release-routes' in fix

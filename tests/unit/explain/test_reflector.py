"""Each break on a route reflector is named there, and none where another helps."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.instances_compute import STATIC
from tests.unit.fake.explained_node import (
    FILTERED, OF_CLIENT, OTHER, Node, explained, last)

REFLECTOR = 'route reflector node-1'
ROUTE = OF_CLIENT.format(OTHER + '/32', 4, '*')
STRANGER = OF_CLIENT.format('', 3, '')


def replaced(old, new):
    return lambda node: node.replace(old, new)


def test_a_reflector_that_is_down_or_lacks_it_breaks_nothing_if_another_sends_it():
    node = Node('3')
    node.replace('reflector_node_2 BGP master up 12:00:03 Established',
                 'reflector_node_2 BGP master start 12:00:03 Connect')

    links = dict((link.name, link) for link in explained(node, OTHER))

    assert links['route reflector node-2'].verdict == 'elsewhere'
    assert 'no session to it from here' in links['route reflector node-2'].state
    assert links['security groups'].verdict == 'good'


@pytest.mark.parametrize('break_it, code, state, fix', [
    (replaced(ROUTE, ''), 'NOT_ANNOUNCED', 'node-4 does not announce it',
     'Run "calico-fuel explain 203.0.113.31" on node-4'),
    (replaced('client_node_4 BGP master up 12:00:03 Established',
              'client_node_4 BGP master start 12:00:03 Active'), 'BGP_DOWN',
     'client_node_4 to node-4.example.com (192.0.2.14): start Active', 'TCP port 179'),
    (replaced(ROUTE, ROUTE + STRANGER), 'TWO_HOLDERS',
     'leads to node-3.example.com, too; Neutron bound it to node-4',
     'consider that compute taken over'),
    (replaced(ROUTE, OF_CLIENT.format(OTHER + '/32', 3, '*')), 'WRONG_HOLDER',
     'leads to node-3.example.com; Neutron bound it to node-4', 'taken over'),
    (replaced(ROUTE, STATIC['1'].format(OTHER) + OF_CLIENT.format('', 4, '')),
     'ROUTE_OVERRIDDEN', 'BIRD prefers the route of ops', '/etc/bird/local.d'),
])
def test_a_break_is_named_on_the_reflector(break_it, code, state, fix):
    node = Node('1')
    break_it(node)

    found = last(node, OTHER)

    assert found[:2] == (REFLECTOR, code)
    assert state in found[2] and fix in found[3]


def test_a_reflector_names_the_rule_by_which_it_refuses_the_route():
    node = Node('1')
    node.replace(ROUTE, '')
    node.bird.filtered = FILTERED.format(
        OTHER + '/32', 'client_node_4', '192.0.2.14', '192.0.2.99')

    name, code, state, _ = last(node, OTHER)

    assert (name, code) == (REFLECTOR, 'ROUTE_REFUSED')
    assert '203.0.113.31/32 leads to 192.0.2.99' in state


def test_a_reflector_names_the_limit_by_which_it_refuses_the_route():
    node = Node('1')
    node.replace(ROUTE, '')
    node.bird.details = ('client_node_4 BGP master up 12:00:03 Established\n'
                         '    Import limit:     1000 [HIT]\n      Action: block\n')

    name, code, state, fix = last(node, OTHER)

    assert (name, code) == (REFLECTOR, 'ROUTE_LIMIT')
    assert 'import limit 1000' in state and '"birdc reload client_node_4"' in fix


def test_a_route_that_is_refused_from_others_is_no_break():
    node = Node('1')
    node.bird.filtered = FILTERED.format(
        OTHER + '/32', 'client_node_3', '192.0.2.13', '192.0.2.14')

    assert explained(node, OTHER)[-1].verdict == 'good'

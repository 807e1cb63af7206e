"""What BIRD refuses is named, with the rule and a fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import refused
from tests.unit.bgp.test_bird_replies import FILTERED
from tests.unit.bgp.test_bird_replies_protocols import PRINTED
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem


@pytest.fixture(params='12')
def node(request):
    node = FakeSystem()
    node.bird = Bird(node)
    node.bird.loaded = 'configuration'
    node.line = request.param
    return node


def seen(node, **settings):
    of = environment(roles(1, 3), release='9.2', **settings)
    return refused.checks_of(of, of.this_node, node)


def test_a_limit_that_is_reached_is_a_problem(node):
    node.bird.details = PRINTED[node.line]

    check, = seen(node)

    assert check.is_problem
    assert ('BGP client_node_3 to node-3.example.com: has reached its import limit '
            '1000: further routes are refused') in check.sentence
    assert 'raise "Routes per compute" (route_limit)' in check.sentence


def test_the_limit_of_an_external_peer_is_raised_in_its_line(node):
    node.bird.details = PRINTED[node.line].replace('client_node_3', 'external_b1')

    check, = seen(node, external_peers='b1 65010 203.0.113.1 limit=1000')

    assert 'raise limit= of b1 in external_peers' in check.fix


@pytest.mark.parametrize('address, hop, rule', [
    ('203.0.113.9', '192.0.2.14', 'leads to 192.0.2.14'),
    ('192.0.2.2', '192.0.2.13', 'is an address of the deployment'),
    ('127.0.0.9', '192.0.2.13', 'can be the address of no instance'),
    ('203.0.113.200', '192.0.2.13', 'is outside of the instance CIDRs'),
    ('203.0.113.9', '192.0.2.13', 'is over the limit')])
def test_a_refused_route_is_a_note_that_names_the_rule(node, address, hop, rule):
    node.bird.filtered = FILTERED[node.line].format(address, hop)

    check, = seen(node, workload_prefixes='203.0.113.0/25 192.0.2.0/28')

    assert not check.is_problem
    assert check.subject == 'routes from node-3.example.com'
    assert check.state.startswith('1 refused: {}/32 {}'.format(address, rule))


def test_what_is_no_ipv4_route_is_counted(node):
    node.bird.filtered = FILTERED[node.line].format('999.0.2.9', '192.0.2.13')

    assert seen(node)[0].state == '1 refused: 999.0.2.9/32 is no IPv4 route'
    node.bird.filtered = FILTERED[node.line].format(
        '2001:db8::1', '2001:db8::2').replace('/32', '/128')
    assert seen(node) == []


def test_few_of_many_refused_routes_are_named(node):
    node.bird.filtered = ''.join(FILTERED[node.line].format(
        '203.0.113.{}'.format(number), '192.0.2.14') for number in range(9))

    check, = seen(node)

    assert check.state.startswith('9 refused: ') and check.state.endswith(' and 6 more')


def test_nothing_is_said_where_nothing_is_refused_or_bird_is_silent(node):
    assert seen(node) == []
    node.bird.loaded = None
    assert seen(node) == []
    of = environment(release='9.2', of_nodes=roles(1, 1, [['ceph-osd']]), uid='3')
    assert refused.checks_of(of, of.this_node, FakeSystem()) == []

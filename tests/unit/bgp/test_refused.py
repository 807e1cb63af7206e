"""What BIRD refuses is named, with the rule and a fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import refused
from calico_fuel.bgp.bird_replies import parse_limits
from calico_fuel.bgp.bird_replies import parse_refused
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem

# As BIRD 1.6.8 and 2.0.12 print them.
DETAILS = {'1': """\
name     proto    table    state  since       info
client_node_3 BGP      master   up     03:01:57    Established
  Preference:     100
  Input filter:   from_client
  Output filter:  reflect_workloads
  Receive limit:  10000
    Action:       block
  Import limit:   1000 [HIT]
    Action:       block
  Routes:         1001 imported, 3999 filtered, 0 exported, 1001 preferred

client_node_4 BGP      master   up     03:01:57    Established
  Import limit:   1000
    Action:       block
  Routes:         1000 imported, 0 filtered, 0 exported, 1000 preferred
""", '2': """\
Name       Proto      Table      State  Since         Info
client_node_3 BGP        ---        up     03:01:57.561  Established
  BGP state:          Established
  Channel ipv4
    State:          UP
    Receive limit:  10000
      Action:       block
    Import limit:   1000 [HIT]
      Action:       block
    Routes:         1001 imported, 3999 filtered, 0 exported, 1001 preferred

client_node_4 BGP        ---        up     03:01:57.561  Established
  Channel ipv4
    Import limit:   1000
    Routes:         1000 imported, 0 filtered, 0 exported, 1000 preferred
"""}
FILTERED = {'1': """\
{}/32   unreachable [client_node_3 03:01:57 from 192.0.2.13] ! (100/-) [i]
\tType: BGP unicast univ
\tBGP.origin: IGP
\tBGP.next_hop: {}
""", '2': """\
Table master4:
{}/32      unreachable [client_node_3 03:01:57.5 from 192.0.2.13] ! (100/-) [i]
\tType: BGP univ
\tBGP.origin: IGP
\tBGP.next_hop: {}
"""}


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


def test_what_birdc_prints_of_either_version_is_understood(node):
    assert parse_limits(DETAILS[node.line]) == {
        'client_node_3': ['import limit 1000']}
    # It shows [HIT] until the session ends.
    assert parse_limits(DETAILS[node.line].replace(
        '1001 imported, 3999', '7 imported, 0')) == {}
    assert parse_refused(FILTERED[node.line].format('203.0.113.9', '192.0.2.14')) == {
        'client_node_3': [('203.0.113.9/32', '192.0.2.14')]}


def test_a_limit_that_is_reached_is_a_problem(node):
    node.bird.details = DETAILS[node.line]

    check, = seen(node)

    assert check.is_problem
    assert ('BGP client_node_3 to node-3.example.com: has reached its import limit '
            '1000: further routes are refused') in check.sentence
    assert 'raise "Routes per compute" (route_limit)' in check.sentence


@pytest.mark.parametrize('address, hop, rule', [
    ('203.0.113.9', '192.0.2.14', 'leads to 192.0.2.14'),
    ('192.0.2.2', '192.0.2.13', "is the deployment's own"),
    ('127.0.0.9', '192.0.2.13', 'no instance can have it'),
    ('203.0.113.200', '192.0.2.13', 'is outside of the instance CIDRs'),
    ('203.0.113.9', '192.0.2.13', 'is over the limit')])
def test_a_refused_route_is_a_note_that_names_the_rule(node, address, hop, rule):
    node.bird.filtered = FILTERED[node.line].format(address, hop)

    check, = seen(node, workload_prefixes='203.0.113.0/25 192.0.2.0/28')

    assert not check.is_problem
    assert check.subject == 'routes from node-3.example.com'
    assert check.state.startswith('1 refused: {}/32 {}'.format(address, rule))


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

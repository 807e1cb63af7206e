"""Each fault on the way of packets is one row that names it, with its fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import data_path
from tests.unit.builders import environment, roles
from tests.unit.fake.instances_compute import (
    Compute, ELSEWHERE, ENDPOINT, HERE, LINK, OF_BGP, OF_TAP, OWN, STATIC, TAP, THERE,
    VIA)


def checks(node, uid='3', **settings):
    of = environment(roles(2, 2), uid=uid, **settings)
    return data_path.of_node(of, of.this_node, node)


def rows(node, **settings):
    return [(check.subject, check.state, bool(check.fix))
            for check in checks(node, **settings)]


@pytest.fixture(params='12')
def node(request):
    return Compute(request.param)


def test_what_is_good_is_one_row_for_instances_and_one_for_routes(node):
    node.binds('203.0.113.99', 'tap99', 'inactive')

    assert rows(node) == [(HERE, '1 of 1 reachable', False),
                          (THERE, '2 of 2 in use', False)]


@pytest.mark.parametrize('old, new, subject, state, fix', [
    ('MULTICAST,UP,LOWER_UP', 'MULTICAST', HERE,
     '1 of 1 with a tap that is down: 203.0.113.21 (tap21)', 'ip link set tap21 up'),
    (TAP.format(21), '', HERE,
     '1 of 1 without a route to the tap: 203.0.113.21 (tap21)',
     'ip route replace 203.0.113.21 dev tap21'),
    (TAP.format(21), '203.0.113.21 via 192.0.2.1 dev br-mgmt \n', HERE,
     '1 of 1 without a route to the tap: 203.0.113.21 (tap21)',
     'ip route replace 203.0.113.21 dev tap21'),
    ('203.0.113.21/32 ', '203.0.113.77/32 ', HERE,
     '1 of 1 with a route that BIRD does not have: 203.0.113.21 (tap21)',
     'birdc enable kernel1'),
    (VIA.format(31), '', THERE,
     '1 of 2 that the kernel lacks: 203.0.113.31', 'birdc enable kernel1'),
    (VIA.format(31), '203.0.113.31 via 192.0.2.1 dev br-mgmt \n' + VIA.format(31),
     THERE, '1 of 2 that another route in the kernel replaces: 203.0.113.31 via '
     '192.0.2.1 dev br-mgmt', 'ip route del 203.0.113.31 via 192.0.2.1 dev br-mgmt'),
    (VIA.format(31), 'blackhole 203.0.113.31 \n' + VIA.format(31),
     THERE, '1 of 2 that another route in the kernel replaces: blackhole 203.0.113.31',
     'ip route del blackhole 203.0.113.31'),
])
def test_each_fault_is_a_problem_with_a_command_that_ends_it(
        node, old, new, subject, state, fix):
    node.replace(old, new)

    bad, = [check for check in checks(node) if check.is_problem]

    assert (bad.subject, bad.state) == (subject, state)
    assert '"{}"'.format(fix) in bad.fix
    assert len(checks(node)) == 2


@pytest.mark.parametrize('address, subject', [
    (OWN, HERE), (ELSEWHERE, THERE)])
def test_a_route_that_the_operator_gave_a_better_preference_is_named(
        node, address, subject):
    start = node.bird.routes.index(address)
    known = node.bird.routes[start + len(address + '/32'):].replace('*', ' ', 1)
    node.bird.routes = node.bird.routes[:start] + STATIC[node.line].format(
        address) + ' ' + known

    bad, = [check for check in checks(node) if check.is_problem]

    assert bad.subject == subject
    assert bad.state.endswith('with a route of another protocol: {} (ops)'.format(
        address))
    assert 'BIRD prefers the route of ops. Take it out of /etc/bird/local.d' in bad.fix


def test_a_next_hop_that_does_not_resolve_is_named(node):
    node.bird.routes = node.bird.routes.replace(
        'via 192.0.2.14 on br-mgmt [', 'unreachable [').replace(
            'unicast [refl', 'unreachable [refl').replace(
                '\tvia 192.0.2.14 on br-mgmt\n', '')

    bad, = [check for check in checks(node) if check.is_problem]

    assert bad.state == ('2 of 2 with a next hop that this node cannot reach: '
                         '203.0.113.31 (192.0.2.14), 203.0.113.32 (192.0.2.14)')
    for command in 'birdc enable direct1', 'ip route get 192.0.2.14':
        assert '"{}"'.format(command) in bad.fix


def test_an_instance_without_a_tap_is_a_note_because_it_may_be_shut_off(node):
    node.replace('tap21: <', 'tap22: <')

    note, _ = checks(node)

    assert not note.is_problem and 'shut off has none' in note.fix
    assert note.state == '1 of 1 without a tap: 203.0.113.21 (tap21)'


def test_two_tenants_may_give_instances_the_same_address(node):
    node.binds(OWN, 'tap22')
    node.links += LINK.format(22)

    assert (HERE, '2 of 2 reachable', False) in rows(node)


def test_an_address_that_no_node_accepts_is_a_note_with_the_rule(node):
    """A tenant chooses the subnets of its networks."""
    node.replace(OWN, '192.0.2.77')
    node.keys.clear()
    node.binds('192.0.2.77', 'tap21')

    note, _ = checks(node)

    assert not note.is_problem
    assert note.state == '1 of 1 with an address that has no route: 192.0.2.77 (tap21)'
    assert '192.0.2.77 is an address of the deployment' in note.fix


def test_an_instance_outside_of_the_instance_cidrs_is_not_counted_as_reachable(node):
    """"reachable" notes it."""
    node.binds('203.0.113.99', 'tap99')
    inside = '203.0.113.0/27, 203.0.113.32/29'

    assert rows(node, workload_prefixes=inside)[0] == (HERE, '1 of 2 reachable', False)


def test_of_a_thousand_instances_three_are_named_in_one_row(node):
    for number in range(1000):
        address = '10.65.{}.{}'.format(number // 250, number % 250)
        node.binds(address, 'tap{}'.format(100 + number))
        node.links += LINK.format(100 + number).replace(',UP', '')

    bad, good = checks(node)

    assert bad.state == (
        '1000 of 1001 with a tap that is down: 10.65.0.0 (tap100), 10.65.0.1 (tap101)'
        ', 10.65.0.10 (tap110) and 997 more')
    assert not good.fix


def test_pinned_routes_are_no_fault(node):
    """They have another metric, and are all that there is while sessions are reset."""
    pinned = VIA.format(31).replace('bird metric 32', '202 metric 20200')
    node.routes += pinned.replace('192.0.2.14', '192.0.2.12')
    assert not any(fix for _, _, fix in rows(node))

    node.bird.routes = OF_TAP[node.line].format(21)
    node.routes = TAP.format(21) + pinned
    assert rows(node) == [(HERE, '1 of 1 reachable', False)]


def test_an_instance_that_is_here_too_keeps_its_tap(node):
    """As in a live migration."""
    of_tap = OF_TAP[node.line].format(21)
    node.replace(of_tap, of_tap + node.learned(OWN).replace(OWN + '/32', ' '))

    assert not any(fix for _, _, fix in rows(node))


def test_a_reflector_that_lacks_routes_of_another_is_a_note(node):
    second = OF_BGP[node.line].format('', 2, '')
    node.bird.routes = node.bird.routes.replace(second, '', 1)

    _, _, note = checks(node)

    assert not note.is_problem
    assert (note.subject, note.state) == (
        'routes from node-2.example.com', '1 of 2 are missing: 203.0.113.31')
    node.bird.sessions = node.bird.sessions.replace(
        'reflector_node_2 BGP master up 12:00:03 Established',
        'reflector_node_2 BGP master start 12:00:03 Connect')
    assert len(checks(node)) == 2


def test_a_default_route_is_no_route_to_an_instance(node):
    """That of an external peer, which one reflector lacks, and table 202 has."""
    default = OF_BGP[node.line].format('0.0.0.0/0', 1, '*').replace(
        '192.0.2.14', '192.0.2.200')
    node.bird.routes += default

    assert rows(node) == [(HERE, '1 of 1 reachable', False),
                          (THERE, '2 of 2 in use', False)]


def test_reflectors_send_a_reflector_their_own_routes_only(node):
    """It has their cluster ID, so it may lack what the other one reflects."""
    of_nodes = [['primary-controller', 'compute'], ['controller', 'compute'],
                ['controller', 'compute'], ['compute']]
    of = environment(of_nodes, uid='3')
    node.bird.routes = node.bird.routes.replace(OF_BGP[node.line].format('', 2, ''), '')

    assert not any(check.subject.startswith('routes from')
                   for check in data_path.of_node(of, of.this_node, node))


def test_without_etcd_the_routes_to_others_are_compared(node):
    del node.servers[:]

    assert rows(node) == [(THERE, '2 of 2 in use', False)]


def test_nothing_is_said_of_a_bird_that_is_silent_or_recovers_and_of_a_reflector(node):
    assert checks(node, '1') == []
    node.bird.recovers = True
    assert checks(node) == []
    node.bird.loaded = None
    assert checks(node) == []


@pytest.mark.parametrize('text', [
    '', 'no JSON', '[]', '{"state": "active"}', '{"state": "active", "name": 7}',
    '{"state": "active", "name": ["tap21"], "ipv4_nets": ["203.0.113.21/32"]}',
    '{"state": "active", "name": "tap21", "ipv4_nets": null}',
    '{"state": "active", "name": "tap21", "ipv4_nets": 7}',
    '{"state": "active", "name": "tap21", "ipv4_nets": [["203.0.113.21"], null]}',
    '{"state": ["active"], "name": "tap21"}', '[' * 100000])
def test_an_endpoint_that_felix_cannot_read_is_no_instance(node, text):
    node.keys[ENDPOINT.format('hostile')] = text, None

    assert (HERE, '1 of 1 reachable', False) in rows(node)


def test_names_in_etcd_forge_no_line(node):
    node.binds('203.0.113.99', 'tap\x1b]0;own\x07\nverify: good\u202e')

    for check in checks(node):
        assert not set('\n\x1b\x07\u202e') & set(check.sentence)


@pytest.mark.parametrize('text', [
    'nonsense', '\tBGP.next_hop: 192.0.2.12', '999.0.0.1/99 x [reflector_node_1 1] *\n'
    '\tBGP.next_hop: 999.9.9.9\n', ' [reflector_node_2 ]\n\tvia', '\x00[[[ \tvia on',
    '2001:db8::1/128 via fe80::1 on br-mgmt [reflector_node_1 1] *'])
def test_any_text_of_birdc_and_ip_gives_rows(node, text):
    node.bird.routes = node.routes = node.links = text

    assert all(check.sentence for check in checks(node))

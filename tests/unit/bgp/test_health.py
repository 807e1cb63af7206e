"""What can be wrong with BIRD and its sessions is told, with its fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import health
from calico_fuel.bgp import sessions
from calico_fuel.bgp.bird_replies import parse_protocols
from tests.unit.builders import environment, roles

UP = '{} BGP master up 12:00:03 Established'
DOWN = '{} BGP master start 12:00:03 Active  Socket: No route to host'
BORDER = 'border 65010 203.0.113.1'


def bgp(rows, uid='1', of_nodes=None, **settings):
    of = environment(of_nodes or roles(controllers=2, computes=2), uid=uid, **settings)
    protocols = None if rows is None else parse_protocols('\n'.join(rows))
    return health.checks_of(
        sessions.of(of, of.this_node), protocols, 'route-reflector')


def seen(checks):
    return [(check.subject, check.state, check.is_problem) for check in checks]


def sentences(checks):
    return [check.sentence for check in checks if check.is_problem]


ALL_UP = [UP.format(name) for name in (
    'reflector_node_2', 'client_node_3', 'client_node_4')]


def test_established_sessions_are_counted_by_what_is_at_their_other_end():
    assert seen(bgp(ALL_UP)) == [
        ('BIRD', 'runs', False),
        ('BGP to 1 route reflector', 'Established', False),
        ('BGP to 2 computes', 'Established', False)]


def test_a_session_that_is_down_is_named_with_the_words_of_bird():
    problem, = sentences(bgp(ALL_UP[:2] + [DOWN.format('client_node_4')]))

    assert problem.startswith(
        'BGP_DOWN: BGP client_node_4 to node-4.example.com (192.0.2.14): start Active '
        'Socket: No route to host, expected: Established. Check that the node is up')


def test_a_port_that_another_program_has_is_looked_for_on_this_node():
    problem, = sentences(bgp(ALL_UP[:2] + [
        'client_node_4 BGP master down 12:00:03  Error: No listening socket']))

    assert 'No listening socket, expected: Established. Another program on this' in (
        problem)
    assert problem.endswith('and end it. Then run calico-fuel route-reflector')


def test_a_session_that_bird_does_not_know_is_one_that_is_not_configured():
    problem, = sentences(bgp(ALL_UP[1:]))

    assert 'reflector_node_2 to node-2.example.com (192.0.2.12): is not configured' in (
        problem)
    assert problem.endswith('Run calico-fuel route-reflector')


@pytest.mark.parametrize('row', [UP, DOWN])
@pytest.mark.parametrize('name', ['client_node_9', 'reflector_node_7', 'external_old'])
def test_a_session_to_a_node_that_is_gone_is_a_problem_if_it_is_established(name, row):
    """Of a node that went down after the last run the next one ends it."""
    check = bgp(ALL_UP + [row.format(name)])[-1]

    assert check.sentence == (
        '{}: BGP {}: exists, expected: none: its node is gone. Run calico-fuel '
        'route-reflector'.format(
            'SESSION_LEFT' if row == UP else 'SESSION_ENDED', name))
    assert check.is_problem == (row == UP)


def test_a_session_of_the_operator_is_his():
    """In local.d; and protocols that are not BGP are no sessions."""
    rows = ALL_UP + [DOWN.format('client_node_mine'), DOWN.format('uplink'),
                     'client_node_8 Static master up 12:00:03']

    assert sentences(bgp(rows)) == []


def test_an_external_peer_that_is_down_is_a_note():
    """Its router may be set up later, and is not Fuel's to deploy."""
    border = bgp(
        ALL_UP + [DOWN.format('external_border')], external_peers=BORDER)[-1]

    assert not border.is_problem and 'on that router' in border.fix
    assert border.subject == 'BGP external_border to border (203.0.113.1)'


def test_the_fix_names_gtsm_where_a_session_has_it():
    peer = bgp(ALL_UP + [DOWN.format('external_border')],
               external_peers=BORDER + ' hops=1 gtsm')[-1]

    assert 'Check the AS number, password, GTSM (TTL 255) and peers' in peer.fix


def test_an_external_peer_that_is_not_configured_is_a_problem():
    problem, = sentences(bgp(ALL_UP, external_peers=BORDER))

    assert 'external_border' in problem and 'is not configured' in problem


def test_a_bird_that_does_not_answer_is_one_problem_not_one_for_each_session():
    assert seen(bgp(None)) == [('BIRD', 'does not answer birdc', True)]

"""Which sessions end, and when the others have what they bring: nothing is run."""

from __future__ import unicode_literals

import pytest

from calico_fuel import render
from calico_fuel.bgp import bird_conf
from calico_fuel.bgp import sessions
from calico_fuel.bgp.bird_replies import parse_protocols
from tests.unit.builders import environment, roles

OLD = roles(1, 2)
NEW = environment(roles(1, 2, [['calico-rr']]), uid='2')
SESSIONS = sessions.of(NEW, NEW.this_node)
UP, DOWN = 'up 12:00 Established', 'start 12:00 Connect'
# Prefixes of node-3 and of one that is in no list any more.
HOME, GONE = ('203.0.113.7/32', '192.0.2.13'), ('203.0.113.8/32', '192.0.2.99')


def text(line=1, **settings):
    of = environment(OLD, uid='2', **settings)
    return render.bird_conf(of, of.this_node, line)


def protocols(**states):
    return parse_protocols('\n'.join(
        '{} BGP master {}'.format(*pair) for pair in sorted(states.items())))


LEAVING = bird_conf.unwanted(SESSIONS, text())


@pytest.mark.parametrize('line', [1, 2])
def test_sessions_are_read_from_the_text_that_the_template_makes(line):
    found, = bird_conf.configured(text(line, bgp_password='neighbor 192.0.2.9 as 1'))

    assert (found.name, found.neighbor) == ('reflector_node_1', '192.0.2.11')
    assert found.text.startswith('protocol bgp reflector_node_1 {\n')
    assert found.text.endswith('\n}\n') and found.text in text(
        line, bgp_password='neighbor 192.0.2.9 as 1')


def test_what_is_no_session_of_the_template_is_none():
    assert bird_conf.configured('') == ()
    assert bird_conf.configured('protocol kernel {\n}\nprotocol bgp x { }\n') == ()
    assert bird_conf.configured('protocol bgp x {\n}\n')[0].neighbor is None


def test_a_session_that_is_not_wanted_is_left_and_one_to_the_same_neighbor_is_not():
    assert [one.name for one in LEAVING] == ['reflector_node_1']
    assert bird_conf.unwanted(
        SESSIONS, text().replace('192.0.2.11 as', '192.0.2.14 as')) == ()
    # A longer address is another one.
    assert bird_conf.unwanted(SESSIONS, text().replace('192.0.2.11 as', '92.0.2.14 as'))
    assert bird_conf.unwanted(
        SESSIONS, text().replace('reflector_node_1', 'reflector_node_4')) == ()


@pytest.mark.parametrize('state, routes, is_relied_on', [
    (UP, [], True), (DOWN, [HOME], True), (DOWN, [GONE], False), (DOWN, [], False)])
def test_relied_on_is_who_speaks_or_has_brought_routes_to_nodes(
        state, routes, is_relied_on):
    found = bird_conf.relied_on(
        LEAVING, protocols(reflector_node_1=state), {'reflector_node_1': dict(routes)},
        NEW.nodes)

    assert found == (LEAVING if is_relied_on else ())


@pytest.mark.parametrize('old, new, late', [
    ([HOME], [HOME], ''), ([HOME, GONE], [HOME], ''), ([], [], ''),
    ([HOME], [GONE], 'The others lack routes of node-3: run calico-fuel compute')])
def test_lacking_are_prefixes_of_nodes_that_the_others_do_not_bring(old, new, late):
    said = bird_conf.lacking(
        SESSIONS, LEAVING, protocols(reflector_node_1=UP, reflector_node_4=UP),
        {'reflector_node_1': dict(old), 'reflector_node_4': dict(new)}, NEW.nodes)

    assert late in said and bool(said) == bool(late)


def test_a_session_that_is_up_is_left_for_another_that_is():
    said = bird_conf.lacking(
        SESSIONS, LEAVING, protocols(reflector_node_1=UP, reflector_node_4=DOWN), {},
        NEW.nodes)

    assert 'reflector_node_4 to node-4' in said and 'TCP port 179' in said

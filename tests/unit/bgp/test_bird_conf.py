"""Which sessions end, and when the others have what they bring: nothing is run."""

from __future__ import unicode_literals

import pytest

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
LEAVING = sessions.of(environment(OLD, uid='2'), NEW.this_node)


def protocols(**states):
    return parse_protocols('\n'.join(
        '{} BGP master {}'.format(*pair) for pair in sorted(states.items())))


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

"""A BIRD that says nothing, or that lacks sessions, is named with the fix."""

from __future__ import unicode_literals

from tests.unit.fake.explained_node import OTHER, OWN, Node, last

BIRD = 'BIRD of its host'


def test_a_bird_that_does_not_run_or_hangs_is_named():
    node = Node('4')
    node.bird.loaded = None

    assert last(node, OTHER)[:3] == (BIRD, 'BIRD_DOWN', 'does not answer birdc')
    assert last(node, OWN)[:2] == ("BIRD of the sender's host", 'BIRD_DOWN')

    node.bird.hangs = '7 T\n'
    name, code, state, fix = last(node, OTHER)
    assert (name, code, state) == (BIRD, 'BIRD_DOWN', 'hangs')
    assert 'kill -CONT 7' in fix


def test_the_states_of_all_sessions_are_named():
    node = Node('4')
    node.replace('reflector_node_2 BGP master up 12:00:03 Established\n', '')
    node.replace('Established', 'OpenSent')

    name, code, state, fix = last(node, OTHER)

    assert (name, code) == ('sessions to reflectors', 'BGP_DOWN')
    assert 'reflector_node_1 to node-1.example.com (192.0.2.11): up OpenSent' in state
    assert 'reflector_node_2 to node-2.example.com (192.0.2.12): is not' in state
    assert 'the same AS number and password' in fix

"""Which sessions of bird.conf stay, and how they are rendered again."""

from __future__ import unicode_literals

import re

import pytest

from calico_fuel import render
from calico_fuel.bgp import bird
from calico_fuel.bgp import configured
from calico_fuel.bgp import sessions
from calico_fuel.errors import NodeError
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem

# node-1 to node-3 are controllers, node-4 and node-5 computes.
ROLES = dict(enumerate(roles(3, 2), 1))
UP, DOWN = ('{} BGP master up 12:00:03 Established\n',
            '{} BGP master start 12:00:03 Active\n')
SETTINGS = {'bgp_password': 'neighbor 192.0.2.9 as 1',
            'external_peers': 'border 65010 203.0.113.1\nedge 65011 203.0.113.2'}


def of(*uids, **options):
    """The environment as *uid* sees it, whose list has the nodes with these *uids*."""
    return environment(dict((number, ROLES[number]) for number in uids), **options)


class Node(FakeSystem):
    """node *uid*, configured with the whole list; all sessions are Established."""

    def __init__(self, uid='1', line=1, **settings):
        super(Node, self).__init__()
        self.whole = of(1, 2, 3, 4, 5, uid=uid, **settings)
        self.write(bird.BIRD_CONF, render.bird_conf(
            self.whole, self.whole.this_node, line))
        self.bird = Bird(self)
        self.bird.start()
        self.bird.sessions = ''.join(UP.format(one.name) for one in sessions.of(
            self.whole, self.whole.this_node))

    def lose(self, name):
        self.bird.sessions = self.bird.sessions.replace(
            UP.format(name), DOWN.format(name))

    def retained(self, wanted):
        return [one.name for one in configured.retained(
            wanted, wanted.this_node, self)]


def test_a_session_without_its_comment_has_the_host_name_that_fuel_gives():
    node = Node('4')
    node.write(bird.BIRD_CONF, re.sub(
        r'(?m)^# .*\n(?=protocol bgp)', '', node.text(bird.BIRD_CONF)))

    assert [(one.uid, one.host, one.names) for one in configured.there(node)] == [
        (uid, 'node-' + uid, {uid, 'node-' + uid}) for uid in '123']


@pytest.mark.parametrize('line', [1, 2])
@pytest.mark.parametrize('uid', ['1', '4'])
def test_a_session_is_rendered_again_as_it_is(uid, line):
    """A reflector's and a compute's: any difference would reset it."""
    node = Node(uid, line, **SETTINGS)
    me = node.whole.this_node

    again = configured.leaving(node.whole, me, node, ())

    assert again == sessions.of(node.whole, me)
    assert configured.of(node.whole, me, node) == again


@pytest.mark.parametrize('text', [
    '', 'protocol kernel {\n}\nprotocol bgp x { }\n', 'protocol bgp x {\n}\n'])
def test_what_is_no_session_of_the_template_is_none(text):
    assert configured.there(FakeSystem({bird.BIRD_CONF: text})) == ()


def test_a_session_to_the_same_neighbor_and_a_former_external_peer_are_not_leaving():
    node = Node(**SETTINGS)
    node.write(bird.BIRD_CONF, node.text(bird.BIRD_CONF).replace(
        'client_node_4', 'client_node_9').replace('external_edge', 'external_old'))
    wanted = sessions.of(of(1, 3, 4, 5), node.whole.this_node)

    assert [one.name for one in configured.leaving(
        node.whole, node.whole.this_node, node, wanted)] == [
            'reflector_node_2', 'external_border']


def test_a_compute_relies_on_no_router_of_its_rack():
    """Its session ends at once where its line has another rack now."""
    line = 'tor 65010 203.0.113.1 from=192.0.2.14/32'
    node = Node('4', external_peers=line)
    wanted = of(1, 2, 3, 4, 5, uid='4', external_peers=line.replace('14', '15'))

    assert 'external_tor' in [one.name for one in configured.there(node)]
    assert configured.leaving(wanted, wanted.this_node, node, configured.of(
        wanted, wanted.this_node, node)) == ()


@pytest.mark.parametrize('uid, listed, names', [
    ('1', (1, 2, 3, 5), ['client_node_4']), ('1', (1, 2, 4, 5), ['reflector_node_3']),
    ('1', (1,), ['reflector_node_2', 'reflector_node_3', 'client_node_4',
                 'client_node_5']),
    ('5', (1, 2, 4, 5), ['reflector_node_3']),
    # Computes have no session to each other.
    ('5', (1, 2, 3, 5), []), ('1', (1, 2, 3, 4, 5), [])])
def test_every_node_keeps_its_neighbors_while_they_are_established(uid, listed, names):
    node = Node(uid)

    assert node.retained(of(*listed, uid=uid)) == names

    for name in names:
        node.lose(name)
    assert node.retained(of(*listed, uid=uid)) == []


def test_a_list_that_lacks_a_node_changes_no_session():
    node = Node()
    wanted = of(1, 2, 5)

    assert sessions.in_order(configured.of(
        wanted, wanted.this_node, node)) == sessions.of(node.whole, wanted.this_node)


def test_while_bird_cannot_say_who_is_alive_all_stay():
    """After a boot it does not run yet, or waits for its neighbors."""
    node = Node()
    node.lose('client_node_4')
    for state in {'loaded': None}, {'loaded': '', 'recovers': True}:
        vars(node.bird).update(state)
        assert node.retained(of(1, 2, 3, 5)) == ['client_node_4']

    node.bird.recovers = False
    assert node.retained(of(1, 2, 3, 5)) == []


def test_a_bird_that_hangs_is_named_with_the_fix_and_asked_only_where_it_matters():
    node = Node()
    node.bird.hangs = ' 4711 T'

    assert node.retained(node.whole) == []
    with pytest.raises(NodeError) as error:
        node.retained(of(1, 2, 3, 5))

    assert 'Run kill -CONT 4711, then this again' in error.value.args[0]


@pytest.mark.parametrize('name', ['4', 'node-4'])
def test_a_node_that_was_forgotten_ends_at_once(name):
    node = Node()

    assert node.retained(of(1, 2, 3, 5)._replace(forgotten=frozenset([name]))) == []


def test_a_node_with_the_same_uid_or_address_takes_the_place():
    node = Node()
    wanted = of(1, 2, 3, 5)
    five = wanted.node('5')

    for other in five._replace(uid='4'), five._replace(address='192.0.2.14'):
        assert node.retained(wanted._replace(nodes=wanted.nodes[:3] + (other,))) == []


def test_fuel_9_lists_every_node():
    assert Node().retained(of(1, 2, 3, 5, release='9.2')) == []

"""verify tells nodes that may be gone from those that it may not know."""

from __future__ import unicode_literals

import pytest

from calico_fuel import render
from calico_fuel.bgp import bird
from calico_fuel.codes.node import RECORDS_LEFT
from calico_fuel.converge import converge
from calico_fuel.resources.sysctl import Sysctl
from calico_fuel.tasks import route_reflector
from tests.unit.builders import environment, roles
from tests.unit.fake.system import good
from tests.unit.fake.verify_node import ESTABLISHED, Task, node_of, texts


class Foreign(Sysctl):
    """What the node can be left with."""

    __slots__ = ()
    code = RECORDS_LEFT


def lose(node, name):
    node.bird.sessions = node.bird.sessions.replace(
        ESTABLISHED.format(name), name + ' BGP master start 12:00:03 Active\n')


@pytest.mark.parametrize('uid, name, is_named', [
    ('1', 'client_node_3', True), ('2', 'reflector_node_1', False)])
def test_a_compute_that_may_have_been_removed_is_named_with_the_command_for_it(
        uid, name, is_named):
    of, node = node_of(uid)
    lose(node, name)

    problem, = texts(of, node)

    assert problem.startswith(
        'BGP_DOWN: BGP {} to node-{}.example.com'.format(name, name[-1]))
    assert ('run calico-fuel forget-node node-3.example.com --force on each controller'
            in problem) == is_named


def test_a_host_that_lives_and_is_in_no_list_is_noted():
    of, node = node_of('1')
    node.keys['/calico/felix/v1/host/node-9/status'] = '{}'

    assert texts(of, node) == []

    note = texts(of, node, is_problem=False)[1]
    assert note.startswith('note: NODE_NOT_LISTED: list of nodes: lacks node-9')
    assert 'deploy it again' in note


@pytest.mark.parametrize('release', ['6.1', '9.2'])
@pytest.mark.parametrize('uid, names', [('1', ['node-2', 'node-4']), ('3', ['node-2'])])
def test_a_neighbor_that_lives_and_is_in_no_list_is_noted(release, uid, names):
    """On computes too, which ask no etcd for it."""
    of, node = node_of(uid, roles(2, 2), release=release)
    node.write(bird.BIRD_CONF, render.bird_conf(of, of.this_node, 1))
    lacking = environment(dict((number, role) for number, role in enumerate(
        roles(2, 2), 1) if number not in (2, 4)), release, uid)

    notes = [text for text in texts(lacking, node, is_problem=False)
             if text.startswith('note: NODE_NOT_LISTED')]

    assert [note.split(',')[0] for note in notes] == [
        'note: NODE_NOT_LISTED: list of nodes: lacks ' + name for name in names]
    assert 'calico-fuel forget-node node-2 on each' in notes[0]


def test_what_a_removed_node_has_left_that_went_down_meanwhile_is_a_note():
    """The next run ends it."""
    tasks = [('route-reflector', route_reflector)]
    of, node = node_of('1', roles(1, 3))
    node.programs['dpkg-query'] = lambda argv, text: good(
        'bird\t1\tinstall ok installed\n')
    node.write('/etc/bird/envvars', '')
    node.services.add_job('bird')
    list(converge(route_reflector.resources(of, of.this_node, node), node))
    smaller = environment(roles(1, 2))
    assert texts(smaller, node, tasks=tasks) == []
    lose(node, 'client_node_4')

    assert texts(smaller, node, tasks=tasks) == []

    notes = ''.join(texts(smaller, node, is_problem=False, tasks=tasks))
    for what in '-protocol bgp client_node_4 {', '-A calico-fuel-bgp -s 192.0.2.14/32':
        assert what in notes
    node.write(bird.BIRD_CONF, '')
    assert '/etc/bird/bird.conf' in ''.join(texts(smaller, node, tasks=tasks))


def test_what_a_node_can_be_left_with_is_a_note():
    of, node = node_of('2')
    node.kernel['net.ipv4.ip_forward'] = '0'
    tasks = [('cleanup', Task(Foreign('net.ipv4.ip_forward', '1')))]

    assert texts(of, node, tasks=tasks) == []

    assert 'Run calico-fuel cleanup' in texts(
        of, node, is_problem=False, tasks=tasks)[1]

"""verify waits for what may come up, in a bounded time, and for nothing else."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import NodeError
from calico_fuel.tasks import networks
from tests.unit.bgp.test_bird_replies import FILTERED
from tests.unit.bgp.test_reachable import ENDPOINT, NETS
from tests.unit.builders import roles
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.verify_node import node_of, texts


def test_a_note_is_told_and_fails_nothing_and_is_not_waited_for():
    of, node = node_of('1', external_peers='border 65010 203.0.113.1')
    node.bird.sessions = node.bird.sessions.replace(
        'external_border BGP master up 12:00:03 Established',
        'external_border BGP master start 12:00:03 Connect')
    begin = node.clock

    assert texts(of, node) == []

    assert node.clock - begin < 1
    _, told = texts(of, node, is_problem=False)
    assert told.startswith(
        'note: PEER_DOWN: BGP external_border to border (203.0.113.1): start')


def test_a_session_that_needs_some_seconds_is_waited_for():
    of, node = node_of('2')
    up, node.bird.sessions, begin = node.bird.sessions, '', node.clock
    real = node.programs['birdc']

    def birdc(argv, text):
        if node.clock - begin > 20:
            node.bird.sessions = up
        return real(argv, text)
    node.programs['birdc'] = birdc

    assert texts(of, node) == []
    assert 20 < node.clock - begin < 25


def test_a_service_that_another_run_restarts_right_now_is_no_problem():
    """Cron may run the tasks while Fuel runs verify."""
    of, node = node_of('2')
    node.services.running.remove('calico-felix')
    real, begin = node.programs['service'], node.clock

    def service(argv, text):
        if node.clock - begin > 10:
            node.services.running.add('calico-felix')
        return real(argv, text)
    node.programs['service'] = service

    assert texts(of, node) == []


def test_an_instance_that_moves_right_now_is_no_problem():
    """Neutron has it on its new host; the former one announces it some seconds more."""
    of, node = node_of('1')
    node.keys[ENDPOINT.format('node-3', 'port')] = NETS.format(9)
    former = FILTERED['1'].format('203.0.113.9', '192.0.2.12').replace(
        'client_node_3', 'client_node_2')
    node.bird.routes, begin, real = former, node.clock, node.programs['birdc']

    def birdc(argv, text):
        if node.clock - begin > 10:
            node.bird.routes = ''
        return real(argv, text)

    problem, = texts(of, node)
    assert '203.0.113.9 (Neutron bound it to node-3.example.com)' in problem
    begin, node.programs['birdc'] = node.clock, birdc
    assert texts(of, node) == []


def test_what_does_not_come_up_is_waited_for_75_seconds():
    """The bound for the session of a new compute, from its list of nodes."""
    of, node = node_of('2')
    node.bird.loaded, begin = None, node.clock

    assert len(texts(of, node)) == 1
    assert 75 <= node.clock - begin < 80


@pytest.mark.parametrize('differs', [False, True])
def test_silent_members_are_waited_for_as_long_as_a_restart_takes(differs):
    """Each question takes 2 s; what else differs has no time of its own then."""
    of, node = node_of('1', roles(3, 1))
    begin = node.clock

    def slow(method, url, body):
        if url.endswith(':2379/health'):
            node.clock += 2
        return None
    node.servers.insert(0, slow)
    node.silent.update(['192.0.2.12:2379', '192.0.2.13:2379'])
    node.kernel['net.ipv4.ip_forward'] = '0' if differs else '1'

    assert len(texts(of, node)) == 2 + differs
    assert 30 <= node.clock - begin < 40


def before_answers(node, act):
    """Before each answer of an HTTP server, let *act* know the seconds since now."""
    begin = node.clock

    def answer(method, url, body):
        act(node.clock - begin)
    node.servers.insert(0, answer)


def test_a_member_that_restarts_is_no_problem():
    of, node = node_of('1', roles(3, 1))
    node.silent.add('192.0.2.12:2379')

    before_answers(node, lambda seconds: seconds > 10 and node.silent.clear())

    assert texts(of, node) == []


def test_a_member_that_restarts_when_the_sessions_come_up_has_its_time():
    of, node = node_of('1', roles(3, 1))
    sessions, node.bird.sessions = node.bird.sessions, ''

    def restart(seconds):
        if seconds > 40 and not node.bird.sessions:
            node.bird.sessions = sessions
            node.silent.add('192.0.2.12:2379')
        if seconds > 60:
            node.silent.clear()
    before_answers(node, restart)

    assert texts(of, node) == []


def test_a_session_keeps_its_time_while_a_member_is_down():
    of, node = node_of('1', roles(3, 1))
    node.silent.add('192.0.2.12:2379')
    node.bird.sessions, begin = '', node.clock

    assert len(texts(of, node)) == 4
    assert 75 <= node.clock - begin < 80


def test_an_api_of_neutron_that_is_away_is_not_waited_for_another_minute():
    of, node = node_of('1', calico_network_name='c', calico_network_cidr='10.65.0.0/24')
    Neutron(node).is_away = 100
    begin = node.clock

    problem, other = texts(of, node, tasks=[('networks', networks)])

    assert problem.startswith(
        'NEUTRON_DOWN: API of Neutron: does not answer, expected: as wanted')
    assert 'network c: cannot be as wanted' in other
    assert node.clock - begin < 20


@pytest.mark.parametrize('uid', ['1', '2'])
def test_a_bird_that_hangs_is_asked_once(uid):
    """Each question takes its whole bound."""
    of, node = node_of(uid)
    node.bird.hangs, asked, birdc = ' 4711 T', [], node.programs['birdc']

    def count(argv, text):
        asked.append(argv)
        return birdc(argv, text)
    node.programs['birdc'] = count

    with pytest.raises(NodeError) as error:
        texts(of, node)

    assert 'Run kill -CONT 4711' in error.value.args[0] and len(asked) == 1

"""What BIRD says is understood, of 1.6 and 2.0 alike."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import bird
from calico_fuel.bgp.bird_replies import parse_protocols
from calico_fuel.bgp.bird_replies import parse_routes
from calico_fuel.errors import NodeError, RejectedError, RenderError
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem, good

# As BIRD 1.6.8 and 2.0.12 print it, with a name that shifts the columns.
BIRD_1 = '''\
BIRD 1.6.8 ready.
name     proto    table    state  since       info
device1  Device   master   up     12:00:01
client_node_2 BGP      master   up     12:00:03    Established
client_node_3 BGP      master   start  12:00:01    Connect       Socket: No route
'''
BIRD_2 = '''\
BIRD 2.0.12 ready.
Name       Proto      Table      State  Since         Info
kernel1    Kernel     master4    up     12:00:01.005
client_node_2 BGP        ---        up     12:00:03.100  Established
client_node_3 BGP        ---        start  12:00:01.000  Active        Bad peer AS
'''


@pytest.mark.parametrize('text', [BIRD_1, BIRD_2])
def test_an_established_session_is_told_from_one_that_is_not(text):
    found = parse_protocols(text)

    assert {name: p.is_established for name, p in found.items()
            if p.proto == 'BGP'} == {'client_node_2': True, 'client_node_3': False}
    assert len(found) == 3


def test_a_session_that_is_kept_for_a_neighbor_in_restart_is_not_established():
    row = 'client_node_2 BGP      master   start  12:00:03    Connect\n'
    assert not parse_protocols(row)['client_node_2'].is_established


# "show route all" of a node whose route to 192.0.2.13 leads through 192.0.2.1.
BEHIND_A_ROUTER = '''BIRD 1.6.8 ready.
203.0.113.31/32    via 192.0.2.1 on br-mgmt [reflector_a 19:21:53] * (100/?) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.13
\tBGP.originator_id: 192.0.2.13
                   unreachable [reflector_b 19:21:53] (100/-) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.99
203.0.113.21/32    dev tap5 [kernel1 19:21:53] * (200)
\tType: inherit unicast univ
192.0.2.13/32      via 192.0.2.1 on br-mgmt [kernel1 19:21:53] * (10)
\tType: inherit unicast univ
''', '''BIRD 2.0.12 ready.
Table master4:
203.0.113.31/32      unicast [reflector_a 19:21:55.663] * (100/?) [i]
\tvia 192.0.2.1 on br-mgmt
\tType: BGP univ
\tBGP.next_hop: 192.0.2.13
                     unreachable [reflector_b 19:21:55.663] (100/-) [i]
\tType: BGP univ
\tBGP.next_hop: 192.0.2.99
203.0.113.21/32      unicast [kernel1 19:21:55.741] * (200)
\tdev tap5
\tType: inherit univ
192.0.2.13/32        unicast [kernel1 19:21:55.785] * (10)
\tvia 192.0.2.1 on br-mgmt
\tType: inherit univ
'''


@pytest.mark.parametrize('text', BEHIND_A_ROUTER)
def test_the_next_hop_of_bgp_is_told_from_the_router_on_the_way(text):
    """And a route that leads nowhere is none."""
    assert parse_routes(text) == {
        'reflector_a': {'203.0.113.31/32': '192.0.2.13'},
        'kernel1': {'192.0.2.13/32': '192.0.2.1'}}


@pytest.mark.parametrize('reply', [
    '8002 bird.conf, line 3: syntax error', '', '9001 syntax error'])
def test_a_configuration_that_is_not_taken_is_an_error_whatever_the_status(reply):
    """birdc of 1.x exits with 0."""
    system = FakeSystem()
    system.programs['birdc'] = lambda argv, text: good(
        '0001 BIRD 1.6.8 ready.\n' + reply + '\n')

    with pytest.raises(NodeError) as error:
        bird.configure(system)

    assert 'It keeps its old configuration' in error.value.args[0]


@pytest.mark.parametrize('reply', [
    '0003 Reconfigured', '0004 Reconfiguration in progress',
    '0005 Reconfiguration already in progress, queueing new config'])
def test_a_configuration_that_is_taken_or_queued_is_no_error(reply):
    system = FakeSystem()
    system.programs['birdc'] = lambda argv, text: good(
        '0001 BIRD 2.0.12 ready.\n0002-Reading configuration\n' + reply + '\n')

    bird.configure(system)


def test_the_version_is_read_and_a_missing_bird_has_none():
    system = FakeSystem()
    system.programs['bird'] = None
    assert bird.version(system) is None

    Bird(system, version='2.0.12')
    assert bird.version(system) == (2, 0)


@pytest.mark.parametrize('version, line', [
    (None, 1), ((1, 5), 1), ((1, 6), 1), ((2, 0), 2), ((2, 15), 2), ((3, 0), 2)])
def test_the_version_decides_the_syntax(version, line):
    assert bird.line(version) == line


def test_a_bird_without_graceful_restart_is_refused():
    with pytest.raises(RenderError) as error:
        bird.line((1, 4))
    assert 'BIRD 1.4 is installed, and too old' in error.value.args[0]


def test_a_text_that_the_parser_refuses_is_told_without_the_temporary_path():
    system = FakeSystem()
    Bird(system)

    with pytest.raises(RejectedError) as error:
        bird.parse(system, [('bird.conf', 'nonsense'), ('local.d/a.conf', '')])

    assert 'BIRD refuses the rendered bird.conf: bird.conf:1:1' in error.value.args[0]
    assert system.files == {}


@pytest.mark.parametrize('processes, words', [
    ('  4711 Ts\n', 'BIRD hangs (pid 4711, state T: stopped by a signal). Run kill '
     '-CONT 4711, then this again'),
    (' 4711 Rs\n 4710 Z\n', 'BIRD hangs (pid 4711, state R). Run service bird restart'),
    ('', 'BIRD hangs (no process has this name). Run service bird restart')])
@pytest.mark.parametrize('question', [
    bird.is_running, bird.protocols, bird.routes, bird.learned, bird.is_outdated,
    bird.configure, bird.close_sessions])
def test_whoever_asks_a_bird_that_hangs_is_told_why_and_what_helps(
        question, processes, words):
    system = FakeSystem()
    Bird(system).hangs = processes

    with pytest.raises(NodeError) as error:
        question(system)

    assert ' s. ' + words in error.value.args[0]
    assert error.value.args[0].startswith('birdc ')


@pytest.mark.parametrize('time', [
    '2026-11-29 21:52:40', '21:52:40.123', 'Nov  9 21:52', '29.11.2026 21:52:40 UTC'])
def test_the_state_of_a_session_is_told_from_a_time_of_any_format(time):
    found = parse_protocols(
        'up BGP      master   up     {0}  Established   \n'
        'down BGP        ---        start  {0}  Active        Socket: No route\n'
        'dead BGP      master   down   {0}  Error: No listening socket\n'.format(
            time))
    up, down, dead = (found[name] for name in ('up', 'down', 'dead'))

    assert up.is_established and not down.is_established and not dead.is_established
    assert (down.state, down.info) == ('start', 'Active        Socket: No route')
    assert dead.has_no_socket

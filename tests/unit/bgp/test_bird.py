"""What BIRD says is understood, of 1.6 and 2.0 alike."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import bird
from calico_fuel.errors import NodeError, RejectedError, RenderError
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem, good


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
    assert bird.version(system) == (2, 0, 12)
    Bird(system, version='2.13')
    assert bird.version(system) == (2, 13, 0)


@pytest.mark.parametrize('version, line', [
    (None, 1), ((1, 6, 3), 1), ((1, 7, 0), 1), ((2, 0, 0), 2), ((2, 15, 1), 2),
    ((3, 0, 0), 2)])
def test_the_version_decides_the_syntax(version, line):
    assert bird.line(version) == line


@pytest.mark.parametrize('version, text', [
    ((1, 4, 5), '1.4.5'), ((1, 6, 2), '1.6.2')])
def test_a_bird_that_the_configuration_is_too_new_for_is_refused(version, text):
    with pytest.raises(RenderError) as error:
        bird.line(version)
    assert 'BIRD {} is installed, and too old'.format(text) in error.value.args[0]


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

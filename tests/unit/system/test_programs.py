"""A program is run to its end, and no longer than its time."""

from __future__ import unicode_literals

import itertools
import os
import time

import pytest

from calico_fuel import system
from calico_fuel.errors import CommandError, SlowError

pytestmark = pytest.mark.runs_programs


def test_a_program_is_given_text_and_its_answer_is_read():
    answer = system.run(['cat'], text='\xe4')

    assert answer == (0, '\xe4', '')


def test_a_program_that_fails_is_told_with_its_status_and_words():
    with pytest.raises(CommandError) as error:
        system.run(['sh', '-c', 'echo why >&2; exit 3'])

    assert (error.value.status, error.value.stderr) == (3, 'why')
    assert error.value.args[0].endswith('exit status 3: why')
    assert system.run(['sh', '-c', 'exit 3'], accept=(0, 3)).status == 3
    assert system.run(['sh', '-c', 'exit 3'], accept=None).status == 3


def test_a_program_that_is_missing_is_told():
    with pytest.raises(CommandError) as error:
        system.run(['no-such-program', 'x'])

    assert error.value.status == 127
    assert error.value.args[0] == (
        'no-such-program x: exit status 127: no-such-program is not installed, or not '
        'in PATH: install the package it is in')


def test_a_program_that_takes_too_long_is_ended():
    with pytest.raises(SlowError) as error:
        system.run(['sleep', '60'], timeout=0.2)

    assert 'took longer than 0.2 s' in error.value.args[0]


def test_a_program_is_not_ended_by_a_clock_that_is_set_forward(monkeypatch):
    """By an hour each time that it is asked for."""
    hours = itertools.count(0, 3600)
    monkeypatch.setattr(time, 'time', lambda: next(hours))

    assert system.run(['sh', '-c', 'sleep 0.3; echo ended'], timeout=50).stdout == (
        'ended\n')


def test_the_end_of_a_program_is_not_that_of_a_daemon_with_its_outputs():
    answer = system.run(['sh', '-c', 'sleep 600 & echo $!'], timeout=50)

    # It fails where the daemon has ended.
    os.kill(int(answer.stdout), 9)


def test_a_daemon_can_go_on_writing_to_the_outputs(tmpdir):
    done = tmpdir.join('done')

    answer = system.run(['sh', '-c', (
        '(until test -e {0}.go; do sleep 0.05; done; echo late; echo >{0}) &'
        ' echo early').format(done)])
    assert answer.stdout == 'early\n'
    tmpdir.join('done.go').write('')

    assert system.eventually(done.check, 20)


def test_a_program_that_reads_nothing_ends_as_any_other():
    """More than a pipe takes, and no SIGPIPE for this program."""
    assert system.run(['true'], text='x' * 1000000).status == 0

"""What is said reaches the log too, with its time, for root only, bounded."""

from __future__ import unicode_literals

import io
import os
import re
import stat

import pytest

from calico_fuel.cli import output


@pytest.fixture
def log(tmpdir, monkeypatch):
    path = str(tmpdir.join('calico-fuel.log'))
    monkeypatch.setattr(output, 'LOG', path)
    before = list(output._log.handlers)
    yield path
    for handler in set(output._log.handlers) - set(before):
        handler.close()
        output._log.removeHandler(handler)


def test_what_is_told_and_warned_of_is_logged_with_its_time(log, capfd):
    output.keep_log()

    output.tell('changed  /etc/bird/bird.conf \xe4')
    output.warn('no way')

    with io.open(log, encoding='utf-8') as stream:
        lines = stream.read().splitlines()
    assert re.match(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \[\d+\] INFO changed  '
                    '/etc/bird/bird.conf \xe4', lines[0])
    assert lines[1].endswith('WARNING no way')
    assert stat.S_IMODE(os.stat(log).st_mode) == 0o600
    shown = capfd.readouterr()
    assert 'bird.conf' in shown.out and shown.err == 'calico-fuel: no way\n'


def test_an_error_begins_with_the_program_that_was_typed(monkeypatch, capfd):
    monkeypatch.setattr(output, '_typed', 'calico-fuel')

    output.begin_errors_with('fuel2 calico')
    output.warn('no way')

    assert capfd.readouterr().err == 'fuel2 calico: no way\n'


def test_the_log_is_rotated_and_each_file_is_for_root_only(log, monkeypatch):
    monkeypatch.setattr(output, 'LOG_BYTES', 200)
    output.keep_log()

    for number in range(100):
        output.tell('line {}'.format(number))

    directory = os.path.dirname(log)
    assert sorted(os.listdir(directory)) == [
        'calico-fuel.log'] + ['calico-fuel.log.{}'.format(n) for n in (1, 2, 3, 4)]
    assert set(stat.S_IMODE(os.stat(os.path.join(directory, name)).st_mode)
               for name in os.listdir(directory)) == {0o600}


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch, capfd):
    monkeypatch.setattr(output, 'LOG', '/nonexistent/calico-fuel.log')

    output.keep_log()
    output.tell('goes on')

    shown = capfd.readouterr()
    assert 'this run is not logged' in shown.err and 'goes on' in shown.out


def test_a_log_on_a_full_disk_is_named_once_and_stops_nothing(log, monkeypatch, capfd):
    monkeypatch.setattr(output, 'LOG', '/dev/full')
    output.keep_log()

    output.tell('goes on')
    output.tell('and on')

    shown = capfd.readouterr()
    assert shown.out == 'goes on\nand on\n'
    assert shown.err == (
        'calico-fuel: /dev/full: No space left on device: this run is not logged. See '
        '"df /dev" and "ls -l /dev"\n')


HOSTILE = 'host \x1b]0;owned\x07\r\x9b2J\u2028\u202e\x7f\n\tsecond'
HARMLESS = ('host \\x1b]0;owned\\x07\\x0d\\x9b2J\\x2028\\x202e\\x7f\n'
            '\tsecond\n')


@pytest.mark.parametrize('say', [output.tell, output.warn])
def test_no_control_character_reaches_the_terminal_or_the_log(log, capfd, say):
    """Metadata, etcd and programs may send them; ends of lines and tabs are ours."""
    output.keep_log()

    say(HOSTILE)

    shown = capfd.readouterr()
    assert (shown.out + shown.err).endswith(HARMLESS)
    with io.open(log, encoding='utf-8', newline='') as stream:
        assert stream.read().endswith(HARMLESS)


def test_a_link_in_the_place_of_the_log_is_not_followed(log, capfd):
    """The group of rsyslog can make one in /var/log of Ubuntu."""
    victim = log + '.victim'
    os.symlink(victim, log)

    output.keep_log()
    output.tell('goes on')

    assert not os.path.exists(victim)
    assert 'this run is not logged' in capfd.readouterr().err

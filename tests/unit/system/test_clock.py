"""Waiting ends when it may, by a clock that nobody sets."""

from __future__ import unicode_literals

import pytest

from calico_fuel import system
from calico_fuel.system import clock


@pytest.fixture(autouse=True)
def passed(monkeypatch):
    """A list with the seconds that have passed; nobody waits, or asks for the time."""
    passed = [1000.0]

    def sleep(seconds):
        passed[0] += seconds
    monkeypatch.setattr(clock, 'uptime', lambda: passed[0])
    monkeypatch.setattr(clock, 'now', None)
    monkeypatch.setattr(clock.time, 'sleep', sleep)
    return passed


def test_waiting_ends_when_it_is_true_and_when_the_time_is_over(passed):
    found = iter([0, 0, 'there'])

    assert system.eventually(lambda: next(found), 5, interval=1) == 'there'
    assert passed == [1002]
    assert system.eventually(lambda: 0, 5, interval=1) == 0
    assert passed == [1007]


def test_what_ends_soon_is_seen_soon_and_a_long_wait_is_not_busy(passed):
    polls, end = [], [1000.003, 2000]

    def has_ended():
        polls.append(passed[0])
        return passed[0] >= end[0]
    assert clock.soon(has_ended, 5)
    assert passed[0] - 1000 < 0.01

    end[:1] = []
    assert not clock.soon(has_ended, 5)
    assert 5 <= passed[0] - 1000 < 5.1 and len(polls) < 120


def test_what_was_polled_last_is_returned_as_it_is():
    counts = iter(range(9))

    assert system.eventually(
        lambda: next(counts), 5, until=lambda count: count == 3) == 3


def test_what_the_polls_take_is_time_that_is_waited(passed):
    polls = []

    def poll():
        polls.append(None)
        passed[0] += 10
    assert not system.eventually(poll, 25, interval=1)

    assert len(polls) == 3

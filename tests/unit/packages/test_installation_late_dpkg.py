"""A dpkg that goes on after its apt-get was killed: the run ends in time."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, UNCHANGED
from calico_fuel.errors import SlowError
from calico_fuel.packages import apt
from calico_fuel.packages.installation import FORBID
from calico_fuel.packages.installation import POLICY
from calico_fuel.packages.installation import SECONDS
from tests.unit.fake.apt import JOURNAL
from tests.unit.fake.system import MODE, OWNER, Entry, good
from tests.unit.packages.test_package import failure, node, outcome


@pytest.fixture
def late():
    """A node, and its apt, where each installation takes all of the time."""
    system, programs = node()

    def slow(argv, text):
        if '-s' in argv or '--download-only' in argv:
            return programs.apt_get(argv, text)
        system.files[JOURNAL] = Entry('', OWNER, MODE)
        system.locks.add(apt.DPKG_LOCK)
        system.clock += SECONDS
        raise SlowError(argv, -9, SECONDS)
    system.programs.update({
        'apt-get': slow, 'dpkg': slow, 'pgrep': lambda argv, text: good('4711\n')})
    return system, programs


def test_it_is_named_and_not_waited_for_until_fuel_ends_the_task(late):
    system, _ = late
    begin = system.clock

    assert ('took longer than 180 s. It was killed, and 60 s later its dpkg (process '
            '4711) is still at work') in failure(system)
    assert system.clock - begin < SECONDS + apt.SECONDS_FOR_DPKG + 2


def test_no_service_starts_until_the_next_run_has_finished_the_packages(late):
    system, programs = late
    failure(system)

    assert system.text(POLICY) == FORBID

    system.locks.clear()
    system.programs.update({'apt-get': programs.apt_get, 'dpkg': programs.dpkg})
    assert outcome(system).state == CHANGED
    assert POLICY not in system.files and programs.started == []
    assert outcome(system).state == UNCHANGED


@pytest.mark.parametrize('goes_on', [True, False])
def test_a_slow_end_of_an_interrupted_run_begins_no_other_installation(late, goes_on):
    """Its time is over: each program more would add to it."""
    system, _ = late
    failure(system)
    if not goes_on:
        system.is_locked = lambda path: False
    begin = system.clock

    assert 'dpkg --force-confdef' in failure(system)
    assert system.clock - begin < SECONDS + apt.SECONDS_FOR_DPKG + 2

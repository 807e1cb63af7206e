"""BIRD is replaced, crashes again and again, or is cut off: what others notice.

The whole table is that of ``make measure-restarts``; here are the rows that no
change of a config may make worse.
"""

import pytest

from lab.machine.programs import eventually
from lab.measure import events, restarts
from lab.measure.restart_cases import BFD, PAIR, Case
from lab.network import bird as lab_bird, traffic

SECONDS_TO_DETECT = 3


@pytest.fixture
def set_scene(lab_run, demand):
    """The environment of a case, up."""
    demand(lab_bird.LINES)

    def set_scene(line, event, **options):
        return restarts.Scene(lab_run, line, Case('', event, **options))
    return set_scene


@pytest.fixture
def lost(lab_run):
    """How many packets an event costs workloads on the first two computes."""
    def lost(scene):
        first = scene.network.add_workload('vm-1', scene.computes[0], restarts.FIRST)
        second = scene.network.add_workload('vm-2', scene.computes[1], restarts.SECOND)

        def event():
            scene.case.event(scene)
            assert eventually(scene.is_up)
        return traffic.lost_packets(lab_run, first, second, event)
    return lost


def upgrade_both(scene):
    for role in 'reflectors', 'computes':
        events.upgrade(role)(scene)
        assert eventually(scene.is_up)


def test_an_upgrade_from_one_line_of_bird_to_the_other_loses_no_packet(
        set_scene, lost, line):
    """And back: of the only reflector, then of a compute."""
    assert lost(set_scene(line, upgrade_both)) == 0


def test_a_bird_that_crashes_again_and_again_costs_the_others_nothing(
        set_scene, lost, line):
    """Four times in four seconds, of a compute."""
    assert lost(set_scene(line, lambda scene: events.flap(scene, 4))) == 0


def test_a_workload_that_moves_while_one_of_two_reflectors_is_away_is_reached(
        set_scene, line):
    """Nobody is held to what that reflector told before."""
    scene = set_scene(line, events.move, roles=PAIR)

    assert events.move(scene) < 5


def test_bfd_detects_a_cut_cable_long_before_the_hold_time(set_scene, capsys, line):
    """Counted until another compute has no route to the workload."""
    seconds = events.cut(set_scene(
        line, events.cut, settings=BFD))

    with capsys.disabled():
        print('\nBIRD {}: a cut cable is noticed after {:.1f} s'.format(line, seconds))
    assert seconds < SECONDS_TO_DETECT


def test_two_reflectors_that_start_together_do_not_refuse_each_other(set_scene, line):
    """They connect by turns, not both in each second."""
    scene = set_scene(line, events.started, roles=PAIR, starts_late=True)

    assert events.started(scene) < 10

"""BIRD is replaced without a loss, and takes its leave when it is removed."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.bird_service import NoBird
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from tests.unit.builders import roles
from tests.unit.fake.etcd_environment import failure
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import bad, good
from tests.unit.tasks.test_bgp import Controller, run, states


@pytest.mark.parametrize('respawns', [True, False])
@pytest.mark.parametrize('version, syntax', [('2.0.12', True), ('1.6.9', False)])
def test_a_bird_of_another_version_is_replaced_and_neighbors_keep_its_routes(
        version, syntax, respawns):
    """Its package was upgraded, and packages restart nothing; upstart respawns."""
    node = Controller()
    node.bird.respawns = respawns
    run(node, roles(1, 2))
    node.bird.version = version

    run(node, roles(1, 2))

    assert node.bird.running_version == version and node.bird.is_announced
    assert ('ipv4 {' in node.bird.loaded) == syntax
    assert (node.bird.kills, node.bird.reloads) == (1, 0)
    assert states(run(node, roles(1, 2))) == {UNCHANGED}


def test_a_bird_whose_port_is_taken_is_told_and_tries_again_in_the_next_run():
    """Of itself it never does."""
    node = Controller()
    node.bird.port_is_taken = True

    for _ in range(2):
        message = failure(run(node, roles(1, 2)))
        assert message.startswith('service bird: runs and has no session, because')
        assert '"fuser -v 179/tcp", and end it. Then run this again' in message

    node.bird.port_is_taken = False
    assert CHANGED in states(run(node, roles(1, 2)))
    assert states(run(node, roles(1, 2))) == {UNCHANGED}
    assert not node.bird.lacks_socket and node.services.starts == ['bird']


def test_a_bird_that_does_not_come_back_is_an_error_that_says_where_to_look():
    node = Controller()
    run(node, roles(1, 2))
    node.bird.version = '2.0.12'
    node.programs['service'] = lambda argv, text: bad('start: Job failed to start')

    assert 'service bird: does not run 30 s after its start' in failure(
        run(node, roles(1, 2)))


def test_a_replacement_killed_at_any_change_is_finished_by_the_next_run():
    def upgraded(dies_at=None):
        node = Controller()
        run(node, roles(1, 2))
        node.bird.version = '2.0.12'
        node.changes, node.dies_at = 0, dies_at
        return node
    for _, node in at_every_change(upgraded, lambda node: run(node, roles(1, 2))):
        assert node.bird.running_version == '2.0.12' and node.bird.is_announced
        assert states(run(node, roles(1, 2))) == {UNCHANGED}


def test_a_bird_that_is_not_wanted_any_more_takes_leave_of_its_neighbors():
    """It is stopped by a kill, of which they would notice nothing."""
    node = Controller()
    run(node, roles(1, 2))
    announced = []

    def service(argv, text):
        announced.append(node.bird.is_announced)
        node.bird.loaded = None
        return good()
    node.programs['service'] = service
    node.programs['ip'] = lambda argv, text: good()

    assert states(converge([NoBird('bird')], node)) == {CHANGED}
    assert announced == [False]
    assert states(converge([NoBird('bird')], node)) == {UNCHANGED}

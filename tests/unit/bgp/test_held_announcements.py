"""What external peers were told is pinned on reflectors until clients are back."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import bird
from calico_fuel.bgp.bird_service import Bird
from calico_fuel.bgp.held_announcements import PATH, notes
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, WOULD_CHANGE, converge
from calico_fuel.errors import NodeError
from calico_fuel.tasks import hold_routes, release_routes
from tests.unit.builders import environment
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.routing_reflector import FIRST, SECOND, Reflector
from tests.unit.fake.system import good

BOTH = {FIRST: '192.0.2.12', SECOND: '192.0.2.13'}


def run(task, node, dry_run=False):
    wanted = node.of(bgp_password='new')
    return list(converge(
        task.resources(wanted, wanted.this_node, node), node, dry_run))


def states(task, node, **options):
    return [outcome.state for outcome in run(task, node, **options)]


def holding(dies_at=None):
    """A reflector that has pinned its two routes, and resets its sessions."""
    node = Reflector()
    assert states(hold_routes, node) == [CHANGED]
    node.reset()
    node.changes, node.dies_at = 0, dies_at
    return node


def seconds(node):
    begin = node.clock
    assert states(release_routes, node) == [CHANGED]
    return node.clock - begin


def test_what_clients_announced_is_pinned_for_external_peers():
    node = Reflector()

    outcome, = run(hold_routes, node, dry_run=True)
    assert outcome.difference == '2 routes are not pinned'
    assert states(hold_routes, node) == [CHANGED]
    assert states(hold_routes, node) == [UNCHANGED]

    assert node.pinned() == BOTH and node.bird.reloads == 1
    assert (node.files[PATH].owner, node.files[PATH].mode) == ('root:bird', 0o640)


def test_without_an_external_peer_or_a_change_of_bird_nothing_is_pinned():
    nobody, unchanged = Reflector(external_peers=''), Reflector()

    assert states(hold_routes, nobody) == []
    wanted = unchanged.of()
    assert hold_routes.resources(wanted, wanted.this_node, unchanged) == []


def test_a_peer_that_the_deployment_adds_had_no_routes_to_lose():
    node = Reflector(external_peers='')
    node.external_peers = 'border 65010 192.0.2.200'

    assert states(hold_routes, node) == []


def test_an_instance_that_came_or_moved_since_is_pinned_where_it_is_now():
    """Fuel pins before it deploys, and again before it changes BIRD."""
    node = Reflector()
    run(hold_routes, node)
    node.learned = {FIRST: '192.0.2.13', '203.0.113.4': '192.0.2.12'}

    assert states(hold_routes, node) == [CHANGED]

    assert node.pinned() == {
        FIRST: '192.0.2.13', SECOND: '192.0.2.13', '203.0.113.4': '192.0.2.12'}


@pytest.mark.parametrize('hop', ['1}include"/etc/shadow"', '198.51.100.1'])
def test_only_a_route_of_a_node_with_an_address_as_next_hop_is_pinned(hop):
    """Of a BIRD that was taken over; of a session that is the operator's."""
    node = Reflector()
    node.learned['203.0.113.4'] = hop
    node.clients['1}include"/etc/shadow"'] = 'client_node_2'

    run(hold_routes, node)

    assert node.pinned() == BOTH and 'shadow' not in node.text(PATH)


def test_what_was_pinned_for_another_version_of_bird_is_written_for_the_new_one():
    """The new one would not start with it; the one that runs is left alone."""
    node = Reflector()
    run(hold_routes, node)
    node.bird.version = '2.0.12'

    assert states(hold_routes, node) == [CHANGED]
    assert states(hold_routes, node) == [UNCHANGED]

    assert 'ipv4 { preference 1; };' in node.text(PATH) and node.bird.reloads == 1


@pytest.mark.parametrize('change', [
    lambda node: setattr(node.bird, 'loaded', None),
    lambda node: setattr(node.bird, 'version', '1.6.9')])
def test_a_bird_that_is_stopped_or_outdated_loads_the_file_when_it_starts(change):
    node = Reflector()
    run(hold_routes, node)
    node.learned = {}
    node.bird.loaded = node.bird.loaded and 'nothing is pinned in it'
    change(node)

    assert states(hold_routes, node) == [UNCHANGED]


def test_a_file_that_bird_refuses_is_not_written():
    node = Reflector()
    node.bird.refused = 'pinned_routes'

    assert states(hold_routes, node) == [FAILED]

    assert PATH not in node.files


def test_a_bird_that_hangs_fails_the_task_before_the_one_that_resets_sessions():
    node = Reflector()
    node.bird.hangs = ' 4711 T\n'

    with pytest.raises(NodeError) as error:
        run(hold_routes, node)
    of_reflector, = converge([Bird(bird.SERVICE, ())], node)

    for text in error.value.args[0], of_reflector.difference:
        assert 'BIRD hangs' in text and 'kill -CONT 4711' in text
    assert of_reflector.state == FAILED and node.changes == 0


def test_what_was_pinned_is_released_when_it_is_learned_again():
    node = holding()
    node.comes_back = node.clock + 20

    assert 19 < seconds(node) < 22

    assert node.pinned() == {} and PATH not in node.files
    assert states(release_routes, node) == []


def test_what_a_client_without_a_session_announced_stays():
    """Its task failed: it forwards packets all the same."""
    node = holding()
    node.learned, node.states['client_node_2'] = {FIRST: BOTH[FIRST]}, 'Established'

    assert 39 < seconds(node) < 42

    assert node.pinned() == {SECOND: '192.0.2.13'}
    node.comes_back = node.clock
    assert seconds(node) < 2 and PATH not in node.files


def test_on_a_compute_that_reflects_it_stays_too_and_the_task_succeeds():
    node = holding()
    node.programs['ip'] = lambda argv, text: good()
    wanted = environment(
        [['primary-controller', 'compute'], ['compute'], ['compute']],
        external_peers=node.external_peers, bgp_password='new')
    found = release_routes.resources(wanted, wanted.this_node, node)

    assert [outcome.state for outcome in converge(found, node)] == [
        UNCHANGED, CHANGED]

    assert node.pinned() == BOTH


def test_a_default_route_is_not_pinned():
    """Another reflector passes on that of an external peer."""
    node = Reflector()
    node.default = True

    run(hold_routes, node)

    assert node.pinned() == BOTH and '0.0.0.0' not in node.text(PATH)


def test_an_instance_that_its_client_announces_no_more_is_released_in_the_end():
    node = holding()
    node.comes_back = node.clock
    node.birdc(['birdc', 'show', 'status'], None)
    node.comes_back = None
    del node.learned[SECOND]

    assert 39 < seconds(node) < 42

    assert node.pinned() == {} and PATH not in node.files


def test_a_compute_that_was_deleted_is_not_waited_for():
    node = holding()
    wanted = node.of(bgp_password='new')._replace(nodes=node.of().nodes[:1])

    outcome, = converge(
        release_routes.resources(wanted, wanted.this_node, node), node)

    assert outcome.state == CHANGED and PATH not in node.files


def test_a_dry_run_changes_nothing_and_does_not_wait():
    node, begin = holding(), 0
    begin = node.clock

    outcome, = run(release_routes, node, dry_run=True)

    assert (outcome.state, outcome.difference) == (
        WOULD_CHANGE, '2 routes are pinned')
    assert node.pinned() == BOTH and node.clock - begin < 1


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, killed in at_every_change(
            Reflector, lambda node: run(hold_routes, node)):
        assert killed.pinned() == whole.pinned() == BOTH

    def release(node):
        node.comes_back = node.clock
        run(release_routes, node)
    for _, killed in at_every_change(holding, release):
        assert killed.pinned() == {} and PATH not in killed.files


def test_a_note_tells_whose_routes_are_pinned():
    node = holding()

    found = notes(node.of(), node)

    assert [check.sentence.split(',')[0] for check in found] == [
        'ROUTES_HELD: routes pinned for external peers: 1 through ' + name
        for name in ('node-2', 'node-3')]
    assert not any(check.is_problem for check in found)
    assert notes(node.of(), Reflector()) == []


def test_a_note_tells_the_address_of_a_compute_that_the_list_lacks():
    node = holding()

    found = notes(node.of()._replace(nodes=node.of().nodes[:2]), node)

    assert sorted(check.state for check in found) == [
        '1 through 192.0.2.13', '1 through node-2']

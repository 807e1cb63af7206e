"""Held routes go once they are no longer needed, and not before."""

from __future__ import unicode_literals

import pytest

from calico_fuel import checks
from calico_fuel.bgp import held_routes
from calico_fuel.bgp.held_routes import MARK
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, WOULD_CHANGE, converge
from calico_fuel.errors import NodeError
from calico_fuel.tasks import cleanup, hold_routes, release_routes, remove
from tests.unit.builders import environment, roles
from tests.unit.fake import etcd_keys
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.routing_compute import OF_BIRD, TAP, Compute, of, outcomes, states
from tests.unit.fake.system import bad

ENDPOINT = '/calico/v1/host/node-{}/workload/openstack/vm/endpoint/port-{}'
NETS = '{{"ipv4_nets": ["203.0.113.{}/32"], "ipv4_gateway": "203.0.113.254"}}'
NAT = '{{"ipv4_nat": [{{"int_ip": "203.0.113.9", "ext_ip": "198.51.100.{}"}}]}}'


def holding(dies_at=None):
    """A compute that holds its two routes; its bird.conf is as wanted since."""
    node = Compute()
    assert states(hold_routes, node, bgp_password='old') == [CHANGED]
    node.changes, node.dies_at = 0, dies_at
    return node


def has_endpoints(node, *texts):
    """etcd answers, and has endpoints with these texts."""
    keys = dict((ENDPOINT.format(3, number), (text, None))
                for number, text in enumerate(texts))
    node.servers.append(lambda method, url, body: etcd_keys.answer(
        keys, True, node.clock, method, url, body))


def test_bird_has_its_time_to_bring_its_own():
    node = holding()
    node.told, node.of_bird, node.looks, node.comes_back = [], [], 0, 20
    begin = node.clock

    assert states(release_routes, node) == [CHANGED]

    assert node.held == [] and not node.exists(MARK)
    assert len(node.told) == 2 and 5 < node.clock - begin < 40
    assert states(release_routes, node) == []


def test_a_workload_that_came_here_needs_no_held_route():
    node = holding()
    node.told, node.own = [], [TAP, '203.0.113.2 dev tap2 scope link',
                               '203.0.113.3 dev tap3 scope link']
    begin = node.clock

    assert states(release_routes, node) == [CHANGED]

    assert node.clock - begin < 2 and node.held == []


def test_what_bird_is_not_told_stays_until_it_is():
    """The task of that compute failed, or it is late, or cut off."""
    node = holding()
    node.told = [(2, 13)]

    assert states(release_routes, node) == [CHANGED]

    assert node.held == [OF_BIRD.format(3, 14)] and node.exists(MARK)
    assert states(release_routes, node) == [UNCHANGED]
    node.told = [(2, 13), (3, 14)]
    assert states(release_routes, node) == [CHANGED]
    assert node.held == [] and not node.exists(MARK)


@pytest.mark.parametrize('bgp_routes_of_others', [[], [(7, 13), (8, 14)]])
def test_what_the_kernel_still_has_of_bird_counts_for_nothing(bgp_routes_of_others):
    """A BIRD that recovers leaves the routes of the one before it for a while."""
    node = holding()
    node.told = bgp_routes_of_others
    assert len(node.of_bird) == 2

    assert states(release_routes, node) == [UNCHANGED]

    assert len(node.held) == 2 and node.exists(MARK)


def test_what_bird_does_not_tell_the_kernel_yet_stays():
    """A BIRD that was started anew does not, until all its sessions are back."""
    node = holding()
    node.of_bird = []

    assert states(release_routes, node) == [UNCHANGED]

    assert len(node.held) == 2


def test_what_a_neighbor_told_that_is_silent_now_counts_for_nothing():
    """BIRD and the kernel keep its routes for the Restart Time."""
    node = holding()
    node.session = 'Active'

    assert states(release_routes, node) == [UNCHANGED]

    assert len(node.held) == 2


def test_while_birdc_does_not_answer_nothing_goes():
    node = holding()
    node.programs['birdc'] = lambda argv, text: bad('Unable to connect')

    assert states(release_routes, node) == [UNCHANGED]

    assert len(node.held) == 2


def test_what_bird_learned_from_a_held_route_itself_counts_for_nothing():
    """It learns routes to own networks, where floating addresses are."""
    node = holding()
    floating = '198.51.100.7 via 192.0.2.13 dev br-mgmt'
    node.held.append(floating)

    assert states(release_routes, node) == [CHANGED]

    assert node.held == [floating]


def test_a_workload_that_is_gone_is_not_waited_for():
    """Whether its compute has others, or none any more; etcd tells."""
    node = holding()
    node.told = [(2, 13)]
    has_endpoints(node, NETS.format(2))
    begin = node.clock

    assert states(release_routes, node) == [CHANGED]

    assert node.held == [] and not node.exists(MARK) and node.clock - begin < 2


@pytest.mark.parametrize('endpoints', [
    [NETS.format(2), NETS.format(3)], ['', NETS.format(3)],
    [NETS.format(2), 'no JSON: 203.0.113.3']])
def test_a_workload_that_etcd_knows_is_not_gone(endpoints):
    """Also on a host that the list of nodes lacks, or behind a router."""
    node = holding()
    node.told = [(2, 13)]
    has_endpoints(node, *endpoints)

    assert states(release_routes, node) == [CHANGED]

    assert node.held == [OF_BIRD.format(3, 14)]


def test_a_floating_address_of_a_workload_is_known_too():
    node = holding()
    node.told, node.held = [], ['198.51.100.7 via 192.0.2.13 dev br-mgmt',
                                '198.51.100.8 via 192.0.2.13 dev br-mgmt']
    has_endpoints(node, NAT.format(7))

    assert states(release_routes, node) == [CHANGED]

    assert node.held == ['198.51.100.7 via 192.0.2.13 dev br-mgmt']


def test_an_etcd_that_has_lost_all_endpoints_tells_of_none_that_is_gone():
    node = holding()
    node.told = []
    has_endpoints(node)

    assert states(release_routes, node) == [UNCHANGED]


def test_a_route_to_more_than_a_workload_stays_until_it_is_told():
    node = holding()
    node.told, node.held = [], ['203.0.113.64/26 via 192.0.2.13 dev br-mgmt']
    has_endpoints(node, NETS.format(3))

    assert states(release_routes, node) == [UNCHANGED]


def test_routes_that_are_gone_with_a_reboot_are_no_fault():
    node = holding()
    node.held = []

    assert states(release_routes, node) == [CHANGED]

    assert not node.exists(MARK)


def test_a_node_that_is_not_configured_yet_lets_go_of_nothing():
    """BIRD still has the routes of sessions that are about to end."""
    node = holding()

    with pytest.raises(NodeError) as error:
        states(release_routes, node, bgp_password='new')

    assert error.value.args[0].startswith('/etc/bird/bird.conf: is not as the settings')
    assert 'Run calico-fuel compute' in error.value.args[0]
    assert len(node.held) == 2 and node.exists(MARK)


def test_a_dry_run_changes_nothing():
    node = holding()

    outcome, = outcomes(release_routes, node, dry_run=True)

    assert outcome.state == WOULD_CHANGE and outcome.difference == '2 routes are held'
    assert len(node.held) == 2 and node.exists(MARK)


def test_a_route_that_the_kernel_keeps_is_named_and_not_forgotten():
    node = holding()
    node.refused = {'203.0.113.3'}

    outcome, = outcomes(release_routes, node)

    assert outcome.state == FAILED
    assert 'the kernel keeps 203.0.113.3 via 192.0.2.14 dev br-mgmt. It says: ' in (
        outcome.difference)
    # No flush: others may be needed.
    assert 'Delete them ("ip route del ADDRESS proto 202")' in outcome.difference
    assert node.held == [OF_BIRD.format(3, 14)] and node.exists(MARK)


def test_the_cleanup_lets_go_of_nothing():
    """On Fuel 9 it runs before other computes have their sessions."""
    node = holding()

    assert CHANGED not in states(cleanup, node)

    assert len(node.held) == 2 and node.exists(MARK)


def test_a_controller_has_nothing_to_release():
    wanted = environment(roles(1, 1))

    assert release_routes.resources(wanted, wanted.this_node, holding()) == []


def test_what_is_removed_holds_no_route():
    """At once: BIRD goes, and nothing else is to come."""
    node = holding()
    node.told, begin = [], node.clock

    assert [o.state for o in converge(remove.no_held_routes(node), node)] == [CHANGED]

    assert node.held == [] and not node.exists(MARK) and node.clock - begin < 1
    assert remove.no_held_routes(node) == []


def test_routes_are_let_go_of_before_bird_is_removed():
    node = holding()
    node.programs['ovs-vsctl'] = None
    wanted = of()

    labels = [r.label for r in remove.resources(wanted, wanted.this_node, node)]

    assert labels.index('no held routes') < labels.index('no service bird')


def test_the_verification_tells_through_whom_routes_are_held():
    node, wanted = holding(), of()
    node.held.append('203.0.113.7 via 192.0.2.1 dev br-mgmt')

    def notes(node):
        return [text for _, text in checks.report(
            held_routes.notes(wanted, wanted.this_node, node))
                if text.startswith('note: held routes: ')]

    assert [text.split(',')[0] for text in notes(node)] == [
        'note: held routes: 1 through 192.0.2.1', 'note: held routes: 1 through node-3',
        'note: held routes: 1 through node-4']
    assert 'run calico-fuel verify on their computes' in notes(node)[0]
    assert notes(Compute()) == []


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    def run(node):
        return states(release_routes, node)
    for _, killed in at_every_change(holding, run):
        assert killed.held == [] and not killed.exists(MARK)

"""Routes stay while BGP sessions begin anew, until BIRD has its own again."""

from __future__ import unicode_literals

import pytest

from calico_fuel import __version__, render
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, WOULD_CHANGE, converge
from calico_fuel.resources.held_routes import MARK
from calico_fuel.tasks import cleanup, hold, release, remove
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import Entry, FakeSystem, UnknownCommand, bad, good

OF_BIRD = '203.0.113.{} via 192.0.2.{} dev br-mgmt'
TAP = '203.0.113.1 dev tap1 scope link'
SESSION = 'reflector_node_1 BGP master up 12:00:01 Established\n'
CHANGES = ('bgp_password', 'new'), ('as_number', '64511'), ('bfd', True)


class Node(FakeSystem):
    """A compute with routes of BIRD, beside those of its own."""

    def __init__(self, dies_at=None, metric=''):
        super(Node, self).__init__(dies_at=dies_at)
        self.files[CONF] = Entry(conf(), 'bird:bird', 0o640)
        self.bird = Bird(self)
        self.bird.start()
        self.bird.sessions = SESSION
        self.own = ['default via 192.0.2.1 dev br-mgmt', TAP]
        self.of_bird = [OF_BIRD.format(2, 13) + metric, OF_BIRD.format(3, 14) + metric]
        self.held = []
        self.looks = 0
        self.comes_back = None
        # Addresses to which the kernel takes no second route.
        self.refused = set()
        self.programs['ip'] = self.ip

    def ip(self, argv, text):
        if argv[1:] == ['-force', '-batch', '-']:
            self.about_to_change()
            refused = False
            for row in text.splitlines():
                assert row.startswith('route replace ')
                assert row.endswith(' proto 202 metric 20200')
                if row.split()[2] in self.refused:
                    refused = True
                else:
                    self.held.append(row[len('route replace '):].partition(' proto')[0])
            return bad('RTNETLINK answers: Network is unreachable\n'
                       'Command failed -:1\n', 1) if refused else good()
        if argv[1:] == ['route', 'flush', 'proto', '202']:
            self.about_to_change()
            self.held = []
            return good()
        self.looks += 1
        if self.comes_back is not None and self.looks >= self.comes_back:
            self.of_bird = [OF_BIRD.format(2, 13), OF_BIRD.format(3, 14)]
        if argv[1:] == ['-4', 'route', 'show']:
            return good('\n'.join(
                self.own + [row + ' proto bird' for row in self.of_bird]
                + [row + ' proto 202 metric 20200' for row in self.held]))
        shown = {'12': self.of_bird, '202': self.held}
        if argv[1:5] == ['-4', 'route', 'show', 'proto']:
            return good('\n'.join(shown[argv[5]]))
        raise UnknownCommand(' '.join(argv))


def of(**settings):
    return environment(roles(1, 3), uid='2', cleanup_ovs=False, **settings)


def conf(**settings):
    wanted = of(**settings)
    return render.bird_conf(wanted, wanted.this_node, 1).text


def outcomes(system, resources=hold.resources, dry_run=False, **settings):
    wanted = of(**settings)
    return list(converge(
        resources(wanted, wanted.this_node, system), system, dry_run))


def run(system, resources=hold.resources, **settings):
    return [o.state for o in outcomes(system, resources, **settings)]


@pytest.mark.parametrize('change', CHANGES)
@pytest.mark.parametrize('metric', ['', ' metric 32'])
def test_each_route_of_bird_is_held_where_its_sessions_change(change, metric):
    node = Node(metric=metric)

    assert run(node, **dict([change])) == [CHANGED]
    assert run(node, **dict([change])) == [UNCHANGED]

    assert node.held == [OF_BIRD.format(2, 13), OF_BIRD.format(3, 14)]


def test_a_configuration_that_stays_holds_nothing():
    """Another version of the plugin writes another comment, and no more."""
    node = Node()
    old = conf().replace('plugin ' + __version__, 'plugin 3.9.9')
    node.files[CONF] = Entry(old, 'bird:bird', 0o640)

    assert run(node) == []


def test_a_bird_that_is_too_old_to_be_configured_is_held_too():
    node = Node()
    node.bird.version = '1.4.0'

    assert run(node) == [CHANGED]


def test_a_node_without_a_running_bird_has_nothing_to_hold():
    node = Node()
    node.bird.loaded = None

    assert run(node, bgp_password='new') == []


def test_a_controller_holds_nothing():
    wanted = environment(roles(1, 1), bgp_password='new')

    assert hold.resources(wanted, wanted.this_node, Node()) == []


def test_the_release_waits_for_the_routes_of_bird():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird, node.looks, node.comes_back = [], 0, 20
    begin = node.clock

    assert CHANGED in run(node, release.resources)

    assert node.held == [] and not node.exists(MARK)
    assert len(node.of_bird) == 2 and 5 < node.clock - begin < 40
    assert CHANGED not in run(node, release.resources)


def test_a_workload_that_is_gone_is_not_waited_for_without_end():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird = node.of_bird[:1]

    run(node, release.resources)

    assert node.held == []


def test_a_workload_that_came_here_needs_no_held_route():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird, node.own = [], [TAP, '203.0.113.2 dev tap2 scope link',
                                  '203.0.113.3 dev tap3 scope link']
    begin = node.clock

    run(node, release.resources)

    assert node.clock - begin < 2 and node.held == []


def test_routes_that_are_gone_with_a_reboot_are_no_fault():
    node = Node()
    run(node, bgp_password='new')
    node.held = []
    flush = node.programs['ip']
    node.programs['ip'] = lambda argv, text: bad('Nothing to flush.') if (
        'flush' in argv) else flush(argv, text)

    assert CHANGED in run(node, release.resources)
    assert not node.exists(MARK)


def test_what_is_removed_holds_no_route():
    node = Node()
    run(node, bgp_password='new')

    assert [r.label for r in remove.held_routes(node)] == ['no held routes']
    assert remove.held_routes(Node()) == []
    wanted = of()
    node.programs['ovs-vsctl'] = None
    labels = [r.label for r in remove.resources(wanted, wanted.this_node, node)]
    assert labels.index('no held routes') < labels.index('no service bird')


def test_a_removal_does_not_wait_for_routes_that_cannot_come():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird, node.bird.sessions = [], ''
    begin = node.clock

    assert [o.state for o in converge(remove.held_routes(node), node)] == [CHANGED]

    assert node.held == [] and not node.exists(MARK) and node.clock - begin < 1


def test_a_dry_run_does_not_wait():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird = []
    begin = node.clock

    states = [o.state for o in outcomes(node, release.resources, dry_run=True)]

    assert states == [WOULD_CHANGE] and node.clock - begin < 1
    assert len(node.held) == 2


def test_a_node_that_is_not_configured_yet_lets_go_of_nothing():
    """The watcher runs the release although the compute task failed."""
    node = Node()
    run(node, bgp_password='new')
    node.of_bird = []

    outcome, = outcomes(node, release.resources, bgp_password='new')

    assert outcome.state == FAILED and 'Run compute' in outcome.difference
    assert len(node.held) == 2 and node.exists(MARK)


def test_a_node_without_a_session_keeps_what_nothing_else_leads_to():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird, node.bird.sessions = [], SESSION.replace('Established', 'Connect')

    outcome, = outcomes(node, release.resources)

    assert outcome.state == FAILED
    assert 'no BGP session of this node is Established' in outcome.difference
    assert '2 addresses' in outcome.difference and 'Run verify' in outcome.difference
    assert len(node.held) == 2 and node.exists(MARK)
    node.bird.sessions = SESSION
    assert run(node, release.resources) == [CHANGED]
    assert node.held == []


def test_a_node_without_a_session_lets_go_of_what_it_does_not_need():
    node = Node()
    run(node, bgp_password='new')
    node.bird.sessions = ''

    assert run(node, release.resources) == [CHANGED]

    assert node.held == []


def test_the_cleanup_lets_go_of_nothing():
    """On Fuel 9 it runs before other computes have their sessions."""
    node = Node()
    run(node, bgp_password='new')

    assert CHANGED not in run(node, cleanup.resources)

    assert len(node.held) == 2 and node.exists(MARK)


def test_a_controller_has_nothing_to_release():
    node = Node()
    run(node, bgp_password='new')
    wanted = environment(roles(1, 1))

    assert release.resources(wanted, wanted.this_node, node) == []


def test_a_route_that_the_kernel_refuses_holds_up_no_other_and_is_named():
    node = Node()
    node.refused = {'203.0.113.2'}

    outcome, = outcomes(node, bgp_password='new')

    assert node.held == [OF_BIRD.format(3, 14)]
    assert outcome.state == FAILED and (
        'the kernel refuses 1 of them: 203.0.113.2 via 192.0.2.13 dev br-mgmt. It '
        'says: RTNETLINK answers: Network is unreachable') in outcome.difference
    assert 'ip route del ADDRESS proto 12' in outcome.difference


def test_of_many_refused_routes_the_first_are_named():
    node = Node()
    node.of_bird = [OF_BIRD.format(last, 13) for last in range(2, 9)]
    node.refused = set('203.0.113.{}'.format(last) for last in range(2, 9))

    outcome, = outcomes(node, bgp_password='new')

    assert 'refuses 7 of them' in outcome.difference
    assert '203.0.113.6 via 192.0.2.13 dev br-mgmt and others.' in outcome.difference
    assert '203.0.113.7' not in outcome.difference


def test_a_route_that_is_gone_since_the_look_is_no_failure():
    """Its interface or its next hop went, and the kernel took it away as well."""
    node = Node()
    ip = node.programs['ip']

    def with_a_loss(argv, text):
        if '-batch' in argv and len(node.of_bird) == 2:
            node.refused = {'203.0.113.2'}
            del node.of_bird[0]
        return ip(argv, text)
    node.programs['ip'] = with_a_loss

    assert run(node, bgp_password='new') == [CHANGED]
    assert node.held == [OF_BIRD.format(3, 14)]


def test_a_route_that_has_come_since_the_look_is_held_too():
    node = Node()
    ip = node.programs['ip']

    def with_another(argv, text):
        if '-batch' in argv and len(node.of_bird) == 2:
            node.of_bird.append(OF_BIRD.format(4, 14))
        return ip(argv, text)
    node.programs['ip'] = with_another

    assert run(node, bgp_password='new') == [CHANGED]
    assert len(node.held) == 3


def test_a_run_killed_at_any_change_is_released_afterwards():
    """Nothing is held without the mark."""
    def hold_routes(system):
        return run(system, bgp_password='new')
    for whole, killed in at_every_change(Node, hold_routes):
        assert killed.held == whole.held and killed.exists(MARK)
        run(killed, release.resources)
        assert killed.held == [] and not killed.exists(MARK)

"""Routes stay while BGP sessions begin anew, until BIRD has its own again."""

from __future__ import unicode_literals

import pytest

from calico_fuel import __version__, render
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.resources.held_routes import MARK
from calico_fuel.tasks import cleanup, hold, remove
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import Entry, FakeSystem, UnknownCommand, bad, good

OF_BIRD = '203.0.113.{} via 192.0.2.{} dev br-mgmt'
TAP = '203.0.113.1 dev tap1 scope link'
CHANGES = ('bgp_password', 'new'), ('as_number', '64511'), ('bfd', True)


class Node(FakeSystem):
    """A compute with routes of BIRD, beside those of its own."""

    def __init__(self, dies_at=None, metric=''):
        super(Node, self).__init__(dies_at=dies_at)
        self.files[CONF] = Entry(conf(), 'bird:bird', 0o640)
        self.bird = Bird(self)
        self.bird.start()
        self.own = ['default via 192.0.2.1 dev br-mgmt', TAP]
        self.of_bird = [OF_BIRD.format(2, 13) + metric, OF_BIRD.format(3, 14) + metric]
        self.held = []
        self.looks = 0
        self.comes_back = None
        self.programs['ip'] = self.ip

    def ip(self, argv, text):
        if argv[1:] == ['-batch', '-']:
            self.about_to_change()
            for row in text.splitlines():
                assert row.startswith('route replace ')
                assert row.endswith(' proto 202 metric 20200')
                self.held.append(row[len('route replace '):].partition(' proto')[0])
            return good()
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


def run(system, resources=hold.resources, **settings):
    wanted = of(**dict(settings))
    return [o.state for o in converge(
        resources(wanted, wanted.this_node, system), system)]


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


def test_the_cleanup_waits_for_the_routes_of_bird():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird, node.looks, node.comes_back = [], 0, 20
    begin = node.clock

    assert CHANGED in run(node, cleanup.resources)

    assert node.held == [] and not node.exists(MARK)
    assert len(node.of_bird) == 2 and 5 < node.clock - begin < 40
    assert CHANGED not in run(node, cleanup.resources)


def test_a_workload_that_is_gone_is_not_waited_for_without_end():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird = node.of_bird[:1]

    run(node, cleanup.resources)

    assert node.held == []


def test_a_workload_that_came_here_needs_no_held_route():
    node = Node()
    run(node, bgp_password='new')
    node.of_bird, node.own = [], [TAP, '203.0.113.2 dev tap2 scope link',
                                  '203.0.113.3 dev tap3 scope link']
    begin = node.clock

    run(node, cleanup.resources)

    assert node.clock - begin < 2 and node.held == []


def test_routes_that_are_gone_with_a_reboot_are_no_fault():
    node = Node()
    run(node, bgp_password='new')
    node.held = []
    flush = node.programs['ip']
    node.programs['ip'] = lambda argv, text: bad('Nothing to flush.') if (
        'flush' in argv) else flush(argv, text)

    assert CHANGED in run(node, cleanup.resources)
    assert not node.exists(MARK)


def test_what_is_removed_holds_no_route():
    node = Node()
    run(node, bgp_password='new')

    assert [r.label for r in hold.released(node)] == ['no held routes']
    assert hold.released(Node()) == []
    wanted = of()
    node.programs['ovs-vsctl'] = None
    assert 'no held routes' in [r.label for r in remove.resources(
        wanted, wanted.this_node, node)]


def test_a_run_killed_at_any_change_is_released_by_the_cleanup():
    """Nothing is held without the mark."""
    def hold_routes(system):
        return run(system, bgp_password='new')
    for whole, killed in at_every_change(Node, hold_routes):
        assert killed.held == whole.held and killed.exists(MARK)
        run(killed, cleanup.resources)
        assert killed.held == [] and not killed.exists(MARK)

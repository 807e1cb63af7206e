"""What a compute announces is what its taps have, to each route reflector."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import exported, sessions
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem, good
from tests.unit.fake.verify_node import ESTABLISHED

ROUTES = '''\
default via 192.0.2.1 dev br-mgmt
192.0.2.0/24 dev br-mgmt proto kernel scope link src 192.0.2.13
203.0.113.21 dev tap21 scope link
203.0.113.22 dev tap22 scope link
203.0.113.31 via 192.0.2.14 dev br-mgmt proto bird
{}'''
ROW = '203.0.113.{}/32     dev tap{} [kernel1 2026-11-30 10:20:31] * (10)\n'


class Compute(FakeSystem):
    """node-3, with two instances; its BIRD announces ``given`` in each session."""

    def __init__(self, of):
        super(Compute, self).__init__()
        self.bird = Bird(self)
        self.bird.loaded = 'configuration'
        wanted = sessions.of(of, of.this_node)
        self.bird.sessions = ''.join(ESTABLISHED.format(one.name) for one in wanted)
        self.bird.exports = dict(
            (one.name, ROW.format(21, 21) + ROW.format(22, 22)) for one in wanted)
        self.more = ''
        self.programs['ip'] = lambda argv, text: good(ROUTES.format(self.more))


@pytest.fixture
def of():
    return environment(roles(2, 2), uid='3', workload_prefixes='203.0.113.0/24')


def seen(of, node):
    return [(one.subject, one.state, one.severity)
            for one in exported.of_node(of, of.this_node, node)]


def test_each_route_of_a_tap_is_announced_to_each_route_reflector(of):
    assert seen(of, Compute(of)) == [
        ('routes to 2 route reflectors', '2 routes of taps', 'good')]


def test_a_route_that_one_reflector_does_not_get_is_a_problem_with_its_name(of):
    node = Compute(of)
    node.bird.exports['reflector_node_2'] = ROW.format(21, 21)

    good, bad = exported.of_node(of, of.this_node, node)

    assert (good.code.name, good.subject) == (
        'EXPORT_DIFFERS', 'routes to 1 route reflector')
    assert (bad.code.name, bad.subject, bad.state) == (
        'EXPORT_DIFFERS', 'routes to node-2.example.com', '1 missing: 203.0.113.22')
    assert bad.is_problem and bad.expected == 'those of the taps'
    assert '"birdc show route export reflector_node_2"' in bad.fix


def test_one_that_no_tap_has_is_named_too(of):
    node = Compute(of)
    node.bird.exports['reflector_node_1'] = ROW.format(21, 21) + ROW.format(29, 29)

    assert seen(of, node)[1][:2] == (
        'routes to node-1.example.com',
        '1 missing: 203.0.113.22 and 1 on no tap: 203.0.113.29')


def test_an_address_that_no_node_accepts_is_not_missing(of):
    """It has a row of the instances; a reflector would refuse it anyway."""
    node = Compute(of)
    node.more = '198.51.100.7 dev tap7 scope link\n'

    assert seen(of, node)[0][1:] == ('2 routes of taps', 'good')


def test_a_compute_that_reflects_announces_what_others_have_too():
    of = environment([['primary-controller', 'compute'], ['controller'], ['compute']])

    assert seen(of, Compute(of)) == []


@pytest.mark.parametrize('change', [
    lambda node: setattr(node.bird, 'loaded', None),
    lambda node: setattr(node.bird, 'recovers', True),
    lambda node: setattr(node.bird, 'sessions', '')])
def test_without_a_session_there_is_nothing_to_compare(of, change):
    node = Compute(of)
    change(node)

    assert seen(of, node) == []

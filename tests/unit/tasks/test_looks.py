"""No look waits; those at a node without a part in Calico see that it has none."""

from __future__ import unicode_literals

import pytest

from calico_fuel.tasks import looks
from tests.unit.builders import environment
from tests.unit.fake.system import FakeSystem
from tests.unit.fake.verify_node import node_of


@pytest.mark.parametrize('look', [
    looks.at_sessions, looks.at_daemons, looks.at_what_stays, looks.at_routes])
@pytest.mark.parametrize('uid', ['1', '2'])
def test_a_look_at_a_node_that_has_failed_does_not_wait(look, uid):
    of, node = node_of(uid)
    node.bird.loaded = None
    node.keys.clear()
    node.servers[:] = []

    def wait(*_, **__):
        raise AssertionError('it waits')
    node.eventually = wait

    assert look(of, of.this_node, node) or look not in (
        looks.at_sessions, looks.at_daemons)


def test_a_node_with_another_role_has_no_part():
    of = environment([['primary-controller'], ['compute'], ['ceph-osd']], uid='3')

    found, = looks.without_part(of, of.this_node)

    assert found.is_good and 'nothing to check' in found.sentence
    assert looks.at_sessions(of, of.this_node, FakeSystem()) == []


def test_an_environment_that_cannot_have_calico_is_a_problem():
    of = environment([['compute']])

    assert set(one.code.name for one in looks.without_part(of, of.this_node)) == {
        'ENVIRONMENT_UNFIT'}

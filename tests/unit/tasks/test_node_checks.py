"""No check waits; a node without a part in Calico has none."""

from __future__ import unicode_literals

import pytest

from calico_fuel.tasks import node_checks
from tests.unit.builders import environment
from tests.unit.fake.system import FakeSystem
from tests.unit.fake.verify_node import node_of


@pytest.mark.parametrize('checks_of', [
    node_checks.of_sessions, node_checks.of_daemons, node_checks.of_what_stays,
    node_checks.of_routes])
@pytest.mark.parametrize('uid', ['1', '2'])
def test_no_check_of_a_node_that_has_failed_waits(checks_of, uid):
    of, node = node_of(uid)
    node.bird.loaded = None
    node.keys.clear()
    node.servers[:] = []

    def wait(*_, **__):
        raise AssertionError('it waits')
    node.eventually = wait

    assert checks_of(of, of.this_node, node) or checks_of not in (
        node_checks.of_sessions, node_checks.of_daemons)


def test_a_node_with_another_role_has_no_part():
    of = environment([['primary-controller'], ['compute'], ['ceph-osd']], uid='3')

    found, = node_checks.without_part(of, of.this_node)

    assert found.is_good and 'nothing to check' in found.sentence
    assert node_checks.of_sessions(of, of.this_node, FakeSystem()) == []


def test_an_environment_that_cannot_have_calico_is_a_problem():
    of = environment([['compute']])

    assert set(one.code.name for one in node_checks.without_part(of, of.this_node)) == {
        'ENVIRONMENT_UNFIT'}

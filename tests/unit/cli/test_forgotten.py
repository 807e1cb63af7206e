"""Nodes are ignored in one list, and in no other."""

from __future__ import unicode_literals

import pytest

from calico_fuel.cli import forgotten
from calico_fuel.errors import RoleError
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem

LIST, ANOTHER = 'nodes: []', 'nodes: [3]'


def test_several_nodes_are_ignored_until_another_list_comes():
    node = FakeSystem()
    forgotten.forget(node, {'3', 'node-3'}, LIST)
    forgotten.forget(node, {'etcd-9'}, LIST)

    assert forgotten.names_in(node, LIST) == {'3', 'node-3', 'etcd-9'}
    assert forgotten.names_in(node, ANOTHER) == frozenset()
    assert node.files[forgotten.PATH].mode == 0o600


@pytest.mark.parametrize('text', ['', '3', '3 4 5\n\n', 'x y\n'])
def test_a_broken_record_leaves_nobody_out(text):
    node = FakeSystem()
    node.write(forgotten.PATH, text)

    assert forgotten.names_in(node, LIST) == frozenset()


@pytest.mark.parametrize('name, names', [
    ('node-9', {'9', 'node-9'}), ('9', {'9', 'node-9'}),
    ('node-9.example.com', {'9', 'node-9'}), ('db-1', {'db-1'})])
def test_a_node_that_the_list_lacks_goes_by_its_number_or_its_host(name, names):
    assert forgotten.names_of(environment(roles(1, 2)), name, False) == names


@pytest.mark.parametrize('name, is_forced, words', [
    ('node-2', False, 'node-2 is in the list. .* add --force'),
    ('node-1', True, 'node-1 is this node. Run this on the others')])
def test_a_listed_node_needs_force_and_this_node_stays(name, is_forced, words):
    with pytest.raises(RoleError, match=words):
        forgotten.names_of(environment(roles(1, 2)), name, is_forced)


def test_who_is_ignored_is_told_and_this_node_never_is():
    left = forgotten.without(environment(roles(1, 2)), frozenset(
        ['1', '3', 'node-3']))

    assert [node.name for node in left.nodes] == ['node-1', 'node-2']
    assert [words.partition(',')[0] for words in left.warnings] == [
        'node-3 is ignored']

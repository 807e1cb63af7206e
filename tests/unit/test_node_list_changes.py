"""What a node remembers of its last list of nodes, in a file."""

from __future__ import unicode_literals

import pytest

from calico_fuel import forgotten
from calico_fuel import node_list
from calico_fuel.bgp import bird
from tests.unit.fake.remembering_node import (
    ROLES, WHOLE, WITHOUT_3, WITHOUT_4, Node)


def test_a_node_that_remembers_no_list_takes_that_of_its_metadata():
    node = Node()
    node.remove(node_list.PATH)

    assert node.kept(WITHOUT_4) == ['node-4']


def test_a_new_node_knows_no_neighbor_yet():
    node = Node('5')
    node.remove(node_list.PATH)
    node.remove(bird.BIRD_CONF)

    assert node.kept(WITHOUT_3) == []


def test_a_node_that_came_after_the_last_deployment_of_this_one_is_remembered():
    node = Node(metadata=dict((uid, ROLES[uid]) for uid in (1, 2, 3)))

    assert node.kept(WITHOUT_4) == ['node-4']


@pytest.mark.parametrize('text', [
    '', '{', '[]', '{"list": 1}', '{"list": "", "since": "", "is_sure": true, '
    '"kept": [], "nodes": []}', '{"list": "", "since": 1, "is_sure": true, '
    '"kept": [], "nodes": [[]]}'])
def test_a_memory_that_cannot_be_read_is_none(text):
    node = Node()
    node.write(node_list.PATH, text)

    assert node.kept(WITHOUT_4) == ['node-4']
    assert node.text(node_list.PATH) != text


def test_who_only_looks_writes_nothing_and_does_not_wait():
    node = Node()
    node.network.lose('client_node_4')
    before, begin = dict(node.files), node.clock

    assert node.kept(WITHOUT_4, is_run=False) == []

    assert node.files == before and node.clock - begin < 1


def test_a_second_run_writes_nothing():
    node = Node()
    node.complete(WITHOUT_4)
    changes = node.changes

    node.complete(WITHOUT_4)

    assert node.changes == changes


def test_who_was_forgotten_is_not_kept():
    node = Node()
    four = node.complete(WHOLE).node('4')
    forgotten.forget(node, four, WITHOUT_4)

    assert node.kept(WITHOUT_4) == []

"""What security groups allow between two instances is said in words."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.explained_node import (
    OTHER, OWN, PROFILE, Node, explained, last)

NAME = 'security groups'


def test_what_is_let_in_is_said_with_the_groups():
    assert last(Node('3'), OTHER)[:3] == (
        NAME, '', 'let in icmp from group web, tcp 3306-3307 from group web')
    assert last(Node('3'), OTHER, OWN)[:3] == (NAME, '', 'allow icmp, tcp 3306-3307')


def test_a_group_that_lets_no_ping_in_is_no_break_and_says_so():
    assert last(Node('4'), OWN, OTHER)[:3] == (
        NAME, '', 'allow tcp 80; no icmp, so no ping is answered')


@pytest.mark.parametrize('group, inbound, outbound', [
    ('db', [], [{'dst_net': '0.0.0.0/0'}]),
    ('db', [{'protocol': 'icmp', 'src_tag': 'openstack-sg-db'}], []),
    ('db', [{'src_net': '198.51.100.0/24'}], []),
    ('web', [], []),
    ('web', [], [{'protocol': 'udp', 'dst_net': '0.0.0.0/0'}]),
    ('web', [], [{'dst_net': '198.51.100.0/24'}]),
    ('web', [], [{'protocol': 'tcp', 'dst_ports': [22], 'dst_net': '0.0.0.0/0'}]),
])
def test_groups_that_allow_nothing_are_a_break(group, inbound, outbound):
    node = Node('3')
    node.allows(group, inbound, outbound)

    name, code, state, fix = last(node, OTHER, OWN)

    assert (name, code) == (NAME, 'GROUPS_REFUSE')
    assert state.startswith('allow nothing from {} (group web)'.format(OWN))
    assert 'neutron security-group-show db' in fix


def test_nothing_comes_in_without_a_rule_for_it():
    node = Node('3')
    node.allows('db', [])

    assert last(node, OTHER)[:3] == (NAME, 'GROUPS_REFUSE', 'let in nothing')


def test_a_group_that_etcd_lacks_lets_nothing_pass():
    node = Node('3')
    del node.keys[PROFILE.format('web', 'rules')]

    name, code, state, _ = last(node, OTHER, OWN)

    assert (name, code) == (NAME, 'GROUPS_REFUSE')
    assert state == OWN + ' has no rules in etcd of group web'


def test_a_port_without_a_group_gets_nothing():
    node = Node('3')
    node.binds(OTHER, 'node-4', 'db', profile_ids=[])

    assert last(node, OTHER)[:3] == (NAME, 'GROUPS_REFUSE', OTHER + ' has no group')


def test_rules_that_were_made_by_hand_are_counted_and_believed():
    node = Node('3')
    node.allows('db', [{'action': 'deny', 'src_net': '0.0.0.0/0'}])

    link = explained(node, OTHER, OWN)[-1]

    assert link.verdict == 'good' and '(and 1 rules made by hand)' in link.state

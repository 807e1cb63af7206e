"""Which links a node sees on the way to an instance, and which others see."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.instances_compute import LINK, OF_TAP, TAP
from tests.unit.fake.explained_node import (
    NOBODY, OTHER, OWN, PORTS, Node, explained, last, states)

FELIX = 'Felix'


def test_a_compute_sees_all_but_neutron_and_the_other_host():
    assert states(explained(Node('3'), OTHER)) == [
        ('endpoint in etcd', 'good', 'node-3'),
        ('port in Neutron', 'elsewhere', 'node-1'),
        ('instance CIDRs', 'good', 'node-3'),
        ('Felix', 'good', 'node-3'),
        ('tap', 'elsewhere', 'node-4'),
        ('route to the tap', 'elsewhere', 'node-4'),
        ('BIRD of its host', 'elsewhere', 'node-4'),
        ('route reflector node-1', 'good', 'node-3'),
        ('route reflector node-2', 'good', 'node-3'),
        ("BIRD of the sender's host", 'good', 'node-3'),
        ("kernel of the sender's host", 'good', 'node-3'),
        ('next hop', 'good', 'node-3'),
        ('security groups', 'good', 'node-3')]


def test_the_host_sees_its_tap_and_not_the_way_of_others():
    assert states(explained(Node('4'), OTHER)) == [
        ('endpoint in etcd', 'good', 'node-4'),
        ('port in Neutron', 'elsewhere', 'node-1'),
        ('instance CIDRs', 'good', 'node-4'),
        ('Felix', 'good', 'node-4'),
        ('tap', 'good', 'node-4'),
        ('route to the tap', 'good', 'node-4'),
        ('BIRD of its host', 'good', 'node-4'),
        ('sessions to reflectors', 'good', 'node-4'),
        ('route reflector node-1', 'elsewhere', 'node-1'),
        ('route reflector node-2', 'elsewhere', 'node-2'),
        ("BIRD of the sender's host", 'elsewhere', 'another compute'),
        ("kernel of the sender's host", 'elsewhere', 'another compute'),
        ('next hop', 'elsewhere', 'another compute'),
        ('security groups', 'good', 'node-4')]


def test_a_reflector_sees_the_port_and_what_it_has_itself():
    seen = states(explained(Node('1'), OWN, OTHER))

    assert ('port in Neutron (sender)', 'good', 'node-1') in seen
    assert ('port in Neutron', 'good', 'node-1') in seen
    assert ('route reflector node-1', 'good', 'node-1') in seen
    assert ('route reflector node-2', 'elsewhere', 'node-2') in seen
    assert ('next hop', 'elsewhere', 'node-4') in seen
    assert ('tap', 'elsewhere', 'node-3') in seen


def test_a_link_of_another_node_has_the_command_to_run_there():
    links = explained(Node('3'), OTHER, OWN)

    assert [link.fix for link in links if link.where == 'node-4'] == [
        'calico-fuel explain {} to {}'.format(OWN, OTHER)] * 3


@pytest.mark.parametrize('name', [OTHER, PORTS[OTHER], 'tap31'])
def test_an_address_a_port_and_a_tap_name_the_same_instance(name):
    links = explained(Node('3'), name)

    assert [link.verdict for link in links].count('good') == 9
    assert links[0].state == '{}, tap31 on node-4'.format(OTHER)


def test_two_instances_on_one_host_need_no_bgp():
    node = Node('3')
    node.binds(NOBODY, 'node-3', 'web', PORTS[OTHER].replace('3', '9'))
    node.links += LINK.format(99)
    node.routes += TAP.format(99)
    node.bird.routes += OF_TAP['1'].format(99)

    names = [link.name for link in explained(node, NOBODY, OWN)]

    assert names[-2:] == ['route', 'security groups']
    assert not any('route reflector' in name for name in names)


def test_nothing_follows_the_first_break():
    node = Node('3')
    node.set('/calico/v1/Ready', 'false')

    assert last(node, OTHER)[0] == FELIX
    assert last(node, OTHER, OWN)[0] == FELIX + ' (sender)'

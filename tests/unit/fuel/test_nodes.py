"""Fuel's lists become nodes, each once and with the address of its role."""

from __future__ import unicode_literals

import json
import random

import pytest

from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import MIXED
from tests.unit.builders import changed
from tests.unit.builders import environment
from tests.unit.builders import error_of
from tests.unit.builders import roles


def test_nodes_are_in_the_order_of_their_numbers():
    uids = [node.uid for node in environment(roles(3, 9)).nodes]

    assert uids == [str(number) for number in range(1, 13)]


@pytest.mark.parametrize('release', fuel_metadata.RELEASES)
def test_the_order_of_the_lists_changes_nothing(release):
    data = fuel_metadata.metadata(release, MIXED)
    random.Random(1).shuffle(data['nodes'])
    for node in data.get('network_metadata', {'nodes': {}})['nodes'].values():
        node['node_roles'].reverse()

    assert parse_environment(json.dumps(data)) == environment(MIXED, release)


def test_the_management_address_is_found_by_role_under_any_bridge_name():
    data = fuel_metadata.metadata('7.0', roles(), uid='2')
    scheme = data['network_scheme']
    scheme['endpoints']['br-bond7'] = scheme['endpoints'].pop('br-mgmt')
    scheme['roles'].update({'mgmt/vip': 'br-bond7', 'management': 'br-bond7'})
    for entry in data['nodes']:
        del entry['internal_address']
    del data['network_metadata']['nodes']['node-2']['network_roles']['mgmt/vip']
    del data['network_metadata']['nodes']['node-2']['network_roles']['management']

    assert parse_environment(json.dumps(data)).this_node.address == '192.0.2.12'


def test_a_management_role_on_another_network_beats_the_network_named_so():
    data = fuel_metadata.metadata('7.0', roles(), uid='2')
    for number, node in data['network_metadata']['nodes'].items():
        node['network_roles']['mgmt/vip'] = '192.0.2.2' + number[-1]
    data['network_scheme']['endpoints']['br-mgmt']['IP'] = ['192.0.2.22/24']

    assert [node.address for node in parse_environment(
        json.dumps(data)).nodes] == ['192.0.2.21', '192.0.2.22', '192.0.2.23']


@pytest.mark.parametrize('release', ['6.1', '7.0', '8.0'])
def test_nodes_yaml_replaces_the_list_of_nodes(release):
    parsed = parse_environment(
        fuel_metadata.text(release, roles(1, 2)),
        nodes_text=fuel_metadata.nodes_text(roles(1, 1, [['ceph-osd'], ['compute']])))

    assert [(node.uid, sorted(node.roles)) for node in parsed.nodes] == [
        ('1', ['primary-controller']), ('2', ['compute']), ('3', ['ceph-osd']),
        ('4', ['compute'])]
    assert parsed.nodes[3].address == '192.0.2.14'


def test_an_address_by_role_counts_while_nodes_yaml_says_nothing_new():
    data = fuel_metadata.metadata('7.0', roles())
    data['network_metadata']['nodes']['node-3']['network_roles'][
        'mgmt/vip'] = '192.0.2.33'

    parsed = parse_environment(json.dumps(data),
                               nodes_text=fuel_metadata.nodes_text(roles()))

    assert [node.address for node in parsed.nodes] == [
        '192.0.2.11', '192.0.2.12', '192.0.2.33']


def test_an_address_that_changed_since_astute_yaml_is_taken_from_nodes_yaml():
    fresh = json.loads(fuel_metadata.nodes_text(roles()))
    fresh['nodes'][2]['internal_address'] = '192.0.2.99'

    parsed = parse_environment(fuel_metadata.text('7.0', roles()),
                               nodes_text=json.dumps(fresh))

    assert parsed.node('3').address == '192.0.2.99'
    assert parsed.node('2').address == '192.0.2.12'


@pytest.mark.parametrize('text', ['{}', 'nodes: []', 'nodes: {}', 'nodes: 1'])
def test_a_nodes_yaml_without_nodes_is_refused(text):
    message = error_of(fuel_metadata.text('6.1', roles()), nodes_text=text,
                       nodes_source='/etc/hiera/nodes.yaml')

    assert message.startswith('/etc/hiera/nodes.yaml: nodes: lists no node')


def test_where_scheme_and_list_disagree_the_list_wins_with_a_warning():
    data = fuel_metadata.metadata('6.1', roles())
    data['network_scheme']['endpoints']['br-mgmt']['IP'] = ['192.0.2.77/24']

    parsed = parse_environment(json.dumps(data))

    assert parsed.this_node.address == '192.0.2.11'
    assert '192.0.2.77' in parsed.warnings[0]


@pytest.mark.parametrize('entry, key', [
    ({'role': 'compute'}, 'nodes[0].uid'),
    ({'role': 'compute', 'uid': 'two words'}, 'nodes[0].uid'),
    ({'role': 'compute', 'uid': '9' * 5000}, 'nodes[0].uid'),
    ({'role': 'compute', 'uid': '1\n'}, 'nodes[0].uid'),
    ({'role': 'compute', 'uid': '\u00b2'}, 'nodes[0].uid'),
    ({'role': 'compute', 'uid': '1', 'name': '../../etc'}, 'nodes[0].name'),
    ({'role': 'compute', 'uid': '1', 'name': 'a,b=c'}, 'nodes[0].name'),
    ({'role': 'compute', 'uid': '1', 'fqdn': 'a\n}'}, 'nodes[0].fqdn'),
    ({'role': 'compute', 'uid': {'bgp_password': 's3cret'}},
     'nodes[0].uid: "dict" is not'),
    ({'role': 'compute', 'uid': '1', 'name': ['s3cret']},
     'nodes[0].name: "list" is not'),
    ({'uid': '1'}, 'nodes[0]: node 1 has no "role"')])
def test_a_node_that_cannot_be_is_named_by_its_place(entry, key):
    assert key in error_of(changed(nodes=[entry]))


@pytest.mark.parametrize('key, words', [
    ('internal_address', 'nodes 2 and 3 have the same address 192.0.2.12'),
    ('name', 'nodes 2 and 3 have the same name node-2')])
def test_two_nodes_with_one_name_or_address_are_refused(key, words):
    data = fuel_metadata.metadata('6.1', roles())
    data['nodes'][2][key] = data['nodes'][1][key]

    assert words in error_of(json.dumps(data))


def test_a_node_of_network_metadata_without_uid_is_named():
    data = fuel_metadata.metadata('9.2', roles())
    del data['network_metadata']['nodes']['node-2']['uid']

    assert 'network_metadata.nodes.node-2.uid' in error_of(json.dumps(data))

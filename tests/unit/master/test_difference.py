"""What a deployment would change."""

from __future__ import unicode_literals

import pytest

from calico_fuel_master import difference
from tests.unit.builders import roles
from tests.unit.master.builders import environments

PEER = 'border-1 65010 198.51.100.200 hidden-word'


def test_the_same_facts_change_nothing():
    old, new = environments(), environments()

    assert difference.of_nodes(old, new) == []
    assert difference.of_settings(old, new) == []
    assert difference.of_sessions(old, new) == []


def test_nodes_that_come_go_or_get_another_role_are_named():
    before = roles(1, 2, [['calico-etcd'], ['cinder']])
    after = roles(1, 3, [['compute', 'cinder'], ['cinder']])

    lines = difference.of_nodes(environments(before), environments(after))

    assert 'node-6 (cinder) is new' in lines
    assert 'node-5: roles: cinder -> cinder compute' in lines
    assert 'etcd: node-4 is no member any more' in lines
    assert 'etcd: node-1 becomes a member' in lines
    assert 'node-6 (cinder) is gone' in difference.of_nodes(
        environments(after), environments(before))


def test_a_node_that_comes_begins_sessions_and_resets_none():
    lines = difference.of_sessions(
        environments(roles(2, 1)), environments(roles(2, 2)))

    assert lines == ['BGP sessions that begin: 2: node-1 - node-4, node-2 - node-4']
    assert difference.of_sessions(
        environments(roles(2, 2)), environments(roles(2, 1))) == [
        'BGP sessions that end: 2: node-1 - node-4, node-2 - node-4']


@pytest.mark.parametrize('changed, why', [
    ({'as_number': '64999'}, 'AS number'),
    ({'bgp_password': 'hidden-word'}, 'password')])
def test_another_as_number_or_password_resets_all_and_computes_pin_routes(
        changed, why):
    lines = difference.of_sessions(environments(roles(2, 1)),
                                   environments(roles(2, 1), **changed))

    assert lines == [
        'BGP sessions that are reset (another {}): 3: node-1 - node-2, '
        'node-1 - node-3, node-2 - node-3'.format(why), difference.PINS]


@pytest.mark.parametrize('changed', [
    {'workload_prefixes': '203.0.113.0/25'}, {'bfd': True}, {'route_limit': '9'}])
def test_what_bird_reads_without_a_reset_resets_no_session(changed):
    assert difference.of_sessions(environments(), environments(**changed)) == []


@pytest.mark.parametrize('options, why', [
    ('hops=1', 'hops'), ('hops=1 gtsm', 'hops'), ('local=65099', 'AS number')])
def test_an_option_of_an_external_peer_resets_its_session_alone(options, why):
    lines = difference.of_sessions(environments(external_peers=PEER), environments(
        external_peers=PEER + ' ' + options))

    assert lines[0] == (
        'BGP sessions that are reset (another {}): 3: border-1 - node-1, border-1 - '
        'node-2, border-1 - node-3'.format(why))


def test_another_limit_or_filter_of_an_external_peer_resets_nothing():
    assert difference.of_sessions(environments(external_peers=PEER), environments(
        external_peers=PEER + ' limit=5 export=workloads import=default')) == []


def test_a_setting_is_shown_with_both_values_and_a_password_with_none():
    lines = difference.of_settings(environments(), environments(
        as_number='64999', external_peers=PEER + ' limit=5', bgp_password='hidden-word',
        bfd=True,
        workload_gateway='203.0.113.1', calico_network_name='n',
        calico_network_cidr='203.0.113.0/25'))

    assert 'as_number: 64512 -> 64999' in lines
    assert 'bfd: off -> on' in lines
    assert 'workload_gateway: none -> 203.0.113.1' in lines
    assert 'calico_network: none -> n 203.0.113.0/25 203.0.113.1' in lines
    assert ('external_peers: none -> border-1 65010 198.51.100.200 ******** '
            'limit=5') in lines
    assert 'bgp_password: another password' in lines
    assert 'hidden-word' not in '\n'.join(lines)


def test_files_that_change_are_named_or_shown():
    old = {'node-1': {'/a': 'x\n', '/b': 'same\n'}, 'node-2': {'/a': 'x\n'}}
    new = {'node-1': {'/a': 'y\n', '/b': 'same\n'}, 'node-2': {'/c': 'new\n'}}

    assert difference.of_files(old, new, False) == [
        '/a: on node-1, node-2', '/c: on node-2']
    shown = difference.of_files(old, new, True)
    assert shown[0] == '---- /a on node-1' and '+y' in shown
    assert 'is needed no more' in shown and '+new' in shown

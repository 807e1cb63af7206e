"""The topology for people and for programs."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.cli import report
from calico_fuel.fuel import settings
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.fuel.secret import BGP
from lab.fuel import fuel_metadata
from tests.unit.builders import environment
from tests.unit.builders import roles

SECRETS = dict(bgp_password='s3cret',
               external_peers='border 65010 203.0.113.1 b0rder')


def test_the_table_tells_each_nodes_part(golden):
    golden('topology.txt', report.topology_table(environment(
        roles(2, 6, [['ceph-osd']]), '9.2', **SECRETS)))


def test_the_graph_has_each_session_once(golden):
    golden('topology.dot', report.topology_dot(environment(
        roles(2, 2, [['ceph-osd']]), **SECRETS)))


def test_json_tells_what_programs_ask_for():
    env = environment(roles(3, 2), **SECRETS)
    data = json.loads(report.topology_json(env))

    assert data['cluster_id'] == '0.0.0.7'
    assert [n['route_reflector'] for n in data['nodes']] == [True] * 3 + [False] * 2
    assert [n['etcd'] for n in data['nodes']] == ['member'] * 3 + ['proxy'] * 2
    assert data['nodes'][3]['sessions'][0]['address'] == '192.0.2.11'


def test_an_external_peer_is_shown_with_its_options():
    env = environment(roles(1, 1), external_peers=(
        'tor-1 65010 203.0.113.1 s3cret hops=1 gtsm from=192.0.2.12/32'))

    lines = report.topology_table(env).splitlines()

    assert lines[1] == ('External peer tor-1: AS 65010, 203.0.113.1, hops=1 gtsm '
                        'from=192.0.2.12/32')
    assert 'peers with node-1; announces to tor-1' in lines[-1]
    assert report.topology_data(env)['external_peers'][0]['options'] == (
        'hops=1 gtsm from=192.0.2.12/32')


def test_names_in_the_table_are_whole_where_they_have_a_dot():
    """Fuel 7.0 and later take any host name from the operator."""
    text = fuel_metadata.text('7.0', roles(1, 2))
    for old, new in ('node-2', 'rack1.a'), ('node-3', 'rack1.b'):
        text = text.replace(old, new)

    head, first = report.topology_table(parse_environment(text)).splitlines()[-4:-2]

    assert head.startswith('NODE') and 'reflects for rack1.a, rack1.b ' in first


def test_what_fuel_9_2_lists_as_roles_of_a_controller_are_tags():
    tags = ['rabbitmq', 'database', 'keystone', 'neutron']
    env = environment([['primary-controller'] + ['primary-' + tag for tag in tags],
                       ['controller'] + tags, ['compute', 'calico-rr']], '9.2')

    assert [node['roles'] for node in report.topology_data(env)['nodes']] == [
        ['primary-controller'], ['controller'], ['calico-rr', 'compute']]


def test_a_node_that_only_reflects_has_no_part_in_etcd():
    env = environment(roles(1, 1, [['calico-rr'], ['ceph-osd']]), '9.2')
    data = json.loads(report.topology_json(env))

    assert [n['etcd'] for n in data['nodes']] == ['member', 'proxy', None, None]


@pytest.mark.parametrize('setting, words', [
    ('', 'derived'), ('s3cret', 'set'), ('none', 'none')])
def test_it_is_told_where_the_bgp_password_is_from(setting, words):
    env = environment(bgp_password=setting)

    assert report.topology_data(env)['bgp_password'] == words
    assert ', BGP password {}\n'.format(words) in report.topology_table(env)
    for form in report.topology_table, report.topology_json, report.topology_dot:
        assert env.secret.key(BGP) not in form(env)


def test_no_report_holds_a_password():
    env = environment(roles(2, 2), **SECRETS)
    for form in report.topology_table, report.topology_json, report.topology_dot:
        assert 's3cret' not in form(env) and 'b0rder' not in form(env)


def test_every_setting_is_listed_with_its_label_and_meaning():
    """Messages name the key, and Fuel's page the label."""
    rows = report.settings_table().splitlines()[1:]

    for setting, row in zip(settings.SETTINGS, rows):
        key, label = row.split(None, 1)
        assert key == setting.key and label.startswith(setting.label + ' ')
        assert row.endswith(setting.meaning)
    assert len(rows) == len(settings.SETTINGS)

"""Profiles in etcd are read as the rules of security groups."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.calico import security_groups
from calico_fuel.calico.endpoints import Endpoint
from calico_fuel.etcd.client import Entry

WEB, DB = 'openstack-sg-web', 'openstack-sg-db'
ANY = {'ip_version': 4, 'dst_net': '0.0.0.0/0'}


def groups(inbound, outbound=(ANY,)):
    """WEB allows everything; DB has these rules."""
    found = []
    for name, rules in (WEB, {'outbound_rules': [ANY]}), (
            DB, {'inbound_rules': inbound, 'outbound_rules': list(outbound)}):
        key = security_groups.DIRECTORY + '/' + name
        found += [Entry(key, None, False),
                  Entry(key + '/rules', json.dumps(rules), False),
                  Entry(key + '/tags', json.dumps([name]), False)]
    return security_groups.groups(found)


def end(*profiles):
    return Endpoint(
        'node-3', 'p', 'tap1', (), profiles, True, '/k', frozenset(), True)


@pytest.mark.parametrize('rule, words', [
    ({}, 'everything from anywhere'),
    ({'protocol': 'icmp', 'src_net': '0.0.0.0/0'}, 'icmp from anywhere'),
    ({'protocol': 'icmp', 'icmp_type': 8, 'src_tag': WEB}, 'icmp from group web'),
    ({'protocol': 'tcp', 'dst_ports': [22], 'src_net': '10.0.0.0/8'},
     'tcp 22 from 10.0.0.0/8'),
    ({'protocol': 'udp', 'dst_ports': ['1:9', 53]}, 'udp 1-9 53 from anywhere'),
    ({'protocol': 6}, '6 from anywhere'),
    ({'ip_version': 6}, ''),
])
def test_a_rule_is_said_in_words(rule, words):
    found = groups([dict({'ip_version': 4}, **rule)])

    assert security_groups.admitted(found, end(DB)) == words


@pytest.mark.parametrize('inbound, outbound, both', [
    ({}, {}, ['everything']),
    ({'protocol': 'tcp'}, {}, ['tcp']),
    ({'protocol': 'tcp'}, {'protocol': 'udp'}, []),
    ({'protocol': 'tcp', 'dst_ports': [80]}, {'protocol': 'tcp'}, ['tcp 80']),
    ({'protocol': 'tcp', 'dst_ports': ['20:90']},
     {'protocol': 'tcp', 'dst_ports': ['80:443']}, ['tcp 80-90']),
    ({'protocol': 'tcp', 'dst_ports': [22]},
     {'protocol': 'tcp', 'dst_ports': [80]}, []),
    ({'src_tag': WEB}, {'dst_tag': DB}, ['everything']),
    ({'src_tag': DB}, {}, []),
    ({}, {'dst_tag': WEB}, []),
    ({'src_net': '10.65.0.0/24'}, {'dst_net': '10.65.1.0/24'}, ['everything']),
    ({'src_net': '10.66.0.0/24'}, {}, []),
    ({'src_net': 'nonsense'}, {}, []),
])
def test_packets_have_to_be_allowed_at_both_ends(inbound, outbound, both):
    found = groups([dict(inbound, ip_version=4)])
    key = security_groups.DIRECTORY + '/' + WEB + '/rules'
    found[WEB] = security_groups.groups([Entry(key, json.dumps(
        {'outbound_rules': [dict(outbound, ip_version=4)]}), False)])[WEB]._replace(
            tags=frozenset([WEB]))

    assert security_groups.allowed(
        found, (end(WEB), '10.65.0.12'), (end(DB), '10.65.1.31')) == both


@pytest.mark.parametrize('value', [
    '', '[]', '{"inbound_rules": 7}', '{"inbound_rules": ["x", {"dst_ports": ["x"]}]}',
    '{"inbound_rules": [{"dst_ports": 22}]}',
    '{"inbound_rules": [{"dst_ports": "80"}]}',
    '{"inbound_rules": [{"dst_ports": ["\\u00b2"]}]}'])
def test_what_nobody_of_ours_wrote_is_read_without_an_error(value):
    key = security_groups.DIRECTORY + '/p/'
    found = security_groups.groups([Entry(key + 'rules', value, False),
                                    Entry(key + 'tags', value, False)])

    security_groups.admitted(found, end('p', 'q'))
    assert security_groups.missing(found, end('p', 'q')) == ['q']

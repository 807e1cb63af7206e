"""Each break between Neutron and the host's BIRD is named, with its code."""

from __future__ import unicode_literals

import pytest

from calico_fuel.openstack.neutron import CREDENTIALS
from tests.unit.fake.instances_compute import STATIC, TAP
from tests.unit.fake.explained_node import (
    ENDPOINT, FELIX, NOBODY, OTHER, OWN, PORTS, Node, explained, last)

ETCD, PORT = 'endpoint in etcd', 'port in Neutron'
KEY = ENDPOINT.format('node-4', PORTS[OTHER])


def no_etcd(node):
    node.has_etcd = False


def no_endpoint(node):
    del node.keys[KEY]


def two_endpoints(node):
    node.binds(OTHER, 'node-3', 'web', PORTS[OWN].replace('2', '5'))


def off(node):
    node.binds(OTHER, 'node-4', 'db', state='inactive')


def without_ipv4(node):
    node.binds(OTHER, 'node-4', 'db', ipv4_nets=[])


def of_unknown_host(node):
    del node.keys[KEY]
    node.binds(OTHER, 'other', 'db')


def no_driver(node):
    node.set('/calico/v1/Ready', 'false')


def silent_felix(node):
    del node.keys[FELIX.format('node-4')]


def error_of_felix(node):
    node.set('/calico/felix/v1' + KEY[len('/calico/v1'):], '{"status": "error"}')


@pytest.mark.parametrize('break_it, name, code, words', [
    (no_etcd, ETCD, 'ETCD_DOWN', 'Run calico-fuel etcd'),
    (no_endpoint, ETCD, 'NO_ENDPOINT', '"neutron port-list | grep 203.0.113.31"'),
    (two_endpoints, ETCD, 'TWO_ENDPOINTS', 'Delete a port'),
    (off, ETCD, 'ENDPOINT_OFF', '"neutron port-update {} --admin-state-up'.format(
        PORTS[OTHER])),
    (no_driver, 'Felix', 'DRIVER_MISSING', 'calico-fuel neutron-server'),
    (silent_felix, 'Felix', 'FELIX_SILENT', 'service calico-felix restart'),
    (error_of_felix, 'Felix', 'FELIX_FAILS', '/var/log/calico/felix.log on node-4'),
])
@pytest.mark.parametrize('uid', '1234')
def test_a_break_in_etcd_is_named_on_every_node(uid, break_it, name, code, words):
    node = Node(uid)
    break_it(node)

    found = last(node, OTHER)

    assert found[:2] == (name, code)
    assert words in found[3]


def test_a_host_of_another_name_is_said_to_be_in_no_list():
    node, controller = Node('3'), Node('1')
    of_unknown_host(node)
    of_unknown_host(controller)

    name, code, state, fix = last(node, OTHER)

    assert (name, code) == ('Felix', 'NODE_NOT_LISTED')
    assert state == 'no node is called other'
    assert '"host" in /etc/nova/nova.conf' in fix
    assert last(controller, OTHER)[1] == 'PORT_ELSEWHERE'


def test_an_address_that_no_endpoint_has_is_said_so():
    assert last(Node('3'), NOBODY)[:3] == (ETCD, 'NO_ENDPOINT', 'none has ' + NOBODY)


def test_a_port_without_ipv4_address_has_no_way():
    node = Node('3')
    without_ipv4(node)

    assert last(node, PORTS[OTHER])[:3] == (ETCD, 'NO_ENDPOINT', 'has no IPv4 address')


def test_an_address_outside_of_the_instance_cidrs_is_refused_everywhere():
    name, code, state, fix = last(Node('3'), OTHER, workload_prefixes='10.65.0.0/16')

    assert (name, code) == ('instance CIDRs', 'OUTSIDE_CIDRS')
    assert state == OTHER + ' is outside of the instance CIDRs'
    assert 'workload_prefixes' in fix


@pytest.mark.parametrize('row, code, state', [
    (None, 'PORT_MISSING', 'there is no port ' + PORTS[OTHER]),
    ({'status': 'ACTIVE', 'binding:host_id': 'node-3'}, 'PORT_ELSEWHERE',
     'ACTIVE on node-3, and on node-4 in etcd'),
])
def test_neutron_and_etcd_are_compared(row, code, state):
    node = Node('1')
    node.neutron.objects['port'] = [dict(row, id=PORTS[OTHER])] if row else []

    assert last(node, OTHER)[:3] == (PORT, code, state)


def test_a_neutron_that_does_not_answer_breaks_nothing():
    node = Node('1')
    node.neutron.is_away = 1

    port, = [link for link in explained(node, OTHER) if link.name == PORT]

    assert port.verdict == 'elsewhere' and 'Connection to neutron failed' in port.state
    assert explained(node, OTHER)[-1].verdict == 'good'


def test_without_credentials_neutron_is_not_asked():
    node = Node('1')
    del node.files[CREDENTIALS]

    port, = [link for link in explained(node, OTHER) if link.name == PORT]

    assert (port.verdict, port.where) == ('elsewhere', 'node-2')


TAP_LINK, ROUTE, BIRD = 'tap', 'route to the tap', 'BIRD of its host'


@pytest.mark.parametrize('old, new, name, code, fix', [
    ('tap31: ', 'was: ', TAP_LINK, 'NO_TAP', 'nova reboot --hard'),
    ('MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo', 'MULTICAST> mtu 1500 qdisc pfifo',
     TAP_LINK, 'TAP_DOWN', 'ip link set tap31 up'),
    (TAP.format(31), '', ROUTE, 'TAP_ROUTE_MISSING',
     'ip route replace 203.0.113.31 dev tap31'),
    ('203.0.113.31/32 ', '203.0.113.77/32 ', BIRD, 'NOT_ANNOUNCED',
     'birdc enable kernel1'),
    ('203.0.113.31/32    dev tap31', STATIC['1'].format(OTHER) + '          dev tap31',
     BIRD, 'ROUTE_OVERRIDDEN', '/etc/bird/local.d'),
    ('Established', 'Connect', 'sessions to reflectors', 'BGP_DOWN', 'TCP port 179'),
])
def test_a_break_on_the_host_is_named_there(old, new, name, code, fix):
    node = Node('4')
    node.replace(old, new)

    found = last(node, OTHER)

    assert found[:2] == (name, code)
    assert fix in found[3]


def test_one_session_of_the_host_is_enough():
    node = Node('4')
    node.bird.sessions = node.bird.sessions.replace('Established', 'Connect', 1)

    link, = [one for one in explained(node, OTHER) if one.name.startswith('sessions')]

    assert (link.verdict, link.state) == (
        'good', 'Established with node-2.example.com')

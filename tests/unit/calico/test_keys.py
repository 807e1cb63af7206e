"""Where workloads are and which hosts report, by Calico's keys in etcd."""

from __future__ import unicode_literals

import pytest

from calico_fuel.calico import keys
from calico_fuel.errors import NodeError
from tests.unit.builders import environment
from tests.unit.fake import etcd_keys
from tests.unit.fake.system import FakeSystem, good

ENDPOINT = '/calico/v1/host/node-2/workload/openstack/vm/endpoint/port'


@pytest.fixture
def system():
    system = FakeSystem()
    system.programs['ip'] = lambda argv, text: good(
        'default via 192.0.2.1 dev br-ex\n203.0.113.9 dev tap9 scope link\n')
    stored = {
        ENDPOINT: ('{"ipv4_nets": ["203.0.113.7/32"], "ipv4_gateway": "203.0.113.1"}',
                   None),
        keys.STATUS_KEY.format('node-2'): ('{}', None), keys.READY_KEY: ('true', None)}
    system.servers.append(lambda method, url, body: etcd_keys.answer(
        stored, True, system.clock, method, url, body))
    return system


def test_a_workload_is_on_a_tap_of_this_node_or_on_a_host(system):
    assert keys.places(system, (keys.HOSTS,)) == {
        '203.0.113.7': 'host node-2', '203.0.113.9': 'tap9 of this node'}


def test_without_etcd_the_workloads_of_this_node_are_known(system):
    del system.servers[:]

    assert keys.places(system, (keys.HOSTS,)) == {'203.0.113.9': 'tap9 of this node'}
    assert keys.about_itself(system) is None
    with pytest.raises(NodeError) as error:
        keys.reporting(system)
    assert 'Run calico-fuel etcd, then this again' in error.value.args[0]


def test_a_floating_address_is_at_the_host_of_its_port(system):
    stored = {ENDPOINT: (
        '{"ipv4_nets": ["203.0.113.7/32"], "ipv4_nat": [{"int_ip": "203.0.113.7", '
        '"ext_ip": "198.51.100.64"}]}', None)}
    system.servers.insert(0, lambda method, url, body: etcd_keys.answer(
        stored, True, system.clock, method, url, body))

    assert keys.places(system, (keys.HOSTS,))['198.51.100.64'] == 'host node-2'


@pytest.mark.parametrize('nets', [
    '["999.0.113.8/32"]', '[8]', 'null', '"x"', '[',
    '["203.0.113.7/32"], "ipv4_nat": [{}]'])
def test_addresses_that_the_driver_does_not_write_are_nobodys(system, nets):
    stored = {ENDPOINT: ('{"ipv4_nets": ' + nets + '}', None)}
    system.servers.insert(0, lambda method, url, body: etcd_keys.answer(
        stored, True, system.clock, method, url, body))

    assert keys.places(system, (keys.HOSTS,)) == {'203.0.113.9': 'tap9 of this node'}


def test_the_active_endpoints_of_a_host_are_those_under_either_of_its_names(system):
    node = environment(uid='2').this_node
    text = '{{"state": "{}", "name": "{}", "ipv4_nets": ["203.0.113.7/32"]}}'
    stored = dict((ENDPOINT.replace('node-2', host), (text.format(state, tap), None))
                  for host, state, tap in (
                      ('node-2', 'active', 'tap1'), ('node-3', 'active', 'tap3'),
                      ('node-2.example.com', 'active', 'tap2')))
    stored[ENDPOINT + '-off'] = text.format('inactive', 'tap4'), None
    system.servers.insert(0, lambda method, url, body: etcd_keys.answer(
        stored, True, system.clock, method, url, body))

    assert keys.instances(system, node) == [
        ('tap1', ['203.0.113.7']), ('tap2', ['203.0.113.7'])]


def test_hosts_whose_felix_reports_and_what_calico_says_of_itself_are_read(system):
    assert keys.reporting(system) == ['node-2']
    assert keys.about_itself(system) == {
        keys.STATUS_KEY.format('node-2'): '{}', keys.READY_KEY: 'true'}


def test_nova_may_call_a_host_by_either_name():
    assert keys.of_host(environment().node('2')) == (
        '/calico/v1/host/node-2', '/calico/v1/host/node-2.example.com')

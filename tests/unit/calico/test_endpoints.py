"""The endpoint that an operator names is found among those in etcd."""

from __future__ import unicode_literals

import pytest

from calico_fuel.calico import endpoints
from calico_fuel.etcd.client import Entry
from tests.unit.builders import environment
from tests.unit.fake import etcd_keys
from tests.unit.fake.system import FakeSystem

PORT = '4f2a1c33-0d5e-4a0e-9a57-5a1c0e0f3b11'
KEY = '/calico/v1/host/{}/workload/openstack/vm/endpoint/{}'


def found(*values):
    return endpoints.endpoints([Entry(key, value, False) for key, value in values])


def test_an_endpoint_has_what_the_driver_wrote():
    one, = found((KEY.format('node-5', PORT), (
        '{"state": "active", "name": "tap4f2a1c33-0d", "profile_ids": ["a", "b"], '
        '"ipv4_nets": ["10.65.0.31/32", "10.65.1.31/32"], "ipv4_nat": [{"int_ip": '
        '"10.65.0.31", "ext_ip": "198.51.100.64"}]}')), ('/calico/v1/x', '{}'))

    assert one[:6] == (
        'node-5', PORT, 'tap4f2a1c33-0d', ('10.65.0.31', '10.65.1.31', '198.51.100.64'),
        ('a', 'b'), True)
    assert one.status_key == '/calico/felix/v1/host/node-5/workload/openstack/vm/' \
        'endpoint/' + PORT
    for name in PORT, 'tap4f2a1c33-0d', '10.65.0.31', '198.51.100.64':
        assert endpoints.named([one], name) == (one,)
    assert endpoints.named([one], '10.65.0.3') == ()


@pytest.mark.parametrize('value', [
    '', 'x', '[]', '{"ipv4_nets": 7, "profile_ids": 7, "name": []}',
    '{"ipv4_nets": ["x"]}', '{"ipv4_nets": [8]}', '{"ipv4_nets": null}',
    '{"ipv4_nets": ["999.0.113.8/32"]}', '[', '{"ipv4_nat": [{}]}'])
def test_an_endpoint_that_somebody_else_wrote_has_less(value):
    one, = found((KEY.format('node-5', 'p'), value))

    assert one[1:6] == ('p', '', (), (), False) and not one.is_readable


def test_the_instances_of_a_host_are_the_active_ones_under_either_of_its_names():
    text = '{{"state": "{}", "name": "{}", "ipv4_nets": ["203.0.113.7/32"]}}'
    stored = dict((KEY.format(host, tap), (text.format(state, tap), None))
                  for host, state, tap in (
                      ('node-2', 'active', 'tap1'), ('node-3', 'active', 'tap3'),
                      ('node-2', 'inactive', 'tap4'), ('node-2', 'active', ''),
                      ('node-2.example.com', 'active', 'tap2')))
    system = FakeSystem()
    etcd_keys.serve(system, stored)

    assert [(one.tap, one.addresses) for one in endpoints.instances(
        system, environment(uid='2').this_node)] == [
            ('tap1', ('203.0.113.7',)), ('tap2', ('203.0.113.7',))]


@pytest.mark.parametrize('name, word', [
    ('010.065.0.31', None), ('10.65.0.31', '10.65.0.31'), (PORT.upper(), PORT),
    ('tap4f2a1c33-0d', 'tap4f2a1c33-0d'), ('tap', None), ('tap;rm', None),
    ('fd00::1', None), ('', None), ('web', None), ('10.65.0.0/24', None)])
def test_a_name_has_one_spelling_or_is_refused(name, word):
    if word:
        assert endpoints.word(name) == word
        return
    with pytest.raises(ValueError) as error:
        endpoints.word(name)
    assert 'neither an IPv4 address' in '{}'.format(error.value)

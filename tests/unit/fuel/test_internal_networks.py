"""Which of the own networks no instance may reach."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import roles

MANAGEMENT, STORAGE, ADMIN = '192.0.2.0/24', '198.51.100.128/26', '198.51.100.192/26'


def internal(data):
    return [str(prefix) for prefix in parse_environment(json.dumps(data)).internal]


@pytest.mark.parametrize('uid', ['1', '2'])
@pytest.mark.parametrize('public_to_all', [True, False])
@pytest.mark.parametrize('release', fuel_metadata.RELEASES)
def test_all_networks_of_fuel_are_internal_but_the_public_one(
        release, public_to_all, uid):
    data = fuel_metadata.metadata(release, roles(), uid, public_to_all)

    assert internal(data) == [MANAGEMENT, STORAGE, ADMIN]


def test_the_networks_of_other_racks_are_divided_in_the_same_way():
    data = fuel_metadata.metadata('8.0', roles(), uid='1')
    for bridge, network in ('br-mgmt', '10.9.1.0/24'), ('br-ex', '10.9.2.0/24'):
        data['network_scheme']['endpoints'][bridge]['routes'] = [
            {'net': network, 'via': '192.0.2.1'}]
    data['network_metadata']['nodes']['node-3']['network_roles'].update({
        'ex': '10.9.3.3', 'ceph/radosgw': '10.9.3.3', 'storage': '10.9.4.3'})

    found = internal(data)

    assert '10.9.1.0/24' in found and '10.9.4.3/32' in found
    assert '10.9.2.0/24' not in found and '10.9.3.3/32' not in found


@pytest.mark.parametrize('key, name, is_internal', [
    ('master_ip', None, True), ('management_vip', None, True),
    ('public_vip', None, False), ('public_vrouter_vip', None, False),
    (None, 'vrouter_pub', False), (None, 'mgmt/vip', True),
    (None, 'public/vip', False)])
def test_the_fuel_master_and_vips_outside_of_every_network(key, name, is_internal):
    data = fuel_metadata.metadata('6.1' if key else '9.2', roles(), uid='2')
    if key:
        data[key] = '10.9.9.9'
    else:
        data['network_metadata']['vips'][name] = {
            'ipaddr': '10.9.9.9', 'network_role': name}

    assert ('10.9.9.9/32' in internal(data)) == is_internal


def test_a_network_that_is_public_and_internal_is_internal():
    """A network template may put all roles on one network."""
    data = fuel_metadata.metadata('9.2', roles(), uid='2')
    data['network_scheme']['roles'].update({'ex': 'br-mgmt', 'public/vip': 'br-mgmt'})
    for node in data['network_metadata']['nodes'].values():
        node['network_roles'].update({'ex': node['network_roles']['management']})

    assert internal(data) == [MANAGEMENT, STORAGE, ADMIN]


@pytest.mark.parametrize('odd', [None, [], 'text', {'a': None}, [{'a': []}]])
@pytest.mark.parametrize('key', ['vips', 'roles', 'endpoints'])
def test_odd_metadata_closes_what_is_left(key, odd):
    data = fuel_metadata.metadata('9.2', roles(), uid='2')
    where = 'network_metadata' if key == 'vips' else 'network_scheme'
    data[where][key] = odd

    assert STORAGE in internal(data)

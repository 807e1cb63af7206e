"""What is the deployment's own, and what of it workloads may have."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import roles


def test_networks_of_other_racks_are_own_networks():
    data = fuel_metadata.metadata('8.0', roles())
    data['network_scheme']['endpoints']['br-mgmt']['routes'] = [
        {'net': '192.0.3.0/24', 'via': '192.0.2.1'},
        {'net': '0.0.0.0/0', 'via': '192.0.2.1'}]

    networks = own(data)

    assert '192.0.2.0/23' not in networks and '192.0.3.0/24' in networks
    assert '0.0.0.0/0' not in networks


def test_a_node_outside_of_every_known_network_is_protected_by_its_address():
    data = fuel_metadata.metadata('9.2', roles())
    data['network_metadata']['nodes']['node-3']['network_roles'][
        'ironic/baremetal'] = '10.9.9.9'

    assert '10.9.9.9/32' in own(data)


@pytest.mark.parametrize('netmask, network', [
    ('255.255.255.0', '10.9.9.0/24'), (None, '10.9.9.9/32')])
def test_the_network_of_a_listed_node_is_an_own_network(netmask, network):
    data = fuel_metadata.metadata('6.1', roles())
    data['nodes'][2].update(private_address='10.9.9.9', private_netmask=netmask)

    assert network in own(data)


def test_a_floating_range_ends_where_its_subnet_ends():
    data = fuel_metadata.metadata('6.1', roles())
    external = data['quantum_settings']['predefined_networks']['net04_ext']
    external['L3']['floating'] = '192.0.2.0:198.51.100.255'

    floating = parse_environment(json.dumps(data)).floating

    assert not any(prefix.first < 0xC6336400 for prefix in floating)
    assert not any(prefix.last > 0xC633647F for prefix in floating)


def test_an_address_in_use_is_not_floating():
    data = fuel_metadata.metadata('6.1', roles(), uid='1')
    data['public_vip'] = '198.51.100.70'

    floating = parse_environment(json.dumps(data)).floating

    assert not any(0xC6336446 in prefix for prefix in floating)
    assert any(0xC6336447 in prefix for prefix in floating)


@pytest.mark.parametrize('key', [
    'management_network_range', 'storage_network_range'])
def test_the_ranges_that_fuel_names_are_own_networks(key):
    data = fuel_metadata.metadata('6.1', roles())
    data[key] = '10.9.0.0/16'

    assert '10.9.0.0/16' in own(data)


def test_the_subnet_of_the_external_network_is_an_own_network():
    data = fuel_metadata.metadata('6.1', roles())
    data['quantum_settings']['predefined_networks']['net04_ext']['L3'][
        'subnet'] = '10.9.0.0/16'

    assert '10.9.0.0/16' in own(data)


@pytest.mark.parametrize('key', ['master_ip', 'public_vip'])
def test_the_fuel_master_and_the_vips_are_protected_by_their_addresses(key):
    data = fuel_metadata.metadata('6.1', roles())
    data[key] = '10.9.9.9'

    assert '10.9.9.9/32' in own(data)


def test_a_gateway_is_protected_by_its_address():
    data = fuel_metadata.metadata('6.1', roles())
    data['network_scheme']['endpoints']['br-ex']['gateway'] = '10.9.9.9'

    assert '10.9.9.9/32' in own(data)


def test_the_networks_of_nodes_that_only_nodes_yaml_knows_are_own_networks():
    fresh = json.loads(fuel_metadata.nodes_text(roles(1, 3)))
    fresh['nodes'][-1]['storage_address'] = '10.9.9.9'

    assert '10.9.9.0/26' in own(
        fuel_metadata.metadata('6.1', roles()), nodes_text=json.dumps(fresh))


def own(data, **kwargs):
    return [str(prefix) for prefix in parse_environment(
        json.dumps(data), **kwargs).networks]

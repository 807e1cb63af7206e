"""The MTU of an interface is found wherever Fuel writes it."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.fuel import mtu
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles
from tests.unit.fuel.test_settings import parse, problems

BRIDGE = {'action': 'add-br', 'name': 'br-mgmt'}
VLAN = {'action': 'add-port', 'name': 'eth0.101', 'bridge': 'br-mgmt'}
BOND = {'action': 'add-bond', 'name': 'bond0', 'interfaces': ['eth0', 'eth1'],
        'bond_properties': {'mode': 'active-backup'}}
OF_BOND = dict(VLAN, name='bond0.101')
# Nailgun's, whose MTU is that of a pair of ports of Open vSwitch.
PATCH = {'action': 'add-patch', 'bridges': ['br-prv', 'br-mgmt'], 'mtu': '65000'}
AUX = [{'action': 'add-br', 'name': 'br-aux'},
       {'action': 'add-patch', 'bridges': ['br-mgmt', 'br-aux'], 'mtu': '65000'},
       {'action': 'add-port', 'name': 'eth0', 'bridge': 'br-aux'}]


def found(transformations, **nics):
    return mtu.of_interface({
        'transformations': transformations, 'interfaces': dict(
            (name, {'mtu': number}) for name, number in nics.items())}, 'br-mgmt')


@pytest.mark.parametrize('transformations, nics, expected', [
    # As Nailgun 6.1 to 9.2 write it: to a NIC, or to a bond and to its slaves.
    ([BRIDGE, VLAN], {}, 1500),
    ([BRIDGE, VLAN], {'eth0': '9000'}, 9000),
    ([BRIDGE, VLAN], {'eth0': '1400'}, 1400),
    ([BRIDGE, VLAN], {'eth1': '9000'}, 1500),
    ([BRIDGE, dict(VLAN, name='eth0')], {'eth0': '9000'}, 9000),
    ([BRIDGE, OF_BOND, dict(BOND, mtu='9000')], {}, 9000),
    ([BRIDGE, OF_BOND, dict(BOND, interface_properties={'mtu': '9000'})], {}, 9000),
    ([BRIDGE, dict(BOND, bridge='br-mgmt', mtu='9000')], {}, 9000),
    ([BRIDGE, OF_BOND, BOND], {'eth0': '9000', 'eth1': '9000'}, 9000),
    ([BRIDGE, OF_BOND, BOND], {'eth0': '9000'}, 1500),
    ([BRIDGE, VLAN, PATCH], {'eth0': '9000'}, 9000),
    ([BRIDGE, VLAN, PATCH], {}, 1500),
    # As an operator's network template can have it.
    ([dict(BRIDGE, mtu='4000'), VLAN], {'eth0': '9000'}, 4000),
    ([BRIDGE, dict(VLAN, mtu='4000')], {'eth0': '9000'}, 4000),
    ([BRIDGE, dict(VLAN, name='mgmt', vlandev='eth0')], {'eth0': '9000'}, 9000),
    ([BRIDGE] + AUX, {'eth0': '9000'}, 9000),
    ([BRIDGE, VLAN, dict(VLAN, name='eth1.101')], {'eth0': '9000', 'eth1': '4000'},
     4000),
    ([BRIDGE, VLAN, dict(VLAN, name='eth1.101')], {'eth0': '9000'}, 1500),
    # What makes no sense.
    ([BRIDGE, VLAN], {'eth0': 'many'}, 1500), ([BRIDGE, VLAN], {'eth0': None}, 1500),
    ([BRIDGE, VLAN], {'eth0': '-9000'}, 1500), ([], {}, 1500), (None, {}, 1500),
    ([dict(BRIDGE, bridge='br-mgmt'), None, 'x', {'bridges': 7}], {}, 1500)])
def test_the_least_mtu_below_a_bridge_counts(transformations, nics, expected):
    assert found(transformations, **nics) == expected


@pytest.mark.parametrize('release', ['6.1', '9.2'])
@pytest.mark.parametrize('instance_mtu, expected', [('', 9000), ('1400', 1400)])
def test_instances_have_the_mtu_of_the_management_network_or_a_smaller_one(
        release, instance_mtu, expected):
    data = fuel_metadata.metadata(release, roles(), '2', instance_mtu=instance_mtu)
    scheme = data['network_scheme']
    scheme['transformations'].append(VLAN)
    scheme['interfaces']['eth0'] = {'mtu': 9000}

    of = parse_environment(json.dumps(data))

    assert (of.this.management_mtu, of.instance_mtu) == (9000, expected)


def test_without_a_word_of_fuel_it_is_that_of_ethernet():
    assert environment().instance_mtu == 1500


@pytest.mark.parametrize('value, number', [
    ('', None), (' ', None), ('1280', 1280), (' 9000 ', 9000), ('9216', 9216)])
def test_an_mtu_that_networks_have_is_taken(value, number):
    assert parse(instance_mtu=value).instance_mtu == number


@pytest.mark.parametrize('value', [
    '0', '1279', '9217', '65000', '-1500', '1500.0', '9k', '1500\n1500', True,
    ['1500']])
def test_what_is_no_mtu_is_refused(value):
    assert 'is not an MTU: write a whole number from 1280 to 9216, such as 9000' in (
        problems(instance_mtu=value))

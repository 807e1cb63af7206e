"""What Fuel says of Neutron: the network of floating IPs."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.fuel.model import FloatingNetwork
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles

WHOLE = FloatingNetwork('admin_floating_net', '198.51.100.0/25', '198.51.100.1', (
    ('198.51.100.64', '198.51.100.126'),))


def network(release='9.2', name=None, **values):
    """The network of floating IPs, with other *values* of its L3 settings."""
    data = fuel_metadata.metadata(release, roles())
    quantum = data['quantum_settings']
    quantum['predefined_networks'].get('admin_floating_net', {}).get(
        'L3', {}).update(values)
    if name:
        quantum['default_floating_net'] = name
        quantum['predefined_networks'][name] = quantum['predefined_networks'].pop(
            'admin_floating_net')
    return parse_environment(json.dumps(data)).neutron.floating_network


@pytest.mark.parametrize('release', ['8.0', '9.0', '9.1', '9.2'])
def test_from_fuel_8_on_metadata_names_the_network_of_floating_ips(release):
    """The range is a text in 8.0, and a list in 9."""
    assert network(release) == WHOLE
    assert environment(release=release).neutron.floating_network == WHOLE


@pytest.mark.parametrize('release', ['6.1', '7.0'])
def test_older_releases_have_none(release):
    assert network(release) is None


def test_several_ranges_are_several_pools():
    found = network(floating=['198.51.100.64:198.51.100.70',
                              '198.51.100.80:198.51.100.90'])

    assert found.pools == (('198.51.100.64', '198.51.100.70'),
                           ('198.51.100.80', '198.51.100.90'))


@pytest.mark.parametrize('values', [
    {'floating': []}, {'floating': None}, {'floating': ['198.51.100.64']},
    {'floating': ['a:b']}, {'floating': ['198.51.100.64:198.51.100.70:1']},
    {'subnet': 'x'}, {'subnet': None}, {'gateway': ''}, {'name': '--shared'}])
def test_a_network_without_a_usable_range_is_none(values):
    """Without a pool Neutron would give away every address of the public network."""
    assert network(**values) is None

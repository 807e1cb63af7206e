"""The metadata of every Fuel release becomes one model."""

from __future__ import unicode_literals

import json

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.errors import CalicoFuelError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import MIXED
from tests.unit.builders import changed
from tests.unit.builders import environment
from tests.unit.builders import error_of
from tests.unit.builders import roles


@pytest.mark.parametrize('release, openstack', [
    ('6.1', 'juno'), ('7.0', 'kilo'), ('8.0', 'liberty'), ('9.0', 'mitaka'),
    ('9.2', 'mitaka')])
def test_every_release_gives_the_same_model(release, openstack):
    parsed = environment(MIXED, release, uid='2')

    assert parsed.id == 7
    assert parsed.fuel_release == release
    assert parsed.openstack_release == openstack
    assert parsed.this_node.name == 'node-2'
    assert [(node.uid, sorted(node.roles), node.address)
            for node in parsed.nodes] == [
        ('1', ['cinder', 'primary-controller'], '192.0.2.11'),
        ('2', ['compute'], '192.0.2.12'),
        ('3', ['mongo'], '192.0.2.13'),
        ('4', ['ceph-osd', 'compute'], '192.0.2.14')]
    assert [str(prefix) for prefix in parsed.networks] == [
        '192.0.2.0/24', '198.51.100.0/25', '198.51.100.128/26',
        '198.51.100.192/26']
    assert str(parsed.floating[0]) == '198.51.100.64/27'
    assert parsed.vips['management'] == '192.0.2.2'
    assert parsed.vips['public'] == '198.51.100.2'
    assert parsed.neutron.is_used
    assert parsed.warnings == ()


@pytest.mark.parametrize('key', [
    'uid', 'fuel_version', 'openstack_version', 'deployment_id'])
def test_metadata_without_a_needed_key_names_file_key_and_cure(key):
    message = error_of(changed(drop=[key]), source='/etc/astute.yaml')

    assert message.startswith('/etc/astute.yaml: {}: '.format(key))
    assert 'Take the file as Fuel wrote it' in message


@pytest.mark.parametrize('value', [[1], {'a': 1}, True])
def test_a_key_of_another_type_is_told_as_such(value):
    assert 'openstack_version: must be text, not {}'.format(
        type(value).__name__) in error_of(changed(openstack_version=value))


def test_metadata_without_nodes_is_refused():
    assert 'nodes: lists no node' in error_of(changed(drop=['nodes']))


@pytest.mark.parametrize('number', [
    '0', '9' * 5000, '-1', 'one', '\u00b2', '4294967296', [1]])
def test_what_is_no_environment_number_is_refused(number):
    assert 'deployment_id: ' in error_of(changed(deployment_id=number))


def test_an_unknown_openstack_release_names_those_that_work():
    message = error_of(changed(openstack_version='newton-10.0'))

    assert '"newton-10.0"' in message and 'mitaka' in message


@pytest.mark.parametrize('section, warning', [
    (None, 'not known'),
    ({'metadata': {'enabled': False}, 'as_number': '64512'}, 'switched off')])
def test_a_plugin_that_is_off_is_told(section, warning):
    parsed = parse_environment(changed(**{'calico-fuel-plugin': section}))

    assert warning in parsed.warnings[0]


def test_a_key_that_is_no_setting_is_told():
    section = fuel_metadata.metadata('6.1', roles())['calico-fuel-plugin']

    parsed = parse_environment(changed(
        **{'calico-fuel-plugin': dict(section, enable_ipv6=False)}))

    assert parsed.warnings == (
        'calico-fuel-plugin: enable_ipv6: is no setting of this version, and is '
        'ignored: if you wrote it, remove it',)


@pytest.mark.parametrize('release', fuel_metadata.RELEASES)
def test_what_the_wizard_was_told_is_seen(release):
    parsed = environment(MIXED, release)

    assert parsed.neutron.segmentation == 'vlan'
    assert parsed.public_network_on_all_nodes is False
    assert parsed.this.management_interface == 'br-mgmt'
    assert parsed.deployed_before is False


def test_what_metadata_does_not_tell_is_not_made_up():
    parsed = parse_environment(changed(drop=[
        'quantum_settings', 'public_network_assignment', 'network_scheme']))

    assert parsed.neutron.segmentation is None
    assert parsed.public_network_on_all_nodes is None
    assert parsed.this.management_interface is None


@pytest.mark.parametrize('told, value', [
    ({'value': True}, True), ({'value': False}, False), (None, False), (True, False)])
def test_a_node_that_was_deployed_before_is_seen(told, value):
    """Fuel 8.0 and later tell."""
    assert parse_environment(changed(deployed_before=told)).deployed_before is value


@pytest.mark.parametrize('values', [{'quantum': False}, {'quantum': None}])
def test_nova_network_is_seen(values):
    assert not parse_environment(changed(**values)).neutron.is_used


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(),
    st.sampled_from(['none', '192.0.2.1', '192.0.2.0/24', 'compute']))
YAML = st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=3),
    st.dictionaries(st.text(max_size=4), inner, max_size=3)), max_leaves=8)
KEYS = sorted(fuel_metadata.metadata('9.2', MIXED)) + [
    'management_vip', 'role', 'network_metadata']


@given(st.sampled_from(fuel_metadata.RELEASES),
       st.dictionaries(st.sampled_from(KEYS), YAML, max_size=4))
@example('6.1', {'network_scheme': {'roles': {'management': None}}})
def test_any_yaml_gives_a_model_or_a_deliberate_error(release, values):
    data = fuel_metadata.metadata(release, MIXED)
    data.update(values)
    try:
        parse_environment(json.dumps(data))
    except CalicoFuelError:
        pass


PATHS = [('network_scheme', 'endpoints', 'br-mgmt', 'IP'),
         ('network_scheme', 'endpoints', 'br-mgmt'),
         ('network_scheme', 'endpoints'), ('network_scheme', 'roles'),
         ('network_scheme', 'transformations', -1, 'bridges'),
         ('network_metadata', 'nodes', 'node-1', 'network_roles'),
         ('network_metadata', 'nodes', 'node-1', 'node_roles'),
         ('network_metadata', 'nodes', 'node-1'), ('network_metadata', 'vips'),
         ('network_metadata', 'vips', 'public'), ('nodes', 0), ('nodes', 1, 'role'),
         ('quantum_settings', 'predefined_networks'),
         ('quantum_settings', 'predefined_networks', 'admin_floating_net'),
         ('quantum_settings', 'predefined_networks', 'admin_floating_net', 'L3'),
         ('quantum_settings', 'predefined_networks', 'admin_floating_net', 'L3',
          'floating')]


@given(st.sampled_from(PATHS), YAML)
@example(('network_scheme', 'transformations', -1, 'bridges'), 5)
def test_anything_anywhere_gives_a_model_or_a_deliberate_error(path, value):
    data = inner = fuel_metadata.metadata('9.2', MIXED)
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    try:
        parse_environment(json.dumps(data))
    except CalicoFuelError:
        pass


FORGED = 'x\nverify: good'


@pytest.mark.parametrize('values', [
    {'uid': FORGED}, {'openstack_version': FORGED}, {'deployment_id': FORGED},
    {'nodes': [{'uid': '1', 'role': 'compute', 'name': FORGED}]},
    {'nodes': [{'uid': FORGED, 'role': 'compute'}]}])
def test_a_value_makes_no_line_of_its_own_in_a_message(values):
    with pytest.raises(CalicoFuelError) as error:
        parse_environment(changed(**values)).this_node

    assert '\n' not in error.value.args[0] and '\\x0averify' in error.value.args[0]


def test_what_is_printed_of_metadata_is_one_line_each():
    data = fuel_metadata.metadata('9.2', MIXED)
    data['fuel_version'] = '9.2\nx'
    data['network_metadata']['nodes']['node-1']['node_roles'] = ['controller', 'a\nx']
    data['quantum_settings']['L2']['segmentation_type'] = 'gre\nx'
    networks = data['quantum_settings']['predefined_networks']
    networks['c\nx'] = networks.pop('admin_floating_net')

    parsed = parse_environment(json.dumps(data))

    assert parsed.fuel_release == '9.2\\x0ax'
    assert 'a\\x0ax' in parsed.this_node.roles
    assert parsed.neutron.segmentation == 'gre\\x0ax'
    assert ('c\\x0ax', True) in parsed.neutron.default_networks


@pytest.mark.parametrize('name', ['--shared', 'a\nb', 'n\xe4t'])
def test_a_network_with_a_name_that_neutrons_client_refuses_is_not_created(name):
    data = fuel_metadata.metadata('9.2', MIXED)
    networks = data['quantum_settings']['predefined_networks']
    networks[name] = networks.pop('admin_internal_net')
    data['quantum_settings']['default_private_net'] = name

    assert parse_environment(json.dumps(data)).network_to_create is None

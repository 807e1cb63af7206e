"""Questions about an environment."""

from __future__ import unicode_literals

import json

import pytest
from hypothesis import given, strategies as st

from calico_fuel.errors import CalicoFuelError, RoleError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import changed, roles


@given(st.randoms())
def test_a_node_is_found_by_uid_before_its_name(rng):
    data = fuel_metadata.metadata('6.1', roles(1, 3))
    for entry in data['nodes']:
        entry['name'] = str(5 - int(entry['uid']))
    rng.shuffle(data['nodes'])

    assert parse_environment(json.dumps(data)).node('2').name == '3'


def test_another_nodes_metadata_is_no_reason_to_guess():
    parsed = parse_environment(changed(uid='77'))

    with pytest.raises(CalicoFuelError) as error:
        parsed.this_node
    assert 'nodes: "77" is not the uid or name of a node' in error.value.args[0]


def test_a_node_that_nodes_yaml_lacks_is_told_with_the_file_at_fault():
    parsed = parse_environment(
        fuel_metadata.text('6.1', roles(1, 2), uid='3'),
        nodes_text=fuel_metadata.nodes_text(roles(1, 1)), nodes_source='n.yaml')

    with pytest.raises(RoleError) as error:
        parsed.this_node
    assert error.value.args[0].startswith('n.yaml: nodes: "3" is not the uid')

"""What Fuel 9's own network set-up is told: nothing of Open vSwitch."""

from __future__ import unicode_literals

import json

import pytest
import yaml

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.tasks import hiera
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem

OVERRIDE = '/etc/hiera/plugins/calico-fuel-plugin.yaml'
L23NETWORK = '/etc/puppet/modules/l23network/lib/puppetx/l23_network_scheme.rb'
# What tells 9.1's code from 9.0's.
KNOWS_PATCHES = {L23NETWORK: 'ov[:override].match(/patch-/)'}
PUBLIC = ['br-floating', 'patch-br-floating:br-ex']
PRIVATE = ['br-prv', 'patch-br-prv:br-fw-admin']
KNOWS_NONE = {L23NETWORK: 'x[:name]==ov[:override]'}


def run(node, release='9.2', uid='1', **settings):
    wanted = environment(roles(1, 1, [['cinder']]), release, uid, **settings)
    return [outcome.state for outcome in converge(
        hiera.resources(wanted, wanted.this_node, node), node)]


@pytest.mark.parametrize('uid, elements', [
    ('1', PUBLIC + PRIVATE), ('2', PRIVATE), ('3', PRIVATE)])
def test_every_part_of_open_vswitch_becomes_a_linux_bridge_on_every_node(uid, elements):
    node = FakeSystem(KNOWS_PATCHES)

    assert run(node, uid=uid) == [CHANGED]
    assert run(node, uid=uid) == [UNCHANGED]

    assert yaml.safe_load(node.text(OVERRIDE)) == {
        'use_ovs': False, 'network_scheme': {'transformations': [
            {'action': 'override', 'override': name, 'provider': 'lnx'}
            for name in elements]}}


@pytest.mark.parametrize('files, settings', [
    (KNOWS_NONE, {}), ({}, {}), (KNOWS_PATCHES, {'cleanup_ovs': False})])
def test_where_it_cannot_work_or_is_not_wanted_nothing_is_told(files, settings):
    """And what an earlier run said is taken back."""
    node = FakeSystem(dict(files, **{OVERRIDE: 'use_ovs: false'}))

    run(node, **settings)

    assert OVERRIDE not in node.files
    assert run(node, **settings) == [UNCHANGED]


def test_older_releases_read_no_such_file():
    assert run(FakeSystem(KNOWS_PATCHES), '8.0') == []


@pytest.mark.parametrize('name', [
    'br"prv', "br'x", 'br: {x}', 'br\\x', 'br#x', 'br\nuse_ovs: true', ''])
def test_a_name_says_nothing_else_to_puppet(name):
    data = fuel_metadata.metadata('9.2', roles(1, 1))
    part, = [one for one in data['network_scheme']['transformations']
             if one.get('name') == 'br-prv']
    part['name'] = name
    of, node = parse_environment(json.dumps(data)), FakeSystem(KNOWS_PATCHES)

    list(converge(hiera.resources(of, of.this_node, node), node))

    told = yaml.safe_load(node.text(OVERRIDE))
    assert set(told) == {'use_ovs', 'network_scheme'} and told['use_ovs'] is False
    assert [one['override'] for one in told['network_scheme']['transformations']
            if 'br-' not in one['override']] == [] if 'br-' in name else [
                name.replace('\n', '\\x0a')]

"""What Fuel 9's own network set-up is told: nothing of Open vSwitch."""

from __future__ import unicode_literals

import pytest
import yaml

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.tasks import hiera
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

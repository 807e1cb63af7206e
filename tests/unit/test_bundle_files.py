"""What Fuel shows of the bundle beside the settings."""

from __future__ import unicode_literals

import io
import os

import pytest
import yaml

from calico_fuel import __version__
from tests.unit.fuel.test_settings_page import ROOT


def load(name):
    with io.open(os.path.join(ROOT, 'fuel9', name), encoding='utf-8') as stream:
        return yaml.safe_load(stream)


def test_fuel_asks_nobody_for_nodes_with_the_optional_roles():
    """A recommended number is asked for on the dashboard of every environment."""
    limits = dict((name, role.get('limits')) for name, role in
                  load('node_roles.yaml').items())

    assert limits == {'calico-rr': None, 'calico-etcd': {'max': 7}}


def test_only_the_hypervisors_are_said_to_be_tested_with_calico():
    """Of each other one Fuel would say "was tested"; storage and Sahara were not."""
    component, = load('components.yaml')

    assert sorted(one['name'] for one in component['compatible']) == [
        'hypervisor:kvm', 'hypervisor:qemu']


@pytest.mark.parametrize('path', ['', 'fuel9'])
def test_the_bundles_have_the_version_of_the_program(path):
    """fuel-plugin-builder reads it there, and nodes find the program by it."""
    assert load(os.path.join(os.pardir, path, 'metadata.yaml'))['version'] == (
        __version__)


def test_the_readme_is_read_in_one_sitting():
    """What is longer belongs into a page of docs/, with a link from the README."""
    with io.open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as stream:
        assert len(stream.readlines()) <= 100


@pytest.mark.parametrize('name', ['metadata.yaml', 'fuel9/metadata.yaml'])
def test_what_fuel_says_of_the_plugin_at_the_end_of_a_deployment_is_ascii(name):
    """With another character in a plugin's description no deployment ever ends."""
    with io.open(os.path.join(ROOT, name), encoding='utf-8') as stream:
        stream.read().encode('ascii')

"""Which Neutron networks the settings ask for, and whose task it is."""

from __future__ import unicode_literals

import pytest

from calico_fuel.openstack.floating_network import External, Router
from calico_fuel.openstack.networks import Network
from calico_fuel.openstack.networks import NoDefaultNetworks
from calico_fuel.openstack.neutron import Answers
from calico_fuel.tasks import networks
from tests.unit.builders import environment, roles

CALICO = {'calico_network_name': 'calico', 'calico_network_cidr': '10.65.0.0/24'}


def resources(uid='1', **settings):
    parsed = environment(roles(controllers=2), uid=uid, **settings)
    return networks.resources(parsed, parsed.this_node, None)


def test_without_a_setting_no_network_is_touched():
    assert resources() == []


def test_on_fuel_9_the_network_of_the_wizard_is_made_where_no_other_is_asked_for():
    """By the name that Fuel's health check looks for."""
    def wanted(release, **settings):
        parsed = environment(release=release, **settings)
        return [each for each in networks.resources(parsed, parsed.this_node, None)
                if isinstance(each, Network)]
    assert wanted('9.2') == [Network('admin_internal_net', '10.65.0.0/24', '10.65.0.1')]
    assert wanted('9.2', **CALICO) == [Network('calico', '10.65.0.0/24', '10.65.0.1')]
    assert wanted('9.2', remove_default_networks=True) == wanted('8.0') == []


def test_removal_comes_before_creation():
    """The network to create may have the name of one to remove."""
    assert resources(remove_default_networks=True, **CALICO) == [
        Answers(),
        NoDefaultNetworks((('net04', False), ('net04_ext', True)), 'router04'),
        Network('calico', '10.65.0.0/24', '10.65.0.1')]


@pytest.mark.parametrize('release, settings, inside', [
    ('9.2', {}, (('admin_internal_net', '10.65.0.0/24'),)),
    ('9.2', CALICO, (('calico', '10.65.0.0/24'),)),
    ('8.0', CALICO, (('calico', '10.65.0.0/24'),)), ('8.0', {}, ())])
def test_floating_ips_have_their_networks_by_the_names_of_fuel(
        release, settings, inside):
    parsed = environment(release=release, floating_ips=True, **settings)

    wanted = networks.resources(parsed, parsed.this_node, None)

    assert wanted[0] == Answers()
    assert wanted[-2:] == [
        External('admin_floating_net', '198.51.100.0/25', '198.51.100.1',
                 (('198.51.100.64', '198.51.100.126'),)),
        Router('router04', 'admin_floating_net', inside)]
    assert len(wanted) == 3 + len(inside)


@pytest.mark.parametrize('release', ['6.1', '7.0'])
def test_up_to_kilo_floating_ips_have_no_networks(release):
    assert resources(release=release, floating_ips=True) == []


def test_the_gateway_is_the_one_that_is_set():
    _, network = resources(calico_network_gateway='10.65.0.254', **CALICO)

    assert network.gateway == '10.65.0.254'


@pytest.mark.parametrize('uid', ['2', '3'])
def test_other_controllers_and_computes_leave_it_to_the_primary_controller(uid):
    assert resources(uid, remove_default_networks=True, **CALICO) == []


@pytest.mark.parametrize('release, names', [
    ('6.1', ['net04', 'net04_ext']), ('9.2', ['admin_floating_net',
                                              'admin_internal_net'])])
def test_the_names_are_those_of_the_release(release, names):
    parsed = environment(release=release, remove_default_networks=True)

    _, wanted = networks.resources(parsed, parsed.this_node, None)

    assert [name for name, _ in wanted.networks] == names

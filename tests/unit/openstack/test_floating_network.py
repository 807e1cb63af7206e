"""Floating IPs get their external network and router, and nobody loses one."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack.floating_network import External, Router
from calico_fuel.openstack.networks import Network
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.system import FakeSystem

INSIDE = Network('calico', '10.65.0.0/24', '10.65.0.1')
EXTERNAL = External('admin_floating_net', '198.51.100.0/25', '198.51.100.1', (
    ('198.51.100.64', '198.51.100.70'), ('198.51.100.80', '198.51.100.90')))
ROUTER = Router('router04', 'admin_floating_net', (('calico', '10.65.0.0/24'),))
ALL = INSIDE, EXTERNAL, ROUTER


@pytest.fixture
def system():
    return FakeSystem()


@pytest.fixture
def api(system):
    return Neutron(system)


def states(system, *resources):
    return [outcome.state for outcome in converge(resources, system)]


def owners(api):
    return sorted((port['device_owner'], port['network_id'])
                  for port in api.objects['port'])


def test_the_external_network_has_the_pools_of_fuel_and_no_dhcp(system, api):
    assert states(system, EXTERNAL) == [CHANGED]
    assert states(system, EXTERNAL) == [UNCHANGED]

    network, = api.objects['net']
    subnet, = api.objects['subnet']
    assert (network['router:external'], network['provider:network_type'],
            network['shared']) == (True, 'local', False)
    assert (subnet['name'], subnet['cidr'], subnet['gateway_ip']) == (
        'admin_floating_net__subnet', '198.51.100.0/25', '198.51.100.1')
    assert subnet['enable_dhcp'] is False
    assert subnet['pools'] == [
        '--allocation-pool=start=198.51.100.64,end=198.51.100.70',
        '--allocation-pool=start=198.51.100.80,end=198.51.100.90']


def test_a_router_joins_the_network_of_instances_and_the_external_one(system, api):
    assert states(system, *ALL) == [CHANGED] * 3
    assert states(system, *ALL) == [UNCHANGED] * 3

    inside, outside = api.objects['net']
    assert api.names('router') == ['router04']
    assert owners(api) == [('network:router_gateway', outside['id']),
                           ('network:router_interface', inside['id'])]


def test_what_fuel_8_made_is_taken_and_only_the_interface_is_added(system, api):
    """Its Puppet fails on a network of that name that has another type."""
    vlan, outside, router = api.add_defaults('admin_internal_net', 'admin_floating_net')
    api.find('net', outside)['provider:network_type'] = 'flat'
    changes = system.changes

    assert states(system, *ALL) == [CHANGED, UNCHANGED, CHANGED]

    assert system.changes == changes + 3
    assert [port['network_id'] for port in api.objects['port']
            if port['device_id'] == router] == [
                vlan, outside, api.objects['net'][-1]['id']]


def test_networks_that_tenants_attached_to_the_router_stay(system, api):
    states(system, *ALL)
    api.add_port(api.add_network('theirs', 'local'), 'network:router_interface',
                 api.objects['router'][0]['id'])

    assert states(system, *ALL) == [UNCHANGED] * 3


def test_without_a_network_to_create_tenants_attach_their_own(system, api):
    router = ROUTER._replace(inside=())

    assert states(system, EXTERNAL, router) == [CHANGED] * 2
    assert states(system, EXTERNAL, router) == [UNCHANGED] * 2
    assert [owner for owner, _ in owners(api)] == ['network:router_gateway']


@pytest.mark.parametrize('kind, external', [('vlan', True), ('local', False)])
def test_a_network_of_that_name_that_does_not_fit_is_an_error(
        system, api, kind, external):
    uid = api.add_network('admin_floating_net', kind, external)

    outcome, = converge([EXTERNAL], system)

    assert outcome.state == FAILED and system.changes == 0
    assert 'the type {}, which Calico does not serve'.format(
        kind) in outcome.difference
    assert 'neutron net-update {} --name NAME'.format(uid) in outcome.difference


def test_a_gateway_elsewhere_is_left_to_the_operator(system, api):
    states(system, EXTERNAL)
    router = api.add('router', name='router04')
    api.add_port(api.add_network('other', 'local', external=True),
                 'network:router_gateway', router)
    changes = system.changes

    outcome, = converge([ROUTER], system)

    assert outcome.state == FAILED and system.changes == changes
    assert 'neutron router-gateway-set {} admin_floating_net'.format(
        router) in outcome.difference


def test_two_routers_of_that_name_are_an_error(system, api):
    for _ in range(2):
        api.add('router', name='router04')

    outcome, = converge([ROUTER], system)

    assert 'there are 2 of this name' in outcome.difference


def empty(dies_at=None):
    system = FakeSystem(dies_at=dies_at)
    system.api = Neutron(system)
    return system


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(empty, lambda one: states(one, *ALL)):
        for kind, objects in whole.api.objects.items():
            assert len(system.api.objects[kind]) == len(objects)
        assert states(system, *ALL) == [UNCHANGED] * 3

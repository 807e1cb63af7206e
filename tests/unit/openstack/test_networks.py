"""Neutron networks are created whole, and only Fuel's unused ones are removed."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.errors import NodeError
from calico_fuel.openstack.networks import Network
from calico_fuel.openstack.networks import NoDefaultNetworks
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.system import FakeSystem

CALICO = Network('calico', '10.65.0.0/24', '10.65.0.1')
NO_DEFAULTS = NoDefaultNetworks((('net04', False), ('net04_ext', True)), 'router04')


@pytest.fixture
def system():
    return FakeSystem()


@pytest.fixture
def api(system):
    return Neutron(system)


def states(system, *resources):
    return [outcome.state for outcome in converge(resources, system)]


def test_a_network_is_created_shared_and_local_with_its_subnet(system, api):
    assert states(system, CALICO) == [CHANGED]
    assert states(system, CALICO) == [UNCHANGED]

    network, = api.objects['net']
    subnet, = api.objects['subnet']
    assert (network['name'], network['shared'], network['provider:network_type']) == (
        'calico', True, 'local')
    assert (subnet['name'], subnet['cidr'], subnet['gateway_ip']) == (
        'calico-v4', '10.65.0.0/24', '10.65.0.1')
    assert subnet['network_id'] == network['id']
    assert system.changes == 2


def test_a_network_that_an_operator_made_the_same_way_is_left_alone(system, api):
    network = api.add_network('calico', 'flat')
    api.add_subnet(network, '10.66.0.0/24', '10.66.0.1')
    api.add_subnet(network, '10.65.0.0/24', '10.65.0.1')

    assert CALICO.difference(system) == ''


@pytest.mark.parametrize('cidr, gateway', [
    ('10.99.0.0/24', '10.99.0.1'), ('10.65.0.0/24', '10.65.0.254'),
    ('10.65.0.0/24', None)])
def test_a_network_with_another_subnet_is_an_error(system, api, cidr, gateway):
    uid = api.add_network('calico', 'local')
    api.add_subnet(uid, cidr, gateway)

    with pytest.raises(NodeError) as error:
        CALICO.difference(system)

    assert 'network calico: has {} with gateway {} instead of 10.65.0.0/24'.format(
        cidr, gateway or '(none)') in error.value.args[0]
    assert 'neutron net-delete ' + uid in error.value.args[0]


@pytest.mark.parametrize('kind, shared, words', [
    ('vlan', True, 'has the type vlan, which Calico does not serve'),
    ('local', False, 'is not shared')])
def test_a_network_of_that_name_that_does_not_fit_is_an_error(
        system, api, kind, shared, words):
    api.add_network('calico', kind, shared=shared)

    with pytest.raises(NodeError) as error:
        CALICO.difference(system)

    assert words in error.value.args[0] and 'neutron net-update' in error.value.args[0]


def test_two_networks_of_that_name_are_an_error(system, api):
    ids = [api.add_network('calico', 'local') for _ in range(2)]

    with pytest.raises(NodeError) as error:
        CALICO.difference(system)

    assert '2 networks have this name: {}'.format(', '.join(ids)) in error.value.args[0]


def test_the_default_networks_and_their_router_are_removed(system, api):
    api.add_defaults()
    api.add_network('b\xfccher')

    assert states(system, NO_DEFAULTS) == [CHANGED]
    changes = system.changes
    assert states(system, NO_DEFAULTS) == [UNCHANGED]

    assert api.names('net') == ['b\xfccher']
    assert api.objects['router'] == api.objects['port'] == api.objects['subnet'] == []
    assert system.changes == changes == 5


def test_what_is_to_be_removed_is_named_with_its_id(system, api):
    inside, outside, router = api.add_defaults()

    assert NO_DEFAULTS.difference(system) == (
        'to remove: network net04 ({}), network net04_ext ({}), router router04 '
        '({})'.format(inside, outside, router))


def with_defaults(dies_at=None):
    system = FakeSystem(dies_at=dies_at)
    system.api = Neutron(system)
    system.api.add_defaults()
    return system


@pytest.mark.parametrize('resource, left', [(CALICO, 3), (NO_DEFAULTS, 0)])
def test_a_run_killed_at_any_change_is_finished_by_the_next(resource, left):
    for whole, system in at_every_change(
            with_defaults, lambda one: states(one, resource)):
        for kind, objects in whole.api.objects.items():
            assert len(system.api.objects[kind]) == len(objects)
        assert len(system.api.objects['subnet']) == left
        assert states(system, resource) == [UNCHANGED]


@pytest.mark.parametrize('owner, where, words', [
    ('compute:nova', 0, '(owner "compute:nova", device "user") on net04'),
    ('network:floatingip', 1, 'floatingip", device "user") on net04_ext'),
    ('', 0, '(owner "", device "user") on net04')])
def test_networks_in_use_are_refused_and_nothing_is_touched(
        system, api, owner, where, words):
    networks = api.add_defaults()
    api.add_port(networks[where], owner, 'user')

    outcome, = converge([NO_DEFAULTS], system)

    assert outcome.state == FAILED
    assert 'are in use, so nothing is removed: ' in outcome.difference
    assert words in outcome.difference
    assert 'switch the setting remove_default_networks off' in outcome.difference
    assert system.changes == 0


def test_many_users_are_named_ten_at_most(system, api):
    inside, _, _ = api.add_defaults()
    for number in range(15):
        api.add_port(inside, 'compute:nova', 'vm-{}'.format(number))

    with pytest.raises(NodeError) as error:
        NO_DEFAULTS.change(system)

    assert error.value.args[0].count('vm-') == 10
    assert '; and 5 more. Delete' in error.value.args[0]


def test_a_network_of_the_same_name_that_calico_serves_is_not_fuels(system, api):
    """The health check of Fuel looks for a network by name, so one is made."""
    api.add_network('net04', 'local')
    api.add_network('net04_ext', 'vlan')

    assert states(system, NO_DEFAULTS) == [UNCHANGED]
    assert api.names('net') == ['net04', 'net04_ext']


def test_a_network_to_create_may_have_the_name_of_one_to_remove(system, api):
    api.add_defaults()
    calico = CALICO._replace(name='net04')

    assert states(system, NO_DEFAULTS, calico) == [CHANGED, CHANGED]
    assert states(system, NO_DEFAULTS, calico) == [UNCHANGED, UNCHANGED]

    assert [n['provider:network_type'] for n in api.objects['net']] == ['local']


def test_a_router_of_the_same_name_elsewhere_is_left_alone(system, api):
    other = api.add_network('theirs')
    router = api.add('router', name='router04')
    api.add_port(other, 'network:router_interface', router)

    assert states(system, NO_DEFAULTS) == [UNCHANGED]


def test_a_router_that_serves_another_network_too_is_a_user(system, api):
    _, _, router = api.add_defaults()
    api.add_port(api.add_network('theirs'), 'network:router_interface', router)

    outcome, = converge([NO_DEFAULTS], system)

    assert '"network:router_interface", device "{}"'.format(
        router) in outcome.difference
    assert system.changes == 0 and api.names('router') == ['router04']


@pytest.mark.parametrize('kind', ['network', 'router'])
def test_which_of_two_is_fuels_is_not_guessed(system, api, kind):
    api.add_defaults()
    if kind == 'network':
        api.add_network('net04')
    else:
        api.add('router', name='router04')

    with pytest.raises(NodeError) as error:
        NO_DEFAULTS.difference(system)

    assert 'there are 2 of this name' in error.value.args[0]


def test_a_highly_available_router_is_removed_too(system, api):
    """Its own ports lie in a network of Neutron's that nobody names."""
    _, _, router = api.add_defaults()
    api.add_port(api.add_network('HA network', 'local'),
                 'network:router_ha_interface', router)
    # Neutron removes these ports with the router.
    remove = api._router_delete
    api._router_delete = lambda uid: (api._remove_ports(
        uid, 'network:router_ha_interface'), remove(uid))[1]

    assert states(system, NO_DEFAULTS) == [CHANGED]
    assert api.names('net') == ['HA network']

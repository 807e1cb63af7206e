"""What the health check of Fuel 8.0 asks of a real Neutron without floating IPs."""

import pytest

from lab.fuel import neutron, stock
from tests.live.neutron.health_check import (
    BOOT, NAMED_NETWORK, NETWORK, OBJECTS, OWN_NETWORK, SNAT, asked, do, named, told)

# As Fuel 6.1-8.0 creates it.
VLAN = {'net04': {'L2': {'network_type': 'vlan', 'router_ext': False},
                  'L3': {'subnet': '10.65.4.0/24', 'gateway': '10.65.4.1'}}}


@pytest.fixture(scope='module')
def lab(driver_lab):
    return driver_lab


def test_an_instance_starts_on_the_network_of_that_name(controller):
    with named(controller, 'workloads'):
        assert told(controller, BOOT, NETWORK) == {'port': 'tap'}


@pytest.mark.parametrize('calls', [OWN_NETWORK, OBJECTS])
def test_a_test_that_makes_a_router_finds_no_external_network(controller, calls):
    assert asked(controller, calls, SNAT).stderr.strip() == (
        'Cannot find the external network')


def test_on_the_network_that_fuel_made_no_instance_starts(lab, controller):
    stock.deploy(controller, lab.fuel.release, ['primary-controller'], {}, True)
    neutron.make_networks(controller, VLAN)
    for task in 'neutron-server', 'networks':
        lab.task('node-1', task)

    assert told(controller, BOOT, 'net04') == {'port': 'binding_failed'}
    do(controller, 'net-delete', 'net04')


class TestWithAnExternalNetwork:
    """That the page has an operator create."""

    @pytest.fixture(scope='class', autouse=True)
    def external_network(self, lab):
        do(lab.controller(), 'net-create', 'health-check', '--router:external=True',
           '--provider:network_type=local')
        do(lab.controller(), 'subnet-create', 'health-check', '198.51.100.0/24',
           '--disable-dhcp')
        yield
        do(lab.controller(), 'net-delete', 'health-check')

    def test_all_calls_succeed(self, controller):
        assert told(controller, OBJECTS) == {}

    def test_felix_learns_of_no_floating_address(self, controller):
        said = told(controller, OWN_NETWORK, SNAT)

        assert said['port'] == 'tap' and said['wanted']
        assert said['before'] == []

    def test_neutron_associates_none_where_no_router_leads(self, controller):
        with named(controller, 'workloads'):
            said = asked(controller, NAMED_NETWORK, NETWORK).stderr

        assert 'not reachable from subnet' in said

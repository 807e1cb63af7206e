"""What the health check of Fuel 8.0 asks of a real Neutron with floating IPs."""

from tests.live.neutron.health_check import (
    NAMED_NETWORK, NETWORK, OBJECTS, OWN_NETWORK, SNAT, asked, named, told)


def test_all_calls_succeed_and_felix_learns_the_address(controller):
    said = told(controller, OWN_NETWORK, '{}')

    assert said['port'] == 'tap'
    assert said['before'] == said['wanted']
    assert said['after'] == []


def test_only_neutron_10_refuses_a_key_of_the_router(controller):
    """Neutron of Liberty and Mitaka ignore a key that they do not know."""
    assert 'Unexpected keys supplied: enable_snat' in asked(
        controller, OWN_NETWORK, SNAT).stderr


def test_the_router_of_fuel_leads_to_the_network_of_that_name(controller):
    with named(controller, NETWORK, 'of-fuel'), named(controller, 'workloads'):
        said = told(controller, NAMED_NETWORK, NETWORK)

    assert said['before'] == said['wanted']
    assert said['after'] == []


def test_the_objects_of_the_platform_tests_come_and_go(controller):
    assert told(controller, OBJECTS) == {}

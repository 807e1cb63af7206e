"""The environment of Fuel 8.0: at first Calico is Neutron's mechanism driver."""

import pytest

from tests.live.neutron import LOG, NETWORK, environment, floating_ips


@pytest.fixture(scope='package')
def driver_lab(demand):
    """A controller and a compute, without floating IPs and the networks of Fuel."""
    with environment(demand, '8.0', 'primary-controller', 'compute',
                     remove_default_networks=True, calico_network_gateway='203.0.113.1',
                     **NETWORK) as lab:
        yield lab


@pytest.fixture(scope='package')
def lab(driver_lab):
    """A controller and a compute with an instance, and a border router. Floating IPs
    were off at the first deployment.
    """
    driver_lab.controller().run('truncate', '--size=0', LOG)
    driver_lab.fuel.settings.update(
        floating_ips.SETTINGS, remove_default_networks=False)
    driver_lab.fuel.ready.clear()
    driver_lab.fuel.deploy()
    floating_ips.start(driver_lab, 'node-1')
    return driver_lab

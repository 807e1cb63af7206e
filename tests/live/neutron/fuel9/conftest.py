"""The environment of Fuel 9.2, with dedicated route reflectors."""

import pytest

from tests.live.neutron import NETWORK, environment, floating_ips


@pytest.fixture(scope='package')
def lab(demand):
    """A controller, two computes with an instance each, two dedicated route reflectors,
    and a border router.
    """
    with environment(demand, '9.2', 'primary-controller', 'compute', 'compute',
                     'calico-rr', 'calico-rr', **NETWORK, **floating_ips.SETTINGS
                     ) as lab:
        floating_ips.start(lab, 'node-4', 'node-5')
        yield lab

"""What tests ask Neutron, and a floating IP; ``lab`` is in the folder of a release."""

import pytest

from lab.fuel import neutron
from tests.live.neutron import floating_ips


@pytest.fixture
def controller(lab):
    return lab.controller()


@pytest.fixture
def ask(controller):
    """What Neutron's command line client prints, one value a line."""
    def ask(*argv, column='id'):
        result = neutron.client(controller, *argv, '-f', 'value', '-c', column)
        assert result.status == 0, result.stderr
        return [line for line in result.stdout.splitlines()
                if not line.startswith('Created')]
    return ask


@pytest.fixture
def floating(ask, controller):
    """The ID and address of a floating IP of vm-1, which goes when the test ends."""
    uid, = ask('floatingip-create', floating_ips.EXTERNAL)
    address, = ask('floatingip-show', uid, column='floating_ip_address')
    floating_ips.associate(controller, uid, *ask('port-list', '--name=vm-1'))
    yield uid, address
    for verb in 'disassociate', 'delete':
        neutron.client(controller, 'floatingip-' + verb, uid)

"""An instance, as an attacker."""

import pytest

from lab.fuel import networks
from tests.live.test_internal_networks import reached

INTERNAL = 'management', 'storage', 'admin'


@pytest.mark.plan('attack S4: an instance connects to the control plane')
def test_an_instance_connects_to_no_node(lab):
    """No address of the nodes and of the master answers. The other instance does.

    Steps: From an instance, connect by TCP to the management, storage and admin
    addresses of all nodes, to the master, and to another instance.
    """
    net = lab.fuel.addresses
    (_, attacker), (_, other) = lab.workloads.values()
    internal = [net.node(network, int(member.uid)) for network in INTERNAL
                for member in lab.fuel.members.values()]

    assert reached(attacker, *internal, net.place('admin', networks.GATEWAY),
                   other.address) == [other.address]

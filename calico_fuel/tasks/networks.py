"""Neutron networks that the operator asked for, on the primary controller."""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel.openstack.networks import Network, NoDefaultNetworks
from calico_fuel.openstack.neutron import Answers

# Fuel 6.1-9.2 library, openstack-network.
ROUTER = 'router04'


def resources(environment, node, system):
    if 'primary-controller' not in node.roles:
        return []
    wanted = []
    # First, because the network to create may have the name of one to remove.
    if environment.settings.remove_default_networks:
        wanted.append(NoDefaultNetworks(environment.neutron.default_networks, ROUTER))
    network = environment.network_to_create
    if network:
        wanted.append(Network(network.name, '{}'.format(network.prefix),
                              addresses.format_ipv4(network.gateway)))
    return [Answers()] + wanted if wanted else []

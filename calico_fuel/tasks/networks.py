"""Neutron networks that the settings ask for, on the primary controller."""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel.resources.network import Network
from calico_fuel.resources.network import NoDefaultNetworks

# Fuel 6.1-9.2 library, openstack-network.
ROUTER = 'router04'


def resources(environment, node, system):
    if 'primary-controller' not in node.roles:
        return []
    settings, wanted = environment.settings, []
    # First, because the network to create may have the name of one to remove.
    if settings.remove_default_networks:
        wanted.append(NoDefaultNetworks(environment.default_networks, ROUTER))
    if settings.calico_network:
        network = settings.calico_network
        wanted.append(Network(network.name, '{}'.format(network.prefix),
                              addresses.format_ipv4(network.gateway)))
    return wanted

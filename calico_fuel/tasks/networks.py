"""Neutron networks that the operator asked for, on the primary controller."""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel.openstack.floating_network import External, Router
from calico_fuel.openstack.networks import Network, NoDefaultNetworks, ROUTER
from calico_fuel.openstack.neutron import Answers


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
    floating = environment.neutron.floating_network
    if environment.has_floating_ips and floating:
        wanted += [External(*floating),
                   Router(ROUTER, floating.name, tuple(
                       (one.name, '{}'.format(one.prefix))
                       for one in [network] if one))]
    return [Answers()] + wanted if wanted else []

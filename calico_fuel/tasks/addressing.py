"""The addresses of nodes, workloads and their gateway: checks of ``preflight``."""

from __future__ import unicode_literals

from calico_fuel import addresses, roles
from calico_fuel.bgp import kernel, reachable, route_policy
from calico_fuel.checks import complaint, said
from calico_fuel.codes.node import ADDRESS_WRONG, SETTING_WRONG
from calico_fuel.errors import CalicoFuelError, CommandError, MetadataError
from calico_fuel.fuel.model import PLUGIN_NAME


def checks_of(environment, node, system):
    found = _about_nodes(environment)
    try:
        here = kernel.addresses(system)
    except CommandError as error:
        return found + [said('{}: the addresses of this machine are not checked: '
                             '{}'.format(node.name, error.args[0]))] + (
            _about_gateway(environment, node, {}))
    return (found + _about_own_address(environment, node, system, here)
            + _about_gateway(environment, node, here)
            + _about_workloads(environment, node, system))


def of_metadata(environment, node):
    """Those that need no access to the node."""
    return _about_nodes(environment) + _about_gateway(environment, node, {})


def _about_nodes(environment):
    found = []
    for node in environment.nodes:
        if roles.has_calico_role(environment, node):
            try:
                roles.management_address(environment, node)
            except MetadataError as error:
                found.append(complaint(ADDRESS_WRONG, error.args[0]))
    return found


def _about_own_address(environment, node, system, here):
    if not node.address:
        return []
    interface = environment.this.management_interface
    if node.address in here:
        return [said('{} is on this node ({})'.format(
            node.address, here[node.address]))] + _about_mtu(
                environment, node, system, here[node.address])
    if interface is None or not system.exists('/sys/class/net/' + interface):
        return [said('{} is not on this node yet: Fuel sets up its networks '
                     'later'.format(node.address))]
    return [complaint(
        ADDRESS_WRONG,
        '{}: nodes: {} has the management address {}, but {} of this node has {}. '
        'Deploy the node again, so that Fuel sets up its networks, or find out '
        'what changed them'.format(
            environment.nodes_source, node.name, node.address, interface,
            ', '.join(sorted(address for address, of in here.items()
                             if of == interface)) or 'none'))]


def _about_mtu(environment, node, system, interface):
    """A smaller one is no problem yet: Fuel may set up the networks later."""
    link, wanted = kernel.links(system).get(interface), environment.instance_mtu
    if not node.is_compute or not link or link.mtu >= wanted:
        return []
    return [said('Risk: {} has the MTU {} now, and instances get {}: if this '
                 'deployment does not change that, verify fails'.format(
                     interface, link.mtu, wanted))]


def _about_gateway(environment, node, here):
    """Problems that need the node; ``route_policy.check`` has those of metadata."""
    if environment.settings.workload_gateway is None:
        return []
    gateway = environment.settings.workload_gateway
    text = addresses.format_ipv4(gateway)
    where = '{}: {}: '.format(environment.source, PLUGIN_NAME)
    if text in here and text != node.address and text not in environment.vips.values():
        return [complaint(SETTING_WRONG, where + route_policy.of_own(text, node.name))]
    if not node.is_compute or any(
            gateway in prefix for prefix in environment.this.attached):
        return []
    return [complaint(
        SETTING_WRONG,
        '{}workload_gateway: {} is in no network of {}, which has {}: write the '
        'address of a router in a network that every compute has'.format(
            where, text, node.name, ', '.join('{}'.format(prefix) for prefix in
                                              environment.this.attached) or 'none'))]


def _about_workloads(environment, node, system):
    try:
        for resource in reachable.resources(environment, node):
            resource.difference(system)
    except CalicoFuelError as error:
        return [complaint(SETTING_WRONG, error.args[0])]
    return reachable.notes(environment, node, system)

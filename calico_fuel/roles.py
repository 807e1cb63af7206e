"""Which node reflects routes, speaks BGP, or has an etcd member.

Rule: every such decision is made here.
"""

from __future__ import unicode_literals

from calico_fuel.errors import MetadataError, RoleError
from calico_fuel.fuel.model import (
    COMPUTE_ROLES, CONTROLLER_ROLES, ETCD_ROLES, ROUTE_REFLECTOR_ROLES)


def route_reflectors(environment):
    """The nodes with the role calico-rr, or else all controllers."""
    return _with_roles_or_controllers(environment, ROUTE_REFLECTOR_ROLES)


def etcd_members(environment):
    """The nodes with the role calico-etcd, or else all controllers."""
    return _with_roles_or_controllers(environment, ETCD_ROLES)


def computes(environment):
    return environment.nodes_with(COMPUTE_ROLES)


def _with_roles_or_controllers(environment, roles):
    return environment.nodes_with(roles) or environment.nodes_with(CONTROLLER_ROLES)


def is_route_reflector(environment, node):
    return node in route_reflectors(environment)


def is_etcd_member(environment, node):
    return node in etcd_members(environment)


def speaks_bgp(environment, node):
    return node.is_compute or is_route_reflector(environment, node)


def uses_etcd(environment, node):
    """Whether *node* has an etcd member, or a proxy for Neutron or Felix."""
    return (is_etcd_member(environment, node) or node.is_controller
            or node.is_compute)


def has_calico_role(environment, node):
    return speaks_bgp(environment, node) or uses_etcd(environment, node)


def management_address(environment, node):
    """The node's address in the management network; MetadataError if none."""
    if node.address:
        return node.address
    raise MetadataError(
        environment.nodes_source, 'nodes', '{} has no management address'.format(
            node.name), 'Give the node an address in the network that carries '
        'the network role mgmt/vip, and deploy changes')


def check(environment):
    """RoleError with all ``problems``, if there are any."""
    found = problems(environment)
    if found:
        raise RoleError('\n'.join(found))


def wizard(environment):
    """What to choose as "Networking Setup" in Fuel's wizard."""
    return 'Neutron with Calico' if environment.fuel_release.startswith('9') else (
        'Neutron with VLAN segmentation')


def problems(environment):
    """Sentences about problems because of which Calico cannot work."""
    found = []
    if not environment.neutron.is_used:
        found.append(
            '{}: quantum: this environment has no Neutron. Calico needs it: create the '
            'environment with "{}"'.format(environment.source, wizard(environment)))
    for nodes, what in ((route_reflectors(environment), 'route reflector'),
                        (etcd_members(environment), 'etcd member')):
        if not nodes:
            found.append('{}: nodes: there is no {}. Add a controller, and deploy '
                         'changes'.format(environment.nodes_source, what))
    return tuple(found)


def risks(environment):
    """Yield sentences about roles that work, but tolerate no loss or have no effect."""
    members = len(etcd_members(environment))
    if members == 1:
        yield ('there is a single etcd member: no network change is possible while it '
               'is down. Three members tolerate one loss')
    elif members % 2 == 0:
        yield ('{} etcd members tolerate no more losses than {}: use an odd '
               'number'.format(members, members - 1))
    if len(route_reflectors(environment)) == 1:
        yield ('there is a single route reflector. While it is down, no compute learns '
               'of new instances, and after 300 s traffic between computes stops. Use '
               'two or more')
    for peer in environment.settings.external_peers:
        if peer.rack and not any(map(peer.has_neighbor, environment.nodes)):
            yield ('external_peers: {}: from={}: no compute has a management address '
                   'in it, so no node speaks to this router'.format(
                       peer.name, peer.rack))
    if not computes(environment):
        yield 'there is no compute: nothing to reflect routes for'

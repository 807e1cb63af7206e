"""The own networks that no instance may reach: all but the public ones.

They are what ``own_networks`` finds in the metadata without its public parts.  A
network that is also the management, storage or admin network stays.
"""

from __future__ import unicode_literals

from calico_fuel.fuel.own_networks import own_networks
from calico_fuel.fuel.yaml_values import mapping, text

PUBLIC_ROLES = ('ex', 'public/vip')
INTERNAL_ROLES = ('management', 'mgmt/vip', 'storage', 'fw-admin', 'admin/pxe')
# The first two up to Fuel 8.0, public and the last from 7.0 on.
PUBLIC_VIPS = ('public', 'public_vrouter', 'vrouter_pub')


def internal_networks(data, of_nodes, metadata_nodes, vips):
    """Prefixes of the management, storage, admin and any other internal network.

    The arguments are those of ``own_networks``.
    """
    found, _ = own_networks(
        _metadata(data),
        [one for one in of_nodes if not one.key.startswith('public_')],
        dict((name, {'network_roles': _roles(mapping(node, 'network_roles'))})
             for name, node in metadata_nodes.items()),
        dict((name, vips[name]) for name in vips if not _is_public_vip(data, name)))
    return found


def _metadata(data):
    public = _only_public(mapping(data, 'network_scheme', 'roles'))
    endpoints = mapping(data, 'network_scheme', 'endpoints')
    return dict(data, quantum_settings=None, network_scheme={'endpoints': dict(
        (name, endpoints[name]) for name in endpoints
        if name not in public)})


def _roles(roles):
    """Without those that have the node's public address, such as ceph/radosgw."""
    public = _only_public(roles)
    return dict((role, text(roles, role)) for role in roles
                if text(roles, role) not in public)


def _only_public(roles):
    """The values of public roles that no internal role has."""
    public, internal = [set(text(roles, role) for role in some)
                        for some in (PUBLIC_ROLES, INTERNAL_ROLES)]
    return public - internal


def _is_public_vip(data, name):
    return name in PUBLIC_VIPS or text(
        data, 'network_metadata', 'vips', name, 'network_role') == 'public/vip'

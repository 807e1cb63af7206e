"""Node metadata in the shape of each Fuel release, for any environment.

Made-up values in the shapes that Fuel 6.1-9.2 write (astute.yaml), cut to
the keys that matter to a network; used by the lab, the tests and the
benchmarks, also on Python 2.7.
"""

from __future__ import unicode_literals

import json

from calico_fuel import __version__
from lab.fuel.networks import (
    GATEWAY, MANAGEMENT_ROLES, VIP, VROUTER, Addresses, network_scheme)

RELEASES = ('6.1', '7.0', '8.0', '9.0', '9.1', '9.2')
OPENSTACK_VERSIONS = {'6.1': '2014.2.2-6.1', '7.0': '2015.1.0-7.0',
                      '8.0': 'liberty-8.0', '9.0': 'mitaka-9.0',
                      '9.1': 'mitaka-9.0', '9.2': 'mitaka-9.0'}
FLOATING = '198.51.100.64:198.51.100.126'
SETTINGS = {
    'as_number': '64512', 'bgp_password': '', 'bfd': False,
    'external_peers': '', 'workload_prefixes': '', 'workload_gateway': '',
    'reachable_prefixes': '', 'route_limit': '1000', 'instance_mtu': '',
    'remove_default_networks': False, 'floating_ips': False,
    'calico_network_name': '', 'calico_network_cidr': '',
    'calico_network_gateway': '', 'cleanup_ovs': True}
# Two values that Fuel draws for each environment.
FIXED_KEY = '5ec2e7' + 58 * '0'
AUTH_ENCRYPTION_KEY = '5ec2e7' + 26 * '1'
STORAGE_ROLES = ('storage', 'ceph/public', 'swift/replication')
PUBLIC_ROLES = ('ex', 'public/vip')


def metadata(release, roles, uid='1', public_to_all=False, deployed_before=False,
             size=0, **settings):
    """astute.yaml of the node *uid* as a mapping.

    *roles* has a list of role names for each node, the first of which is number
    1; or it maps the number of each node to such a list.  *public_to_all* is
    Fuel's "Assign public network to all nodes", *deployed_before* whether the
    environment was (Fuel 8.0 and later tell), *size* the number of nodes that it
    is to have, *settings* are the plugin's, over their defaults;
    ``metadata={'enabled': False}`` switches it off.
    """
    roles = _numbered(roles)
    net = Addresses(max(size, *roles))
    public = set(number for number in roles
                 if public_to_all or _is_controller(roles[number]))
    data = {
        'uid': uid,
        'fqdn': 'node-{}.example.com'.format(uid),
        'deployment_id': 7,
        'deployment_mode': 'ha_compact',
        'fuel_version': release,
        'openstack_version': OPENSTACK_VERSIONS[release],
        'quantum': True,
        'cinder': {'fixed_key': FIXED_KEY},
        'heat': {'auth_encryption_key': AUTH_ENCRYPTION_KEY},
        'master_ip': net.place('admin', GATEWAY),
        'management_network_range': net.network('management'),
        'storage_network_range': net.network('storage'),
        'public_network_assignment': {'assign_to_all_nodes': public_to_all},
        'nodes': _entries(roles, net, public),
        'network_scheme': network_scheme(
            release, int(uid), net, int(uid) in public),
        'quantum_settings': _quantum_settings(release, net),
        'calico-fuel-plugin': dict(dict(
            SETTINGS, metadata={'enabled': True, 'plugin_id': 1,
                                'plugin_version': __version__}), **settings),
    }
    is_enabled = data['calico-fuel-plugin']['metadata']['enabled']
    if release[0] in '89' and not is_enabled:
        del data['calico-fuel-plugin']
    own = roles[int(uid)]
    if release.startswith('9'):
        data['roles'] = own
        data['cluster'] = {'id': 7, 'fuel_version': release}
        data['plugins'] = [{'name': 'calico-fuel-plugin'}] * is_enabled
    else:
        data['role'] = own[0]
    if release[0] in '89':
        data['deployed_before'] = {'value': deployed_before}
    if release == '6.1':
        data.update(management_vip=net.place('management', VIP),
                    management_vrouter_vip=net.place('management', VROUTER),
                    public_vip=net.place('public', VIP))
    else:
        data['network_metadata'] = _network_metadata(roles, net, public)
    return data


def text(*args, **kwargs):
    """The same as text; JSON is YAML, and quicker to write."""
    return '{}'.format(
        json.dumps(metadata(*args, **kwargs), indent=1, sort_keys=True))


def nodes_text(roles, public_to_all=False):
    """/etc/hiera/nodes.yaml (Fuel 6.1-8.0) for nodes with these *roles*."""
    data = metadata('6.1', roles, '{}'.format(max(_numbered(roles))), public_to_all)
    return '{}'.format(json.dumps({'nodes': data['nodes']}))


def _is_controller(roles):
    return any('controller' in role for role in roles)


def _numbered(roles):
    return roles if isinstance(roles, dict) else dict(enumerate(roles, 1))


def _entries(roles, net, public):
    return [_entry(number, role, net, number in public)
            for number, of_node in sorted(roles.items()) for role in of_node]


def _entry(number, role, net, is_public):
    entry = {
        'uid': '{}'.format(number),
        'name': 'node-{}'.format(number),
        'fqdn': 'node-{}.example.com'.format(number),
        'user_node_name': 'Untitled ({:02x}:00)'.format(number % 256),
        'swift_zone': '{}'.format(number),
        'role': role,
        'internal_address': net.node('management', number),
        'internal_netmask': net.netmask('management'),
        'storage_address': net.node('storage', number),
        'storage_netmask': net.netmask('storage'),
    }
    if is_public:
        entry.update(public_address=net.node('public', number),
                     public_netmask=net.netmask('public'))
    return entry


def _network_metadata(roles, net, public):
    nodes = {}
    for number, of_node in sorted(roles.items()):
        by_role = dict.fromkeys(MANAGEMENT_ROLES, net.node('management', number))
        by_role.update(dict.fromkeys(STORAGE_ROLES, net.node('storage', number)))
        by_role.update({'neutron/private': None, 'neutron/floating': None})
        if number in public:
            by_role.update(dict.fromkeys(PUBLIC_ROLES, net.node('public', number)))
        nodes['node-{}'.format(number)] = {
            'uid': '{}'.format(number),
            'name': 'node-{}'.format(number),
            'fqdn': 'node-{}.example.com'.format(number),
            'node_roles': of_node,
            'network_roles': by_role,
        }
    return {'nodes': nodes, 'vips': {
        name: {'ipaddr': net.place(network, place), 'network_role': role,
               'node_roles': ['controller', 'primary-controller']}
        for name, network, place, role in (
            ('management', 'management', VIP, 'mgmt/vip'),
            ('vrouter', 'management', VROUTER, 'mgmt/vip'),
            ('public', 'public', VIP, 'public/vip'))}}


def _quantum_settings(release, net):
    is_old = release in ('6.1', '7.0')
    external = 'net04_ext' if is_old else 'admin_floating_net'
    floating = [FLOATING] if release.startswith('9') else FLOATING
    internal = 'net04' if is_old else 'admin_internal_net'
    defaults = {} if is_old else {
        'default_private_net': internal, 'default_floating_net': external}
    return dict(defaults, L2={'segmentation_type': 'vlan'}, predefined_networks={
        external: {
            'L2': {'network_type': 'flat', 'router_ext': True},
            'L3': {'subnet': net.network('public'),
                   'gateway': net.place('public', GATEWAY),
                   'floating': floating}},
        internal: {
            'L2': {'network_type': 'vlan', 'router_ext': False},
            'L3': {'subnet': '10.65.0.0/24', 'gateway': '10.65.0.1',
                   'floating': None}}})

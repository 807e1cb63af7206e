"""The networks of an environment, also on Python 2.7.

Addresses are those for documentation (RFC 5737) and, where a /24 is too small, for
benchmarks (RFC 2544).
"""

from __future__ import unicode_literals

# Network -> first address and prefix length; the second for environments that
# the documentation prefixes have no room for.
SMALL = {'management': ('192.0.2.0', 24), 'public': ('198.51.100.0', 25),
         'storage': ('198.51.100.128', 26), 'admin': ('198.51.100.192', 26)}
LARGE = {'management': ('198.18.0.0', 17), 'public': ('198.18.128.0', 17),
         'storage': ('198.19.0.0', 17), 'admin': ('198.19.128.0', 17)}
MOST_SMALL, MOST_LARGE = 50, 30000
# Places in each network: the gateway (in the admin network the Fuel master),
# the VIP, the virtual router's VIP, and the node with the number 1.
GATEWAY, VIP, VROUTER, FIRST_NODE = 1, 2, 3, 11
MANAGEMENT_ROLES = ('mgmt/vip', 'management', 'nova/api', 'neutron/api')


class Addresses(object):
    """The addresses in an environment of *size* nodes; there are ``most`` of them."""

    def __init__(self, size):
        self._networks, self.most = (
            (SMALL, MOST_SMALL) if size <= MOST_SMALL else (LARGE, MOST_LARGE))

    def network(self, name):
        return '{}/{}'.format(*self._networks[name])

    def length(self, name):
        return self._networks[name][1]

    def netmask(self, name):
        return _dotted(0xFFFFFFFF << 32 - self.length(name) & 0xFFFFFFFF)

    def place(self, name, place):
        first = 0
        for octet in self._networks[name][0].split('.'):
            first = first * 256 + int(octet)
        return _dotted(first + place)

    def node(self, name, number):
        return self.place(name, FIRST_NODE - 1 + number)


def _dotted(number):
    return '.'.join('{}'.format(number >> shift & 255)
                    for shift in (24, 16, 8, 0))


def network_scheme(release, number, net, is_public):
    bridges = [('br-mgmt', 'management'), ('br-storage', 'storage'),
               ('br-fw-admin', 'admin')]
    roles = {'management': 'br-mgmt', 'storage': 'br-storage',
             'fw-admin': 'br-fw-admin', 'neutron/private': 'br-prv'}
    endpoints = {'br-prv': {'IP': 'none'}}
    if is_public:
        bridges.append(('br-ex', 'public'))
        roles.update({'ex': 'br-ex', 'neutron/floating': 'br-floating'})
        endpoints['br-floating'] = {'IP': 'none'}
    if release != '6.1':
        roles.update(dict.fromkeys(MANAGEMENT_ROLES, 'br-mgmt'))
    for bridge, name in bridges:
        endpoints[bridge] = {'IP': ['{}/{}'.format(
            net.node(name, number), net.length(name))]}
    # The last of them: the public network, or else that of the Fuel master.
    endpoints[bridge]['gateway'] = net.place(name, GATEWAY)
    return {'version': '1.1', 'provider': 'lnx', 'roles': roles,
            'endpoints': endpoints, 'interfaces': {},
            'transformations': _transformations(is_public)}


def _transformations(is_public):
    """What Fuel makes of each bridge with VLANs: the lower two by Open vSwitch."""
    bridges = [{'action': 'add-br', 'name': name}
               for name in ('br-fw-admin', 'br-mgmt', 'br-storage')
               + ('br-ex',) * is_public]
    for name, lower in (('br-floating', 'br-ex'),) * is_public + (
            ('br-prv', 'br-fw-admin'),):
        bridges += [
            {'action': 'add-br', 'name': name, 'provider': 'ovs'},
            {'action': 'add-patch', 'bridges': [name, lower], 'mtu': 65000,
             'provider': 'ovs'}]
    return bridges

"""Neutron, and the client ``neutron`` with the administrator's credentials.

Prints what python-neutronclient 2.3 and 4.1 print, and refuses what the API
refuses.
"""

from __future__ import unicode_literals

import re

from calico_fuel.openstack.neutron import CLIENT
from calico_fuel.openstack.neutron import CREDENTIALS
from tests.unit.fake.system import OWNER, Entry, UnknownCommand, bad, good

# Of Calico's core plugin.
EXTENSIONS = ['security-group', 'router', 'external-net', 'quotas']
CONFLICT = 'Unable to complete operation on {} {}. It is still in use.'


class Neutron(object):
    """``objects`` has the dicts of each kind; ``is_away`` counts the requests that
    the API does not answer from now on."""

    def __init__(self, system):
        self.system = system
        self.objects = {'net': [], 'subnet': [], 'port': [], 'router': [], 'ext': [
            {'alias': alias} for alias in EXTENSIONS]}
        self.is_away = 0
        self.away_words = 'Connection to neutron failed: Failed to connect'
        self._number = 0
        system.files[CREDENTIALS] = Entry("export OS_PASSWORD='pw'\n", OWNER, 0o600)
        system.programs['bash'] = self.bash

    def add(self, kind, **attributes):
        """A new object of *kind*; its ID."""
        self._number += 1
        uid = '{}-{}'.format(kind, self._number)
        self.objects[kind].append(dict(attributes, id=uid))
        return uid

    def add_network(self, name, kind='vlan', external=False, shared=True):
        uid = self.add('net', name=name, shared=shared)
        self.find('net', uid).update(
            {'provider:network_type': kind, 'router:external': external})
        return uid

    def add_subnet(self, network, cidr, gateway):
        return self.add('subnet', network_id=network, cidr=cidr, gateway_ip=gateway,
                        ip_version=4)

    def add_port(self, network, owner, device):
        return self.add('port', network_id=network, device_owner=owner,
                        device_id=device)

    def add_defaults(self, internal='net04', external='net04_ext'):
        """The networks and the router that Fuel makes; their IDs."""
        inside = self.add_network(internal)
        outside = self.add_network(external, 'local', external=True, shared=False)
        self.add_subnet(inside, '192.168.111.0/24', '192.168.111.1')
        self.add_subnet(outside, '198.51.100.0/25', '198.51.100.1')
        router = self.add('router', name='router04')
        self.add_port(inside, 'network:dhcp', 'dhcp-of-node-1')
        self.add_port(inside, 'network:router_interface', router)
        self.add_port(outside, 'network:router_gateway', router)
        return inside, outside, router

    def find(self, kind, uid):
        return next((one for one in self.objects[kind] if one['id'] == uid), None)

    def names(self, kind):
        return sorted(one['name'] for one in self.objects[kind])

    def bash(self, argv, text):
        if tuple(argv[:len(CLIENT)]) != CLIENT:
            raise UnknownCommand(' '.join(argv))
        if CREDENTIALS not in self.system.files:
            return bad('bash: {}: No such file or directory'.format(CREDENTIALS))
        if self.is_away:
            self.is_away -= 1
            return bad(self.away_words)
        verb, arguments = argv[len(CLIENT)], argv[len(CLIENT) + 1:]
        if verb.endswith('-list'):
            return self._list(verb[:-len('-list')], arguments)
        action = getattr(self, '_' + verb.replace('-', '_'), None)
        if action is None:
            raise UnknownCommand(' '.join(argv))
        self.system.about_to_change()
        return action(*arguments)

    def _list(self, kind, arguments):
        if arguments[:4] != ['-f', 'csv', '--quote', 'all']:
            raise UnknownCommand(' '.join(arguments))
        columns = [b for a, b in zip(arguments, arguments[1:]) if a == '-c']
        filters = [re.match(r'--([^=]+)=(.*)$', word).groups()
                   for word in arguments[4:] if word.startswith('--')]
        assert len(arguments) == 4 + 2 * len(columns) + len(filters)
        found = [one for one in self.objects[kind] if all(
            '{}'.format(one.get(key)) == value for key, value in filters)]
        if any(ord(character) > 127 for one in found for column in columns
               for character in '{}'.format(one.get(column))):
            return bad("'ascii' codec can't encode character")
        if not found:
            return good('\n')
        table = [columns] + [
            ['' if one.get(column) is None else one[column] for column in columns]
            for one in found]
        return good(''.join(
            ','.join('"{}"'.format(cell) for cell in row) + '\n' for row in table))

    def _net_create(self, access, kind, name):
        if kind != '--provider:network_type=local' or access not in (
                '--shared', '--router:external'):
            raise UnknownCommand('net-create {} {}'.format(access, kind))
        self.add_network(name, 'local', access != '--shared', access == '--shared')
        return good('Created a new network:\n')

    def _subnet_create(self, name, gateway, *others):
        options, (network, cidr) = others[:-2], others[-2:]
        gateway = re.match('--gateway=(.*)', gateway).group(1)
        self.find('subnet', self.add_subnet(network, cidr, gateway)).update(
            name=re.match('--name=(.*)', name).group(1),
            enable_dhcp='--disable-dhcp' not in options,
            pools=[option for option in options if 'pool' in option])
        return good('Created a new subnet:\n')

    def _router_create(self, name):
        self.add('router', name=name)
        return good('Created a new router:\n')

    def _router_gateway_set(self, uid, network):
        self.add_port(network, 'network:router_gateway', uid)
        return good('Set gateway for router\n')

    def _router_interface_add(self, uid, subnet):
        self.add_port(self.find('subnet', subnet)['network_id'],
                      'network:router_interface', uid)
        return good('Added interface to router\n')

    def _router_gateway_clear(self, uid):
        self._remove_ports(uid, 'network:router_gateway')
        return good('Removed gateway from router\n')

    def _router_interface_delete(self, uid, port):
        port = self.find('port', port.partition('port=')[2])
        if port is None or port['device_id'] != uid:
            return bad('Unable to find port')
        self.objects['port'].remove(port)
        return good('Removed interface from router\n')

    def _router_delete(self, uid):
        if any(port['device_id'] == uid and port['device_owner'] !=
               'network:router_gateway' for port in self.objects['port']):
            return bad(CONFLICT.format('router', uid))
        self._remove_ports(uid, 'network:router_gateway')
        self.objects['router'].remove(self.find('router', uid))
        return good('Deleted router\n')

    def _net_delete(self, uid):
        ports = [p for p in self.objects['port'] if p['network_id'] == uid]
        if any(port['device_owner'] != 'network:dhcp' for port in ports):
            return bad(CONFLICT.format('network', uid))
        for kind in ('port', 'subnet'):
            self.objects[kind] = [one for one in self.objects[kind]
                                  if one['network_id'] != uid]
        self.objects['net'].remove(self.find('net', uid))
        return good('Deleted network\n')

    def _agent_delete(self, uid):
        self.objects['agent'].remove(self.find('agent', uid))
        return good('Deleted agent: {}\n'.format(uid))

    def _remove_ports(self, device, owner):
        self.objects['port'] = [port for port in self.objects['port'] if (
            port['device_id'], port['device_owner']) != (device, owner)]

"""Neutron networks that must exist, or must not."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import NodeError
from calico_fuel.openstack import neutron
from calico_fuel.resources.base import Resource

# The network types of Calico's mechanism driver (Calico 1.0-1.4, ML2).
SERVED_TYPES = ('local', 'flat')
# Fuel's router: Fuel 6.1-9.2 library, openstack-network.
ROUTER = 'router04'
DHCP_PORT = 'network:dhcp'
GATEWAY_PORT = 'network:router_gateway'
# Ports that attach a router to a network: plain, distributed or highly available.
INTERFACE_PORTS = ('network:router_interface', 'network:router_interface_distributed',
                   'network:ha_router_replicated_interface')
# What tells who uses a port; at most so many users in a message.
USER = ('id', 'device_owner', 'device_id')
USERS_NAMED = 10


class Network(Resource, namedtuple('Network', 'name cidr gateway')):
    """A shared network for Calico, with one IPv4 subnet and DHCP."""

    label_format = 'network {0.name}'

    def difference(self, system):
        network = self._network(system)
        if network is None:
            return '{}: is missing'.format(self.label)
        subnets = neutron.rows(system, 'subnet', ('cidr', 'gateway_ip'),
                               network_id=network, ip_version=4)
        if not subnets:
            return '{}: has no subnet {}'.format(self.label, self.cidr)
        found = [(subnet['cidr'], subnet['gateway_ip']) for subnet in subnets]
        if (self.cidr, self.gateway) not in found:
            raise NodeError(
                '{}: has {} instead of {} with gateway {}. Write the former into the '
                'settings of the plugin, or another name; or, if no instance uses '
                'the network, remove it with "neutron net-delete {}"'.format(
                    self.label, ', '.join(
                        '{} with gateway {}'.format(cidr, gateway or '(none)')
                        for cidr, gateway in found),
                    self.cidr, self.gateway, network))
        return ''

    def change(self, system):
        network = self._network(system)
        if network is None:
            # The type in one word with its option: the client takes a word of its
            # own for the name.
            neutron.change(system, 'net-create', '--shared',
                           '--provider:network_type=local', self.name)
            network = self._network(system)
        neutron.change(system, 'subnet-create', '--name={}-v4'.format(self.name),
                       '--gateway=' + self.gateway, network, self.cidr)

    def _network(self, system):
        """The ID of the network, None if there is none; NodeError if unfit."""
        found = neutron.rows(
            system, 'net', ('id', 'provider:network_type', 'shared'), name=self.name)
        if not found:
            return None
        if len(found) > 1:
            raise NodeError(
                '{}: {} networks have this name: {}. Rename or delete the others '
                '(neutron net-update ID --name NAME), and run this again'.format(
                    self.label, len(found), ', '.join(row['id'] for row in found)))
        kind, shared = found[0]['provider:network_type'], found[0]['shared']
        if kind not in SERVED_TYPES or shared != 'True':
            raise NodeError(
                '{}: exists ({}), but {}. Write another name into the setting '
                '"Network name" and deploy changes, or rename it (neutron net-update '
                '{} --name NAME). If Fuel created it and there are no floating IPs, '
                'you can switch the setting remove_default_networks on instead'.format(
                    self.label, found[0]['id'], 'is not shared'
                    if kind in SERVED_TYPES else 'has the type {}, which Calico does '
                    'not serve'.format(kind), found[0]['id']))
        return found[0]['id']


class NoDefaultNetworks(Resource, namedtuple('NoDefaultNetworks', 'networks router')):
    """The networks and the router that Fuel creates in Neutron do not exist.

    ``networks`` are pairs of a name and "is external"; ``router`` is a name.
    A network with that name and a type of Calico's is not Fuel's.  A router that is
    attached to any other network is not Fuel's either.
    """

    label_format = 'no default networks of Fuel'

    def difference(self, system):
        networks = self._networks(system)
        router, _ = self._router(system, networks)
        found = ['network {} ({})'.format(name, uid) for uid, name in networks]
        if router:
            found.append('router {} ({})'.format(self.router, router))
        return found and 'to remove: ' + ', '.join(found) or ''

    def change(self, system):
        networks = self._networks(system)
        router, ports = self._router(system, networks)
        _refuse_if_used(system, networks, router)
        if router:
            if any(port['device_owner'] == GATEWAY_PORT for port in ports):
                neutron.change(system, 'router-gateway-clear', router)
            for port in ports:
                if port['device_owner'] in INTERFACE_PORTS:
                    neutron.change(system, 'router-interface-delete', router,
                                   'port=' + port['id'])
            neutron.change(system, 'router-delete', router)
        for uid, _ in networks:
            # This also deletes its subnets and the ports of DHCP agents.
            neutron.change(system, 'net-delete', uid)

    def _networks(self, system):
        """(ID, name) of each of Fuel's networks that is there."""
        found = []
        for name, is_external in self.networks:
            here = [row['id'] for row in neutron.rows(
                system, 'net', ('id', 'router:external', 'provider:network_type'),
                name=name)
                if row['router:external'] == '{}'.format(is_external)
                and (is_external or row['provider:network_type'] not in SERVED_TYPES)]
            found += [(uid, name) for uid in only_one('network', name, here)]
        return found

    def _router(self, system, networks):
        """The ID of Fuel's router and its ports; None and () if it is not there."""
        here = [row['id'] for row in neutron.rows(
            system, 'router', ('id',), name=self.router)]
        for router in only_one('router', self.router, here):
            ports = neutron.rows(system, 'port', ('id', 'device_owner', 'network_id'),
                                 device_id=router)
            own = [uid for uid, _ in networks]
            if all(port['network_id'] in own for port in ports
                   if port['device_owner'] in (GATEWAY_PORT,) + INTERFACE_PORTS):
                return router, ports
        return None, ()


def only_one(kind, name, found):
    if len(found) > 1:
        raise NodeError(
            '{0} {1}: there are {2} of this name: {3}. Which one is Fuel\'s is not '
            'known: rename the others (neutron {4}-update ID --name NAME), and run '
            'this again'.format(kind, name, len(found), ', '.join(found),
                                'net' if kind == 'network' else kind))
    return found


def users(ports, routers):
    """Those *ports*, rows, that belong neither to DHCP nor to *routers*, as texts."""
    return ['port {id} (owner "{device_owner}", device "{device_id}")'.format(**port)
            for port in ports if port['device_owner'] != DHCP_PORT
            and port['device_id'] not in routers]


def _refuse_if_used(system, networks, router):
    """NodeError if any port belongs neither to DHCP nor to Fuel's router."""
    used = ['{} on {}'.format(user, name) for uid, name in networks for user in users(
        neutron.rows(system, 'port', USER, network_id=uid), [router])]
    if used:
        raise NodeError(
            'default networks of Fuel: are in use, so nothing is removed: {}{}. '
            'Delete what is named, or switch the setting remove_default_networks '
            'off, and run this again'.format(
                '; '.join(used[:USERS_NAMED]),
                '; and {} more'.format(len(used) - USERS_NAMED)
                if len(used) > USERS_NAMED else ''))

"""What floating IPs need in Neutron: an external network, and a router to it.

Neither is served by an agent: Neutron's database alone pairs a floating IP with a port,
and Felix translates the address on the compute of that port.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.errors import NodeError
from calico_fuel.openstack import neutron
from calico_fuel.openstack.networks import (
    GATEWAY_PORT, INTERFACE_PORTS, SERVED_TYPES, only_one)
from calico_fuel.resources.base import Resource


class External(Resource, namedtuple('External', 'name cidr gateway pools')):
    """An external network of a type that Calico serves, with one IPv4 subnet.

    Fuel 8.0 makes it so itself.  One that an operator has changed stays as it is.
    """

    label_format = 'external network {0.name}'

    def difference(self, system):
        network = external_network(system, self.name)
        if network is None:
            return '{}: is missing'.format(self.label)
        return '' if _subnets(system, network) else '{}: has no subnet {}'.format(
            self.label, self.cidr)

    def change(self, system):
        network = external_network(system, self.name)
        if network is None:
            neutron.change(system, 'net-create', '--router:external',
                           '--provider:network_type=local', self.name)
            network = external_network(system, self.name)
        pools = ['--allocation-pool=start={},end={}'.format(*pool)
                 for pool in self.pools]
        neutron.change(system, 'subnet-create', '--name={}__subnet'.format(self.name),
                       '--gateway=' + self.gateway, '--disable-dhcp',
                       *(pools + [network, self.cidr]))


class Router(Resource, namedtuple('Router', 'name external inside')):
    """A router with its gateway in the network ``external``.

    ``inside`` has name and CIDR of each network that it serves.  Tenants may attach
    more.
    """

    label_format = 'router {0.name}'

    def difference(self, system):
        return '\n'.join(' '.join(step) for step in self._steps(system))

    def change(self, system):
        # Each step, such as the creation, may be what the next ones need.
        for _ in range(2 + len(self.inside)):
            for step in self._steps(system)[:1]:
                neutron.change(system, *step)

    def _steps(self, system):
        """The commands that are missing, as far as known."""
        found = only_one('router', self.name, [row['id'] for row in neutron.rows(
            system, 'router', ('id',), name=self.name)])
        if not found:
            return [('router-create', self.name)]
        ports = neutron.rows(system, 'port', ('device_owner', 'network_id'),
                             device_id=found[0])
        outside = external_network(system, self.external)
        gateways = [port['network_id'] for port in ports
                    if port['device_owner'] == GATEWAY_PORT]
        if gateways not in ([], [outside]):
            raise NodeError(
                '{0}: its gateway is in network {1}, not in {2}, so no floating IP of '
                '{2} could be given. Run "neutron router-gateway-set {3} {2}" if '
                'nobody needs the former'.format(
                    self.label, gateways[0], self.external, found[0]))
        attached = [port['network_id'] for port in ports
                    if port['device_owner'] in INTERFACE_PORTS]
        return [('router-gateway-set', found[0], outside)] * (not gateways) + [
            ('router-interface-add', found[0], subnet)
            for name, cidr in self.inside
            for network in neutron.rows(system, 'net', ('id',), name=name)
            if network['id'] not in attached
            for subnet in _subnets(system, network['id'], cidr=cidr)]


def external_network(system, name):
    """The ID of that external network, None if there is none; NodeError if unfit."""
    found = neutron.rows(
        system, 'net', ('id', 'router:external', 'provider:network_type'), name=name)
    for uid in only_one('network', name, [row['id'] for row in found]):
        if (found[0]['router:external'] != 'True'
                or found[0]['provider:network_type'] not in SERVED_TYPES):
            raise NodeError(
                'external network {}: exists ({}), and is not external or has the type '
                '{}, which Calico does not serve. Rename it (neutron net-update {} '
                '--name NAME), and run this again'.format(
                    name, uid, found[0]['provider:network_type'], uid))
        return uid
    return None


def _subnets(system, network, **filters):
    return [row['id'] for row in neutron.rows(
        system, 'subnet', ('id',), network_id=network, ip_version=4, **filters)]

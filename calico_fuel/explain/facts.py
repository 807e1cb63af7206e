"""What this node has and knows about two instances: read once, without a wait.

A daemon that does not answer is a fact like others, never an error.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import roles
from calico_fuel.bgp import bird, configured, kernel, path_mtu, sessions
from calico_fuel.calico import endpoints, felix, keys, security_groups
from calico_fuel.errors import CalicoFuelError, NodeError
from calico_fuel.etcd import client
from calico_fuel.fuel.model import short
from calico_fuel.openstack import neutron
from calico_fuel.resources.service import service_runs

SECONDS_FOR_NEUTRON = 10
PORT_COLUMNS = ('id', 'status', 'binding:host_id')


class Bird(namedtuple('Bird', 'problem fix protocols table refused')):
    """The daemon here; ``problem`` is why it says nothing, '' if it answers, ``fix``
    what to do about it, if that is known."""


class Facts(namedtuple('Facts', [
        'environment', 'node', 'endpoints', 'keys', 'groups', 'felix_runs', 'links',
        'routes', 'bird', 'sessions', 'ports', 'hops', 'interface'])):
    """``endpoints``, ``keys`` and ``groups`` are None where etcd does not answer.

    ``ports`` are Neutron's rows by the ID of the port, a text instead of them is why
    there are none, None on a node without credentials.  ``hops`` has the answer of each
    next hop: see path_mtu.answered; None if they could not be tried.
    """

    def host(self, name):
        """The Node that Neutron calls so, None if no node of the list does."""
        return next((one for one in self.environment.nodes
                     if short(name) in one.short_names), None)

    def routes_to(self, address):
        """BIRD's routes to *address*, the best first."""
        return [route for route in self.bird.table
                if route.prefix == address + '/32']

    def is_here(self, endpoint):
        return short(endpoint.host) in self.node.short_names


def read(environment, node, system, names):
    """The Facts about those whom *names* mean (see ``endpoints.word``)."""
    entries = client.entries(system, keys.HOSTS, keys.SECONDS)
    found = None if entries is None else endpoints.endpoints(entries)
    named = [one for name in names for one in endpoints.named(found or (), name)]
    groups = client.entries(system, security_groups.DIRECTORY, keys.SECONDS)
    said = _bird(environment, node, system)
    facts = Facts(
        environment, node, found, None if found is None else keys.about_itself(system),
        None if groups is None else security_groups.groups(groups),
        node.is_compute and _runs(system), kernel.links(system), kernel.routes(system),
        said, configured.of(environment, node, system)
        if roles.speaks_bgp(environment, node) and not said.problem else (),
        _ports(node, system, named), {}, None)
    addresses = [name for name in names if '.' in name] + [
        address for one in named for address in one.addresses]
    hops = set(route.next_hop for address in addresses
               for route in facts.routes_to(address) if sessions.uid(route.protocol)
               and route.next_hop)
    if not node.is_compute or not hops:
        return facts
    interface = path_mtu.interface(node, facts.links, facts.routes)
    return facts._replace(interface=interface, hops=interface and path_mtu.answered(
        system, facts.links[interface].mtu, sorted(hops)))


def _bird(environment, node, system):
    silent = Bird('does not answer birdc', '', {}, [], {})
    try:
        if not roles.speaks_bgp(environment, node):
            return silent._replace(problem='')
        if not bird.is_running(system):
            return silent
        return Bird('', '', bird.details(system), bird.table(system),
                    bird.refused(system))
    except CalicoFuelError as error:
        return silent._replace(
            problem='hangs' if isinstance(error, NodeError) else 'cannot be asked',
            fix=error.args[0])


def _runs(system):
    try:
        return service_runs(system, felix.SERVICE)
    except CalicoFuelError:
        return False


def _ports(node, system, named):
    if not node.is_controller or not system.exists(neutron.CREDENTIALS):
        return None
    try:
        return dict((row['id'], row) for one in named for row in neutron.rows(
            system, 'port', PORT_COLUMNS, SECONDS_FOR_NEUTRON, id=one.port))
    except CalicoFuelError as error:
        return error.args[0]

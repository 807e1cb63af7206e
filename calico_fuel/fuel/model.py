"""Values that the rest of the package works with: Node and Environment."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.errors import RoleError

PLUGIN_NAME = 'calico-fuel-plugin'

CONTROLLER_ROLES = frozenset(['primary-controller', 'controller'])
COMPUTE_ROLES = frozenset(['compute'])
ROUTE_REFLECTOR_ROLES = frozenset(['primary-calico-rr', 'calico-rr'])
ETCD_ROLES = frozenset(['primary-calico-etcd', 'calico-etcd'])
# Since networking-calico 1.2, Calico can be Neutron's core plugin in these.
CORE_PLUGIN_RELEASES = ('liberty', 'mitaka')


def short(host):
    """The name by which hosts are compared: some report the full one, some not."""
    return host.partition('.')[0].lower()


class Node(namedtuple('Node', 'uid name fqdn roles address')):
    """One Fuel node.

    ``uid`` is Fuel's number of the node as text.  It never changes; host
    names can.  ``roles`` is a frozenset: astute.yaml lists a node once
    per role.  ``address`` is the IPv4 address in the management network, or
    None for a node that has none.
    """

    @property
    def short_names(self):
        """The short forms of its name and FQDN, which are the same as a rule."""
        return frozenset((short(self.name), short(self.fqdn)))

    @property
    def is_controller(self):
        return bool(self.roles & CONTROLLER_ROLES)

    @property
    def is_compute(self):
        return bool(self.roles & COMPUTE_ROLES)

    @property
    def number(self):
        """The uid as an integer."""
        return int(self.uid)


class ThisNode(namedtuple('ThisNode', [
        'uid', 'attached', 'management_interface', 'management_mtu', 'ovs_elements',
        'dpdk_ports'])):
    """What metadata says only of the node that it was written for.

    ``attached`` are the Prefixes of the networks in which the node has an address,
    ``management_interface`` is its bridge with the management address, or None, and
    ``management_mtu`` the MTU that Fuel gives to it.
    ``ovs_elements`` names the parts of its network set-up that Open vSwitch would be: a
    bridge or port by its name, a patch as ``patch-A:B``; ``dpdk_ports`` names its
    interfaces that Open vSwitch would take from the kernel.
    """


class FloatingNetwork(namedtuple('FloatingNetwork', 'name cidr gateway pools')):
    """Fuel's network of floating IPs; ``pools`` are pairs of addresses. All are texts.
    """


class Neutron(namedtuple('Neutron', [
        'is_used', 'segmentation', 'default_networks', 'private_network',
        'floating_network', 'auto_assigns_floating_ips'])):
    """How Fuel sets Neutron up, if it ``is_used``.

    ``segmentation`` is vlan, gre, tun or None; ``default_networks`` has name and "is
    external" of each network that Fuel makes, by name; ``private_network`` is the
    Network that the wizard asked for, ``floating_network`` the FloatingNetwork, or
    None.
    """


class Environment(namedtuple('Environment', [
        'source', 'nodes_source', 'id', 'fuel_release', 'openstack_release', 'nodes',
        'this', 'networks', 'internal', 'floating', 'servers', 'vips', 'neutron',
        'secret', 'settings', 'public_network_on_all_nodes', 'deployed_before',
        'own_list', 'forgotten', 'warnings'])):
    """A Fuel environment as one of its nodes sees it.

    ``source`` is the file it was read from, ``nodes_source`` the one with its list of
    nodes; error messages begin with them.
    ``openstack_release`` is juno, kilo, liberty or mitaka.  ``nodes`` are in
    the order of their uids, ``this`` is a ThisNode.  ``networks`` are the Prefixes of
    the deployment's own networks and hosts, ``internal`` those that no instance may
    reach: all but the public ones, ``floating`` those of the addresses
    that Neutron may give to workloads out of the public network, ``servers`` those of
    the servers that nodes use, such as DNS;
    ``vips`` maps a name (management, public, ...) to an IPv4 address.
    ``secret`` is the Secret that all its nodes share, None if the metadata lacks it;
    then ``settings.bgp_password`` is None, unless the operator set one.
    ``public_network_on_all_nodes`` is the switch of that name, None if the metadata
    lacks it.  ``deployed_before`` is known from Fuel 8.0 on.  ``own_list`` has the
    Nodes that the metadata file itself lists: Fuel writes it when it deploys this node,
    with the nodes in error, without those that it deletes.  ``forgotten`` has the short
    names, and the uids where known, of the nodes that ``forget-node`` named; ``nodes``
    has none of them.  ``warnings`` are sentences about metadata that is odd but usable.
    """

    _with_roles = None

    def nodes_with(self, roles):
        """The nodes that have one of the frozenset *roles*, in the order of their uids.

        They are looked for once: for every node of thousands it is asked who reflects.
        An Environment never changes, and ``_replace`` makes one that knows nothing yet.
        """
        if self._with_roles is None:
            self._with_roles = {}
        if roles not in self._with_roles:
            self._with_roles[roles] = tuple(
                node for node in self.nodes if node.roles & roles)
        return self._with_roles[roles]

    def node(self, name):
        """The node with this uid, name or FQDN; RoleError if there is none."""
        for node in self.nodes:
            if node.uid == name:
                return node
        for node in self.nodes:
            if name in (node.name, node.fqdn):
                return node
        raise RoleError(
            '{}: nodes: "{}" is not the uid or name of a node of environment '
            '{}, which are {}. Name one of these, or deploy changes so that '
            'Fuel writes the list again'.format(
                self.nodes_source, name, self.id,
                ', '.join(node.name for node in self.nodes)))

    @property
    def is_of_fuel_9(self):
        """Whether Fuel runs the plugin's tasks among its own (a task graph)."""
        return self.fuel_release.startswith('9')

    @property
    def has_floating_ips(self):
        """Whether Calico is Neutron's core plugin, not a mechanism driver of ML2."""
        return (self.settings.floating_ips
                and self.openstack_release in CORE_PLUGIN_RELEASES)

    @property
    def network_to_create(self):
        """The Network to create for workloads, or None.

        Up to Fuel 8.0 Fuel creates the wizard's network itself, for layer 2.
        """
        if self.settings.calico_network:
            return self.settings.calico_network
        if self.is_of_fuel_9 and not self.settings.remove_default_networks:
            return self.neutron.private_network
        return None

    @property
    def instance_mtu(self):
        """The MTU of the instances on this node."""
        return self.settings.instance_mtu or self.this.management_mtu

    @property
    def workload_prefixes(self):
        """Prefixes of all workloads, with the network to create; empty if the operator
        gave none: then any address is allowed."""
        given, network = self.settings.workload_prefixes, self.network_to_create
        return addresses.without_covered(
            given + ((network.prefix,) if network else ())) if given else ()

    @property
    def this_node(self):
        """The node whose metadata this is, found by its uid."""
        return self.node(self.this.uid)

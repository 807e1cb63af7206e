"""What the layer-2 set-up, former reflectors and nodes that are gone have left.

Up to Fuel 8.0 the next deployment of a node brings all of it back: its Puppet
starts the agents and makes the bridges.  ifupdown makes bridges at boot too.  So
this task runs after each deployment and at each boot.  Fuel 9 has no agents to stop,
builds no Open vSwitch from 9.1 on, and runs this when a change asks for it.
Packages stay, openvswitch-switch above all: Fuel's network set-up needs it on its
next run.

What Felix has among the saved firewall rules goes too, where it would keep them from
being loaded at boot.

A controller whose routes other nodes reflect from now on ends its sessions here:
by this task every compute has those to its new reflectors.  Neutron and etcd still
know a node that is gone; the primary controller sees to it.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import bird
from calico_fuel.departed_hosts import NoForeignRecords
from calico_fuel.departed_hosts import NoHostKeys
from calico_fuel.errors import CalicoFuelError
from calico_fuel.openstack import options
from calico_fuel.openstack import ovs_bridge
from calico_fuel.openstack.agents import NoRecords
from calico_fuel.openstack.pacemaker import Stopped
from calico_fuel.resources.firewall import SAVED
from calico_fuel.resources.firewall import SAVED_IPV6
from calico_fuel.resources.saved_rules import SavedRules
from calico_fuel.resources.service import Disabled
from calico_fuel.tasks import bgp
from calico_fuel.tasks import compute

# The Open vSwitch agent has a name in Fuel 6.1-8.0 and with Ubuntu's own packages,
# and another in Fuel 9.
OVS_SERVICES = ('neutron-plugin-openvswitch-agent', 'neutron-openvswitch-agent')
# nova-api-metadata answers the instances, Neutron's agent is only a proxy to it.
SERVICES = OVS_SERVICES + ('neutron-l3-agent', 'neutron-metadata-agent')
DHCP_SERVICE = 'neutron-dhcp-agent'
# With p_ in front up to Fuel 8.0.
PRIMITIVES = tuple(prefix + name for prefix in ('p_', '')
                   for name in SERVICES + (DHCP_SERVICE,))
# br-ex, br-mgmt and so on carry the node's addresses and are bridges of the kernel.
BRIDGES = ('br-tun', 'br-prv', 'br-floating')
# Their Puppet makes br-int anew; from 8.0 on it only waits for it, on computes.
MAKE_INTEGRATION_BRIDGE = ('6.1', '7.0')
# By these names the agents report to Neutron, in all releases.
BINARIES = ('neutron-openvswitch-agent', 'neutron-l3-agent', 'neutron-metadata-agent')


def resources(environment, node, system):
    if not (node.is_controller or node.is_compute):
        return []
    return (former_reflector(environment, node, system) + saved_rules(node)
            + layer_2(environment, node, system) + departed(environment, node))


def saved_rules(node):
    """Both kinds, as Fuel's Puppet has saved them in the deployment that ends."""
    return [SavedRules(path) for path in (SAVED, SAVED_IPV6) if node.is_compute]


def departed(environment, node):
    """What other programs know of nodes that are gone."""
    # Where the list of nodes lacks one that lives, it may lack one that is off too.
    if 'primary-controller' not in node.roles or environment.kept:
        return []
    return [NoForeignRecords(environment.nodes), NoHostKeys(environment.nodes)]


def former_reflector(environment, node, system):
    """BIRD without a session, and its port closed, where it had some once."""
    if roles.speaks_bgp(environment, node) or not system.exists(bird.BIRD_CONF):
        return []
    return bgp.speaker(environment, node, system)


def layer_2(environment, node, system):
    if not environment.settings.cleanup_ovs:
        return []
    wanted = []
    if node.is_controller:
        wanted.append(Stopped(PRIMITIVES))
    if node.is_compute:
        wanted += [Disabled(name) for name in SERVICES]
    wanted += bridges(environment, system)
    if 'primary-controller' in node.roles:
        wanted.append(NoRecords(removed_agents(environment)))
    return wanted


def bridges(environment, system):
    """The bridges to remove or to empty, and those that the node itself needs."""
    wanted = [ovs_bridge.NoBridge(name) for name in BRIDGES]
    if environment.fuel_release in MAKE_INTEGRATION_BRIDGE:
        wanted.insert(0, ovs_bridge.NoBridge(compute.INTEGRATION_BRIDGE))
    else:
        wanted.insert(0, ovs_bridge.EmptyBridge(compute.INTEGRATION_BRIDGE))
    try:
        uses = [ovs_bridge.use(system, one.name) for one in wanted]
    except CalicoFuelError:
        # The first of them fails for that reason, in its turn, and touches nothing.
        return wanted
    return [ovs_bridge.KeptBridge(one.name, use) if use else one
            for one, use in zip(wanted, uses)]


def removed_agents(environment):
    """(binary, hosts) of the agents that must not run, hosts None for everywhere.

    DHCP agents serve on computes, those of controllers are removed.
    """
    hosts = tuple(
        name for node in environment.nodes if node.is_controller
        and not (node.is_compute and options.has_patched_dhcp_agent(environment))
        for name in (node.name, node.fqdn))
    return tuple((binary, None) for binary in BINARIES) + ((DHCP_SERVICE, hosts),)

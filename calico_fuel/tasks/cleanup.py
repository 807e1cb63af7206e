"""Remove leftovers of the layer-2 set-up, of former reflectors and of removed nodes.

Up to Fuel 8.0 the next deployment of a node creates all of it again: its Puppet starts
the agents and creates the bridges.  ifupdown creates bridges at boot, too.  So this
task runs after each deployment and at each boot.  Fuel 9 has no agents to stop, builds
no Open vSwitch from 9.1 on, and runs this task after changes that need it.  Packages
stay, above all openvswitch-switch: Fuel's next network set-up needs it.

Felix's saved firewall rules are removed if the rules could not be loaded at boot.

A controller that is no longer a route reflector closes its BGP sessions here: by now
every compute has sessions to the new reflectors.  The primary controller deletes what
Neutron and etcd have of removed nodes.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import bird
from calico_fuel.errors import CalicoFuelError
from calico_fuel.openstack import options, ovs_bridge
from calico_fuel.openstack.agents import NoRecords
from calico_fuel.openstack.neutron import Answers
from calico_fuel.openstack.pacemaker import Stopped
from calico_fuel.resources.base import Message
from calico_fuel.resources.file import NoFile
from calico_fuel.resources.iptables import SAVED, SAVED_IPV6
from calico_fuel.resources.saved_rules import SavedRules
from calico_fuel.resources.service import Disabled
from calico_fuel.tasks import bgp, compute
from calico_fuel.tasks.departed_hosts import NoForeignRecords, NoHostKeys

# The Open vSwitch agent has a name in Fuel 6.1-8.0 and with Ubuntu's own packages,
# and another in Fuel 9.
OVS_SERVICES = ('neutron-plugin-openvswitch-agent', 'neutron-openvswitch-agent')
# nova-api-metadata answers the instances; Neutron's agent is only a proxy to it.
SERVICES = OVS_SERVICES + ('neutron-l3-agent', 'neutron-metadata-agent')
DHCP_SERVICE = 'neutron-dhcp-agent'
# With the prefix p_ up to Fuel 8.0.
PRIMITIVES = tuple(prefix + name for prefix in ('p_', '')
                   for name in SERVICES + (DHCP_SERVICE,))
# br-ex, br-mgmt and so on carry the node's addresses and are bridges of the kernel.
BRIDGES = ('br-tun', 'br-prv', 'br-floating')
# Their Puppet creates br-int again; from 8.0 on it only waits for it, on computes.
MAKE_INTEGRATION_BRIDGE = ('6.1', '7.0')
# The names of the agents in Neutron, in all releases.
BINARIES = ('neutron-openvswitch-agent', 'neutron-l3-agent', 'neutron-metadata-agent')


def resources(environment, node, system):
    if not (node.is_controller or node.is_compute):
        return []
    return (former_reflector(environment, node, system) + saved_rules(node)
            + layer_2(environment, node, system) + recorded(environment, node))


def saved_rules(node):
    """The saved IPv4 and IPv6 rules, which Fuel's Puppet saved in this deployment."""
    return [SavedRules(path) for path in (SAVED, SAVED_IPV6) if node.is_compute]


def recorded(environment, node):
    """What Neutron and etcd have of removed agents and nodes."""
    if 'primary-controller' not in node.roles:
        return []
    agents = [removed_agents(environment)] if environment.settings.cleanup_ovs else []
    return [Answers()] + agents + [
        NoForeignRecords(environment.nodes), NoHostKeys(environment.nodes)]


def former_reflector(environment, node, system):
    """BIRD without sessions, and its port closed, on a former route reflector."""
    if roles.speaks_bgp(environment, node) or not system.exists(bird.BIRD_CONF):
        return []
    return bgp.speaker(environment, node, system) + [NoFile(bgp.SOCKET_OPTIONS.file)]


def layer_2(environment, node, system):
    if not environment.settings.cleanup_ovs:
        return []
    wanted = []
    if node.is_controller:
        wanted.append(Stopped(PRIMITIVES))
    if node.is_compute:
        wanted += [Disabled(name) for name in SERVICES]
    return wanted + bridges(environment, system)


def bridges(environment, system):
    """The bridges to remove or to empty, and those that the node itself needs."""
    wanted = [ovs_bridge.NoBridge(name) for name in BRIDGES]
    if environment.fuel_release in MAKE_INTEGRATION_BRIDGE:
        wanted.insert(0, ovs_bridge.NoBridge(compute.INTEGRATION_BRIDGE))
    else:
        wanted.insert(0, ovs_bridge.EmptyBridge(compute.INTEGRATION_BRIDGE))
    try:
        there = ovs_bridge.bridges(system)
        uses = [one.name in there and ovs_bridge.use(system, one.name)
                for one in wanted]
    except CalicoFuelError:
        # The first of them fails for that reason later, and changes nothing.
        return wanted
    return [Message('bridge {} stays: the node itself uses {}'.format(one.name, use))
            if use else one for one, use in zip(wanted, uses)]


def removed_agents(environment):
    """No records of the agents that must not run.

    DHCP agents serve on computes, those of controllers are removed.  Pacemaker has
    stopped all of them on controllers.
    """
    controllers = [node for node in environment.nodes if node.is_controller]
    without_dhcp = [node for node in controllers if not (
        node.is_compute and options.has_patched_dhcp_agent(environment))]
    return NoRecords(
        tuple((binary, None) for binary in BINARIES) + (
            (DHCP_SERVICE, _names(without_dhcp)),), _names(controllers))


def _names(nodes):
    return tuple(name for node in nodes for name in (node.name, node.fqdn))

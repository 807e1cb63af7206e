"""The tasks that Fuel or an operator runs on a node, and parts that they share.

A task that changes the node has ``resources(environment, node, system)``: the
wanted state as a list that can be read aloud, empty where the node has no
part in it.  A task that changes nothing has ``checks_of(environment, node, system)``:
a list of Checks.  Parts are functions that give some of these.

Parts of tasks:

command          the command calico-fuel
earlier_plugin   leftovers of the versions 1.0 and 2.0 of this plugin
firewall         the open ports of BGP, BFD and etcd, and who may not use them
bgp              BIRD, configured for the node's place in the BGP topology
addressing       the addresses of nodes, workloads and their gateway
gateway          a separate default gateway for workloads
departed_hosts   hosts that have left the environment

Tasks:

hiera            values that change Fuel's own tasks (Fuel 9)
packages         the packages, from the plugin's own repository
preflight        can this deployment work?
cron             the tasks of cron between deployments
etcd_open_ports  the ports of etcd's members, open to new nodes (Fuel 9)
etcd             a member of the etcd cluster, or a proxy to it
neutron_server   Neutron with the Calico mechanism driver
route_reflector  a BGP route reflector
hold_routes      pinned routes, which stay while BGP sessions are reset
compute          routing, DHCP, metadata and Felix on computes
release_routes   pinned routes are removed once BIRD has learned them again
cleanup          removal of the layer-2 set-up that Calico does not need
networks         Neutron networks that the settings ask for
compared         what all tasks want, compared with the node
node_checks      checks of a node as it is now, which do not wait
snapshot         a node that is asked each question once
status           checks, sessions and numbers of a node as it is now
verify           does it all work?

Only for the operator:

remove           the node as it was before the plugin
"""

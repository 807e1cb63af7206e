"""What Fuel, or an operator, runs on a node: tasks, and parts that they share.

A task that changes the node has ``resources(environment, node, system)``: the
wanted state as a list that can be read aloud, empty where the node has no
part in it.  A task that only looks has ``checks_of(environment, node, system)``:
a list of Checks.  Parts are functions that give some of these.

Parts of tasks:

command          the command calico-fuel
earlier_plugin   what the versions 1.0 and 2.0 of this plugin have left
own_address      whether this machine is the node that metadata is of
firewall         who may talk BGP and etcd to this node
bgp              BIRD, configured for the node's place in the BGP topology
addressing       what preflight finds about addresses
gateway          a default gateway for workloads of their own

Tasks:

hiera            what Fuel's own tasks are to do otherwise (Fuel 9)
packages         the packages, from the plugin's own repository
preflight        can this deployment work?
cron             what cron does between deployments
etcd_open_ports  the ports of etcd's members, open to new nodes (Fuel 9)
etcd             a member of the etcd cluster, or a proxy to it
neutron_server   Neutron with the Calico mechanism driver
route_reflector  a BGP route reflector
hold_routes      routes that stay while BGP sessions are reset
compute          what carries workloads
release_routes   held routes are removed once they are no longer needed
cleanup          what the traditional set-up left and Calico does not need
networks         Neutron networks that the settings ask for
instances        what the daemons of a compute do for its instances: a part
verify           does it all work?

Of an operator alone:

remove           what was there before the plugin
"""

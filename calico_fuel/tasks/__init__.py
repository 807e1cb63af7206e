"""What Fuel runs on a node, one module for each task.

A task that changes the node has ``resources(environment, node, system)``: the
wanted state as a list that can be read aloud, empty where the node has no
part in it.  A task that only looks has ``findings(environment, node, system)``:
Findings, problems among them.

finding          what a task that only looks has found
hiera            what Fuel's own tasks are to do otherwise (Fuel 9)
predecessor      what the versions 1.0 and 2.0 of this plugin have left
packages         the packages, from the plugin's own repository
preflight        can this deployment work?
firewall         who may talk BGP and etcd to this node
etcd             a member of the etcd cluster, or a proxy to it
etcd_doors       who comes may ask those who have its data (Fuel 9)
neutron_server   Neutron with the Calico mechanism driver
bgp              BIRD, configured for the node's place in the BGP topology
route_reflector  a BGP route reflector
gateway          a default gateway for workloads of their own
compute          what carries workloads
cleanup          what the traditional set-up left and Calico does not need
keep             run the tasks again at boot and when nodes change
networks         Neutron networks that the settings ask for
remove           what was there before the plugin
verify           does it all work?
"""

"""Nodes of a Fuel environment on this machine: network namespaces, and clones.

machine      clones of this machine, and what a run leaves
network      nodes as network namespaces, with a BIRD on each
felix        a real Felix that is given, and what it reads of etcd
pacemaker    its tools on a controller, without corosync
openvswitch  its own tools and database on a node, without a switch
neutron      a real Neutron, where it is wanted
stock        what Fuel's own tasks leave on a node
etcd         nodes with a real etcd each, on which the task "etcd" runs
earlier_plugin
             what the plugins 1.0 and 2.0 leave on nodes
orchestrator how Fuel runs the tasks of a plugin, by release
fuel         an environment, and what its master does to its nodes
fuel8        the same of a Fuel 8.0, which also touches nodes that are ready
yaql_conditions
             which of them are due, and what their expressions mean
graph        which runs where and after what
graph_checks what can be said of a graph before it is deployed
astute       what runs when, and what fails with what
fuel9        the same of a Fuel 9, by its task graph
laboratory   master, nodes and workloads as a whole
labs, status the labs of this checkout that are up, by name, and how one does
fuel_metadata
             node metadata of environments of any shape
terminal     progress, refusals and messages of the programs
restart_cases
             what can happen to the BIRD of a node
demo, cli, scale, restarts
             the programs
"""

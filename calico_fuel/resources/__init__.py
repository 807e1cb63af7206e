"""What a node can have, one module for each kind of thing.

A resource says what is wanted, as a value.  Every kind has

* ``label``: what it is, for the summary and the log;
* ``difference(system)``: what is not as wanted, as text for people and without
  secrets; empty when nothing is;
* ``change(system)``: make it so;
* ``loaded(system)``: what a service that watches it has to load anew when it is
  another text than before;
* ``is_vital``: whether the node works less well while it differs.

``converge`` calls them in the order of a task's list.

resource    what all kinds have in common
file        a file with a text
deployed_settings
            the settings of the last deployment that finished here
no_file     a file that must not be there
put_back    what was there before the plugin
no_text     text that must not be in a file
handed_over  BIRD's configuration, and the routes of sessions that end
directory   a directory that a daemon writes to
options     options in an ini file that others write too
package     an installed package
boot        which init a node has, and what it starts at boot
service     a daemon that runs, or must not run
no_bird     BIRD does not run, and none of its routes is left
held_routes
            routes that stay while BGP sessions begin anew
chain       a chain of firewall rules
no_chain    firewall rules, and a whole chain, that must not be there
saved_rules  saved firewall rules that can be loaded at boot
sysctl      a kernel setting
policy_routing
            rules by which some traffic follows a routing table of its own
pacemaker   pacemaker resources that must not run
bridge      an Open vSwitch bridge that must not be there, or must be empty
agent_record  records of agents that Neutron no longer has
host_keys   keys in etcd of hosts that are gone
no_member   this node is no etcd member; how it gets to its place
etcd_service
            etcd as a service, whose members restart one after the other
proxy_cache
            the members that an etcd proxy knows
moved_member
            the data of an etcd member that are in another directory
member      this node's place in the etcd cluster
member_gone  nothing of an etcd member is on this node
reachable   no workload is cut off by the prefixes that workloads may have
network     Neutron networks that are to be there, or not
"""

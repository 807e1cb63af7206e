"""What a node can have, one module for each kind of thing.

A resource says what is wanted, as a value.  Every kind has

* ``label``: what it is, for the summary and the log;
* ``difference(system)``: what is not as wanted, as text for people and without
  secrets; empty when nothing is;
* ``change(system)``: make it so;
* ``loaded(system)``: what a service that watches it has to load anew when it is
  another text than before.

``converge`` calls them in the order of a task's list.

resource    what all kinds have in common
file        a file with a text
no_file     a file that must not be there
directory   a directory that a daemon writes to
options     options in an ini file that others write too
package     an installed package
boot        a SysV script that is run at boot
service     a daemon that runs, or must not run
chain       a chain of firewall rules
sysctl      a kernel setting
pacemaker   pacemaker resources that must not run
bridge      an Open vSwitch bridge that must not be there, or must be empty
agent_record  records of agents that Neutron no longer has
no_member   this node is no etcd member; how it gets to its place
etcd_service
            etcd as a service, whose members restart one after the other
proxy_cache
            the members that an etcd proxy knows
member      this node's place in the etcd cluster
network     Neutron networks that are to be there, or not
"""

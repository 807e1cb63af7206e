"""Project Calico for environments deployed by Mirantis Fuel.

Data flows one way, and a module imports only modules named before it, here and in
the list of its folder:

errors      every deliberate exception
addresses   IPv4 and IPv6 text, prefixes, address ranges
checks      what was looked at, row by row, with its fix
fuel        what Fuel tells of an environment -> Environment
roles       which node reflects routes, speaks BGP, or has an etcd member
resources   things that any node can have: compare with the node, change it
packages    packages, and the apt that installs them
openstack   Neutron, Nova, libvirt, and what Fuel sets up for them
etcd        the etcd cluster: settings, members, proxies, keys, backups
calico      what Calico's driver, Felix and DHCP agent say, above all in etcd
bgp         sessions, route policy, and the BIRD of a node
departed_hosts
            hosts that are no node of the environment any more
render      Environment and Node -> the text of every file on that node
forgotten   nodes that are left out until Fuel writes another list
node_list   nodes that live and that Fuel's list of nodes lacks
tasks       what Fuel runs: the wanted state of each role, and what to look at
converge    bring a node to a task's wanted state
system      all that touches the node
cli         what a person types, and what is said in return
__main__    argv -> subcommand -> exit status
"""

__version__ = '4.0.0'

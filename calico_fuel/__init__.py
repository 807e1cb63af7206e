"""Project Calico for environments deployed by Mirantis Fuel.

Data flows one way.  A module imports only modules that are listed before it, here and
in the list of its folder:

codes       what can be wrong: names, severities, fixes
checks      results of checks, row by row, with the fix
errors      every deliberate exception
addresses   IPv4 and IPv6 text, prefixes, address ranges
fuel        Fuel's metadata -> Environment
roles       which node reflects routes, speaks BGP, or has an etcd member
resources   things that any node can have: compare and change them
packages    packages, and the apt that installs them
openstack   Neutron, Nova, libvirt, and their set-up by Fuel
etcd        the etcd cluster: settings, members, proxies, keys, backups
calico      Calico's driver, Felix and DHCP agent, mostly by their etcd keys
bgp         sessions, route policy, and the BIRD of a node
explain     each link on the way to an instance, and the first that is broken
render      Environment and Node -> the text of every file on that node
diag        an archive about a node, without its secrets
tasks       Fuel's tasks: the wanted state of each role, and its checks
converge    bring a node to a task's wanted state
system      all access to the node
cli         subcommands and their output
__main__    argv -> subcommand -> exit status
"""

__version__ = '4.0.0'

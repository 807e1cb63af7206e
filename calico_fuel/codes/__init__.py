"""What can be wrong, by code: the only list that checks, documents and metrics share.

code      what a Code is
bgp       sessions and routes
cluster   etcd, Neutron's driver, Felix, DHCP
instance  one instance, on its way
node      what tasks want of a node, and whether a deployment can work
registry  all of them by name
"""

"""Why packets do, or do not, reach an instance: the links between, one after another.

link       one Link, and the codes of those that are broken
facts      what this node has and knows: the only module that reads
speaker    Links of a BIRD here that lacks a route, or has another than it should
instance   Links of an instance and its host: Neutron, etcd, Felix, tap, BIRD there
reflector  the Link of a route reflector
route      Links from there to the sender: route reflectors, BIRD, kernel, next hop
policy     the Link of security groups
chain      all Links, up to the first that is broken
"""

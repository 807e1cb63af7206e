"""Fuel's metadata of a node -> Environment.

Pure.  No other module sees a raw key of Fuel's.

yaml_values     text of YAML -> mappings, lists and texts; lookups in them
secret          the secret of an environment -> keys that all nodes derive alike
mtu             the MTU of an interface, and that of instances
setting_values  one value that an operator wrote -> its value in the model
setting_keys    keys that are no settings
external_peers  lines about routers outside -> ExternalPeers
settings        what an operator can set: declared, validated, explained
passwords       which settings hold passwords; values without them
model           Node and Environment: values and questions about them
nodes           Fuel's lists of nodes -> Nodes
own_networks    all of the metadata -> the deployment's own networks
internal_networks
                those of them that no instance may reach
servers         the servers that nodes use, such as DNS
neutron         how Fuel sets Neutron up
metadata        text of astute.yaml and nodes.yaml -> Environment
"""

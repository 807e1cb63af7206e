"""What Fuel tells of an environment: metadata of a node -> Environment.

Pure.  No other module sees a raw key of Fuel's.

yaml_values     values that a YAML parser made, as text
setting_values  one value that an operator wrote -> what the model holds
settings        what an operator can set: declared, validated, explained
model           Node and Environment: values and questions about them
nodes           Fuel's lists of nodes -> Nodes
own_networks    everything metadata tells -> the deployment's own networks
metadata        text of astute.yaml and nodes.yaml -> Environment
"""

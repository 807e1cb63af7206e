"""Project Calico for environments deployed by Mirantis Fuel.

Data flows one way, and a module imports only modules named before it:

errors      every deliberate exception
text        values that a YAML parser made, as text
addresses   IPv4 and IPv6 text, prefixes, address ranges
values      one value that an operator wrote -> what the model holds
settings    what an operator can set: declared, validated, explained
model       Node and Environment: values and questions about them
nodes       Fuel's lists of nodes -> Nodes
networks    everything metadata tells -> the deployment's own networks
metadata    text of astute.yaml and nodes.yaml -> Environment
topology    who reflects, who speaks BGP with whom, who is an etcd member
policy      which routes a node may learn, announce and install
etcd        the settings of the etcd members and proxies
openstack   the options wanted in the files of Neutron, Nova and libvirt
render      Environment and Node -> the text of every file on that node
report      Environment -> tables, JSON, YAML and Graphviz
system      all input and output
commands    one function per subcommand
__main__    argv -> subcommand -> exit status
"""

__version__ = '4.0.0'

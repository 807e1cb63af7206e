"""Project Calico for environments deployed by Mirantis Fuel.

Data flows one way, and a module imports only modules named before it:

errors      every deliberate exception
text        values that a YAML parser made, as text
kind        namedtuples that compare their type too
ini         options in the text of ini files
addresses   IPv4 and IPv6 text, prefixes, address ranges
values      one value that an operator wrote -> what the model holds
settings    what an operator can set: declared, validated, explained
model       Node and Environment: values and questions about them
nodes       Fuel's lists of nodes -> Nodes
networks    everything metadata tells -> the deployment's own networks
metadata    text of astute.yaml and nodes.yaml -> Environment
topology    who reflects, who speaks BGP with whom, who is an etcd member
forgotten   nodes that are left out until Fuel writes another list
policy      which routes a node may learn, announce and install
etcd_view   what is known of an etcd cluster
etcd_steps  the steps that change its membership
etcd_membership
            the next safe step towards the wanted members
etcd_api    what etcd says over HTTP, and is asked for
etcd        the settings of the etcd members and proxies
etcd_keys   the keys of etcd: read, written, removed
etcd_backup
            backups of the keys, and what is written back
openstack   the options wanted in the files of Neutron, Nova and libvirt
endpoints   the addresses of workloads, as etcd has them
question    a question to a daemon, within a bound
bird_replies
            what birdc prints: protocols and routes
bird        the BIRD of a node: its version, its parser, what it is asked
own_address
            whether this machine is the node that metadata is of
neutron     Neutron through its command line client
departed    which hosts are no node of the environment any more
apt         what apt and dpkg say, and are told to do
installation
            one installation by apt, within a bounded time
checks      what was looked at, row by row, with its cure
health      what the daemons replied -> checks
felix       what Felix does on computes -> checks
dhcp        who serves addresses to instances -> checks
handover    when a compute may leave a session
resources   what a node can have: compare it with the node, change it
render      Environment and Node -> the text of every file on that node
remembered  nodes that live and that the list of nodes lacks
report      Environment -> tables, JSON, YAML and Graphviz
tasks       what Fuel runs: the wanted state of each role, and what to look at
converge    bring a node to a task's wanted state
system      all that touches the node
terminal    what the program says, and to whom
refresh     the tasks run again, because the list of nodes has changed or to be sure
commands    one function per kind of subcommand
__main__    argv -> subcommand -> exit status
"""

__version__ = '4.0.0'

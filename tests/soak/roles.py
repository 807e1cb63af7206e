"""The roles of nodes, and what an environment stands.

Nodes are a mapping of names to roles.
"""

CONTROLLER, COMPUTE = 'controller', 'compute'
REFLECTOR, MEMBER = 'calico-rr', 'calico-etcd'
# So many of a role at least, and at most; the last two are on Fuel 9.
FEWEST = {CONTROLLER: 2, COMPUTE: 2, REFLECTOR: 0, MEMBER: 0}
MOST = {CONTROLLER: 4, COMPUTE: 5, REFLECTOR: 2, MEMBER: 3}


def those(nodes, role):
    """The names of the *nodes*, role by name, with a role."""
    return [name for name in nodes if nodes[name] == role]


def reflectors(nodes):
    return those(nodes, REFLECTOR) or those(nodes, CONTROLLER)


def members(nodes):
    """The names of the nodes that are etcd's members."""
    return those(nodes, MEMBER) or those(nodes, CONTROLLER)


def speakers(nodes):
    """The names of the nodes whose BIRD has sessions."""
    return those(nodes, COMPUTE) + reflectors(nodes)


def first_nodes(controllers, computes):
    """Role by name of the nodes of an environment that is made."""
    roles = [CONTROLLER] * controllers + [COMPUTE] * computes
    return {'node-{}'.format(number): role for number, role in enumerate(roles, 1)}


def may_go(nodes, name):
    """Whether Fuel may delete a node: most of etcd's members have to stay."""
    names = members(nodes)
    return (len(those(nodes, nodes[name])) > FEWEST[nodes[name]]
            and is_rest_enough(nodes, name)
            and (name not in names or len(names) > 2))


def may_be_cut(nodes, pair):
    """Whether all goes on without the network between two nodes."""
    return (is_rest_enough(nodes, *pair)
            and not set(reflectors(nodes)) <= set(pair)
            and not set(members(nodes)) <= set(pair))


def is_rest_enough(nodes, *names):
    """Whether two computes are left to watch."""
    return len(set(those(nodes, COMPUTE)) - set(names)) > 1

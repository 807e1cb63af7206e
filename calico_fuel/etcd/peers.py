"""Who is, was or will be a member, from metadata; and the URLs of each."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.etcd.moving import BOTH, HTTP, TLS
from calico_fuel.etcd.steps import Peer, Wanted

# Of members to other nodes, by the scheme.  HTTP has etcd's own, so that members that
# spoke HTTP go on doing so while they move to TLS.
CLIENT_PORTS = {'http': 2379, 'https': 2389}
PEER_PORTS = {'http': 2380, 'https': 2390}


def wanted_members(environment):
    """The Peers of the wanted members, in the order of their uids."""
    return tuple(peer(environment, node) for node in roles.etcd_members(environment))


def wanted(environment, may_begin=False):
    """The Wanted of *environment*; *may_begin* as there."""
    members, known = roles.etcd_members(environment), _not_forgotten(environment)
    return Wanted(
        wanted_members(environment),
        environment.forgotten | _addresses(
            [node for node in environment.nodes if node not in members]
            + [node for node in environment.own_list if node not in known]),
        _addresses(known), may_begin)


def _addresses(nodes):
    return frozenset(node.address for node in nodes if node.address)


def _not_forgotten(environment):
    """The nodes of this node's own metadata that may still exist."""
    return [node for node in environment.own_list if node.address
            and environment.forgotten.isdisjoint(node.short_names | {node.uid})]


def possible_members(environment):
    """The Peers that are wanted, or may be members now or have been before."""
    members = roles.etcd_members(environment)
    return tuple(peer(environment, node) for node in possible_nodes(environment)
                 if node in members or node.is_controller)


def possible_nodes(environment):
    """The nodes of the list, and those of this node's own metadata that it omits."""
    uids = set(node.uid for node in environment.nodes)
    return list(environment.nodes) + [
        one for one in _not_forgotten(environment) if one.uid not in uids]


def peer(environment, node, schemes=None):
    """The Peer of *node*, which listens with *schemes*, or as a new member does.

    It is asked by TLS first, and by HTTP if that is not answered.
    """
    address = roles.management_address(environment, node)
    return Peer(node.name, address, urls(address, PEER_PORTS, (
        schemes or schemes_of_new(environment))), urls(address, CLIENT_PORTS, reversed(
            HTTP if environment.secret is None else BOTH)))


def schemes_of_new(environment):
    """The schemes of a member of a new etcd cluster, and of a proxy."""
    return HTTP if environment.secret is None else TLS


def urls(address, ports, schemes):
    return tuple('{}://{}:{}'.format(scheme, address, ports[scheme])
                 for scheme in schemes)

"""Fuel's lists of nodes -> Nodes.

Three lists can have a node: ``nodes`` of astute.yaml, with one entry per
role; ``network_metadata.nodes`` (from Fuel 7.0), by name and with an address
for each network role; and ``nodes`` of /etc/hiera/nodes.yaml (Fuel 6.1-8.0),
in the format of the first, and newer than both.
"""

from __future__ import unicode_literals

import re

from calico_fuel import addresses
from calico_fuel.errors import AS_FUEL_WROTE_IT, MetadataError
from calico_fuel.fuel.model import Node
from calico_fuel.fuel.yaml_values import at, shown, text, texts

# The first one that a node has counts; Fuel 6.1 has only the second.
MANAGEMENT_NETWORK_ROLES = ('mgmt/vip', 'management')

# Fuel 9.2 lists these tags of the role controller as if they were roles of the node.
TAGS = frozenset(prefix + tag for prefix in ('', 'primary-')
                 for tag in ('database', 'keystone', 'neutron', 'rabbitmq'))

UID = re.compile(r'[0-9]{1,10}\Z')
# It can stand in a path, a comment and etcd's list of members.
HOST_NAME = re.compile(r'[A-Za-z0-9][A-Za-z0-9_.-]*\Z')


def merge(listed, metadata_nodes, fresh=None):
    """Nodes, each once, in the order of their uids.

    *listed* and *fresh* are pairs of a file name and the entries of its
    ``nodes`` (*fresh* may be None), *metadata_nodes* a pair of a file name
    and the mapping ``network_metadata.nodes``.  A management address is that
    of the network role, unless the fresh list has another one.  MetadataError for an
    entry without uid or role, and for two nodes with one name or address.
    """
    by_list = _grouped(_listed_entries(*listed))
    by_role = _grouped(_metadata_entries(*metadata_nodes))
    if fresh is None:
        nodes = [_node(by_role.get(uid, []) + by_list.get(uid, []))
                 for uid in set(by_list) | set(by_role)]
    else:
        nodes = [_fresh_node(entries, by_list.get(uid), by_role.get(uid))
                 for uid, entries in _grouped(_listed_entries(*fresh)).items()]
    nodes = tuple(sorted(nodes, key=lambda node: node.number))
    _refuse_twins(nodes, (fresh or listed)[0])
    return nodes


def _fresh_node(entries, listed, by_role):
    node = _node(entries)
    before = _node(listed).address if listed else None
    by_role = _node(by_role).address if by_role else None
    if by_role and before in (None, node.address):
        return node._replace(address=by_role)
    return node


def _own_management_address(scheme):
    """It is found by its network role, because custom networks rename bridges."""
    for role in MANAGEMENT_NETWORK_ROLES:
        for address in texts(scheme, 'endpoints', text(scheme, 'roles', role), 'IP'):
            return _ipv4(address.split('/')[0])
    return None


def with_own_address(nodes, uid, scheme):
    """*nodes*, and sentences about contradictions.

    If the lists have no address of the node *uid*, that of its own network_scheme is
    used.  If they differ, that of the lists is used, because the other ends of the
    node's BGP sessions use it.
    """
    own = _own_management_address(scheme)
    here = next((node for node in nodes if node.uid == uid), None)
    if not here or not own or here.address == own:
        return nodes, ()
    if here.address:
        return nodes, (
            'network_scheme gives this node the management address {}, the list of '
            'nodes {}: using the latter, which the other nodes know'.format(
                own, here.address),)
    return tuple(node._replace(address=own) if node == here else node
                 for node in nodes), ()


def _ipv4(value):
    try:
        return addresses.canonical_ipv4(value)
    except ValueError:
        return None


def _listed_entries(source, entries):
    for index, entry in enumerate(entries):
        where = 'nodes[{}]'.format(index)
        uid = _uid(entry.get('uid'), source, where)
        role = entry.get('role')
        if role is None:
            raise MetadataError(
                source, where, 'node {} has no "role"'.format(uid),
                AS_FUEL_WROTE_IT)
        name = _host_name(entry.get('name', 'node-' + uid), source, where + '.name')
        yield Node(
            uid, name, _host_name(entry.get('fqdn', name), source, where + '.fqdn'),
            frozenset([text(role)]), _ipv4(entry.get('internal_address')))


def _metadata_entries(source, nodes):
    for name, entry in nodes.items():
        where = 'network_metadata.nodes.{}'.format(name)
        uid = _uid(at(entry, 'uid'), source, where)
        found = [_ipv4(text(entry, 'network_roles', role))
                 for role in MANAGEMENT_NETWORK_ROLES]
        name = _host_name(entry.get('name', name), source, where + '.name')
        yield Node(
            uid, name, _host_name(entry.get('fqdn', name), source, where + '.fqdn'),
            frozenset(texts(entry, 'node_roles')),
            next((address for address in found if address), None))


def _uid(value, source, where):
    if not UID.match(text(value)):
        raise MetadataError(
            source, where + '.uid', '"{}" is not the number of a node'.format(
                shown(value)), AS_FUEL_WROTE_IT)
    return value


def _host_name(value, source, where):
    if not HOST_NAME.match(text(value)):
        raise MetadataError(
            source, where, '"{}" is not a host name'.format(shown(value)),
            AS_FUEL_WROTE_IT)
    return value


def _grouped(entries):
    """uid -> its entries, in an order that does not depend on the input's."""
    grouped = {}
    for entry in sorted(entries, key=lambda e: (
            e.uid, sorted(e.roles), e.name, e.fqdn, e.address or '')):
        grouped.setdefault(entry.uid, []).append(entry)
    return grouped


def _node(entries):
    """One node from all its entries; the first value counts."""
    return entries[0]._replace(
        roles=frozenset().union(*[entry.roles for entry in entries]) - TAGS,
        address=next((e.address for e in entries if e.address), None))


def _refuse_twins(nodes, source):
    """MetadataError where two nodes share a name or an address."""
    seen = {}
    for node in nodes:
        for key, value in (('name', node.name), ('address', node.address)):
            other = seen.setdefault((key, value), node)
            if value and other != node:
                raise MetadataError(
                    source, 'nodes', 'nodes {} and {} have the same {} {}'.format(
                        other.uid, node.uid, key, value), AS_FUEL_WROTE_IT)

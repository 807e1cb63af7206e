"""Nodes that are ignored until Fuel writes another list of nodes.

When Fuel 6.1 removes only computes, it does not inform the other nodes.  A node that
Fuel has removed and could not reach still runs, with its sessions and its etcd member.
"""

from __future__ import unicode_literals

import re

from calico_fuel.errors import RoleError
from calico_fuel.fuel.model import short
from calico_fuel.resources.base import STATE, digest

# Lines of a uid or short name, and the digest of the list in which it is ignored.
PATH = STATE + 'forgotten'


def forget(system, names, text):
    """Ignore the node with these *names* in the list with this *text* from now on."""
    system.write(PATH, ''.join('{} {}\n'.format(name, digest(text)) for name in sorted(
        names_in(system, text) | names)), 0o600)


def names_in(system, text):
    """The uids and short names that are ignored in the list with this *text*."""
    rows = [line.split() for line in (system.read_if_exists(PATH) or '').splitlines()]
    return frozenset(row[0] for row in rows if row[1:] == [digest(text)])


def without(environment, names):
    """*environment* without the nodes with these *names*, and a warning about them.

    This node is never left out.
    """
    left_out = [node for node in _listed(environment, names)
                if node.uid != environment.this.uid]
    return environment._replace(
        nodes=tuple(node for node in environment.nodes if node not in left_out),
        forgotten=names,
        warnings=environment.warnings + tuple(
            '{} is ignored, because of calico-fuel forget-node, until Fuel writes '
            'another list of nodes. Remove {} to undo that'.format(name, PATH)
            for name in sorted(names) if not name.isdigit()))


def names_of(environment, name, is_forced):
    """The uid, where it is known, and the short names of the node *name*.

    A node that the list lacks is named node-UID, or as its host or etcd member is.
    RoleError for this node, and for one in the list unless the operator *is_forced* to
    say that it has left.
    """
    number = re.match(r'(?:node-)?([0-9]+)\Z', short(name))
    names = frozenset([short(name)] + (
        [number.group(1), 'node-' + number.group(1)] if number else []))
    listed = _listed(environment, names)
    if environment.this_node in listed:
        raise RoleError('{}: nodes: {} is this node. Run this on the others'.format(
            environment.nodes_source, name))
    if listed and not is_forced:
        raise RoleError(
            '{}: nodes: {} is in the list. If it has left the environment all the same '
            '(Fuel 6.1 writes no new list when a compute is removed), add --force. '
            'Otherwise remove it from the environment, and deploy changes'.format(
                environment.nodes_source, name))
    return names.union(*[node.short_names | {node.uid} for node in listed])


def _listed(environment, names):
    return [node for node in environment.nodes
            if names & (node.short_names | {node.uid})]

"""Nodes that are ignored until Fuel writes another list of nodes.

When Fuel 6.1 removes only computes, it does not inform the other nodes.
"""

from __future__ import unicode_literals

import hashlib

from calico_fuel import roles
from calico_fuel.errors import RoleError

# Lines of a uid or short name, and the digest of the list in which it is ignored.
PATH = '/var/lib/calico-fuel/forgotten'


def forget(system, node, text):
    """Ignore *node* in the list of nodes with this *text* from now on."""
    names = names_in(system, text) | node.short_names | {node.uid}
    system.write(PATH, ''.join(
        '{} {}\n'.format(name, digest(text)) for name in sorted(names)), 0o600)


def names_in(system, text):
    """The uids and short names that are ignored in the list with this *text*."""
    rows = [line.split() for line in (system.read_if_exists(PATH) or '').splitlines()]
    return frozenset(row[0] for row in rows if row[1:] == [digest(text)])


def without(environment, names):
    """*environment* without the nodes with these *names*, and a warning for each.

    This node is never left out.
    """
    left_out = [node for node in environment.nodes if node.uid != environment.this_uid
                and names & (node.short_names | {node.uid})]
    return environment._replace(
        nodes=tuple(node for node in environment.nodes if node not in left_out),
        forgotten=names,
        warnings=environment.warnings + tuple(
            '{} is left out, because of calico-fuel forget-node, until Fuel writes '
            'another list of nodes. Remove {} to undo that'.format(node.name, PATH)
            for node in left_out))


def refuse_unfit(environment, node):
    """RoleError for a node of whose removal Fuel informs all nodes itself."""
    reason = None
    if node.uid == environment.this_uid:
        reason = 'is this node'
    elif (node.is_controller or roles.is_etcd_member(environment, node)
          or roles.is_route_reflector(environment, node)):
        reason = ('has a controller, a route reflector or an etcd member: when Fuel '
                  'removes it, it informs every other node')
    if reason:
        raise RoleError('{}: nodes: {} {}. Deploy changes on the master instead'.format(
            environment.nodes_source, node.name, reason))


def refuse_living(node, sign):
    """RoleError for a node that is alive; *sign* says why, '' if it is not."""
    if sign:
        raise RoleError(
            '{} is not forgotten: {}. Remove it from the environment first, and run '
            'this two minutes after it went down; or add --force if you know that it '
            'has left this environment'.format(node.name, sign))


def digest(text):
    """The digest of a list of nodes, which differs from that of any other list."""
    return '{}'.format(hashlib.sha256(text.encode('utf-8')).hexdigest())

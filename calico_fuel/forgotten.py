"""Nodes that are left out of the list of nodes until Fuel writes another list.

When Fuel 6.1 removes computes only, it tells nothing to the nodes that stay.
"""

from __future__ import unicode_literals

import hashlib

from calico_fuel import roles
from calico_fuel.errors import RoleError

# Lines of a uid and the digest of the list that it is to be left out of.
PATH = '/var/lib/calico-fuel/forgotten'


def forget(system, node, text):
    """Leave *node* out of the list of nodes with this *text* from now on."""
    uids = uids_in(system, text) | {node.uid}
    system.write(PATH, ''.join(
        '{} {}\n'.format(uid, digest(text)) for uid in sorted(uids)), 0o600)


def uids_in(system, text):
    """The uids that are to be left out of the list of nodes with this *text*."""
    rows = [line.split() for line in (system.read_if_exists(PATH) or '').splitlines()]
    return set(row[0] for row in rows if row[1:] == [digest(text)])


def without(environment, uids):
    """*environment* without the nodes with these *uids*, and a warning for each."""
    left_out = [node for node in environment.nodes if node.uid in uids]
    return environment._replace(
        nodes=tuple(node for node in environment.nodes if node not in left_out),
        warnings=environment.warnings + tuple(
            '{} is left out, because of calico-fuel forget-node, until Fuel writes '
            'another list of nodes. Remove {} to undo that'.format(node.name, PATH)
            for node in left_out))


def refuse_unfit(environment, node):
    """RoleError for a node whose removal Fuel tells to all nodes by itself."""
    reason = None
    if node.uid == environment.this_uid:
        reason = 'is this node'
    elif (node.is_controller or roles.is_etcd_member(environment, node)
          or roles.is_route_reflector(environment, node)):
        reason = ('has a controller, a route reflector or an etcd member: when Fuel '
                  'removes it, it tells every other node')
    if reason:
        raise RoleError('{}: nodes: {} {}. Deploy changes on the master instead'.format(
            environment.nodes_source, node.name, reason))


def refuse_living(node, sign):
    """RoleError for a node that shows a *sign* of life."""
    if sign:
        raise RoleError(
            '{} is not forgotten: {}. Remove it from the environment first, and run '
            'this two minutes after it went down; or say --force if you know that it '
            'is no node of this environment any more'.format(node.name, sign))


def digest(text):
    """What tells one list of nodes from another."""
    return '{}'.format(hashlib.sha256(text.encode('utf-8')).hexdigest())

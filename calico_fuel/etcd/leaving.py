"""The next safe step of a node that is to be no member of the etcd cluster.  Pure."""

from __future__ import unicode_literals

from calico_fuel.etcd import quorum
from calico_fuel.etcd.steps import Archive, Delete, Remove, Start, Wait


def step_of_others(me, view):
    """The step of a node that is not wanted as a member, such as a proxy."""
    if not view.has_directory:
        return None
    if not view.healthy:
        return Wait('its data directory is that of a member, and no healthy etcd '
                    'member answers to say whether it still is one. Start etcd on '
                    'the wanted members')
    if any(quorum.entry(report.members, me) for report in view.healthy):
        return Wait('it is still a member. The wanted members join first, and then '
                    'remove it: run this on them')
    return Archive()


def step_of_leaver(me, view):
    """The step of a node that leaves for good and deletes its data.

    The data is deleted once no etcd cluster has the node as one of several members.
    """
    if not view.has_directory:
        return None
    healthy = view.healthy
    if not healthy:
        return _unhealthy(view) if view.runs else Start(())
    members = healthy[0].members
    mine = quorum.entry(members, me)
    if mine is None or len(members) == 1:
        return Delete()
    if quorum.is_safe_without(members, healthy, mine):
        return Remove(mine)
    return quorum.blocked(members, healthy, mine)


def _unhealthy(view):
    if view.lists:
        return quorum.no_quorum(view.lists[0].members, view.lists)
    return Wait('no etcd member answers to say whether others need this node\'s '
                'data. Start etcd on the other nodes')

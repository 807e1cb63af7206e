"""The next safe step of a node towards the wanted members of the etcd cluster.

Rule: never a plan.  A step follows from etcd's state now and from the wanted members;
after each step the state is read again.  Pure.

Only the seed, the wanted member with the lowest uid, may bootstrap an etcd cluster,
alone and if no etcd answers.  Every other member is added to the cluster that answers.
Fuel's uids grow, so a new node is no seed while an old member is wanted.

Sources: etcd 2.x, "Runtime reconfiguration" and "Administration".  A member that was
added counts for the quorum before it has started.  A member that starts with its old
id and without its log can violate Raft's guarantees, so it is removed and added again.
"""

from __future__ import unicode_literals

from calico_fuel.etcd import moving, quorum
from calico_fuel.etcd.steps import (
    Add, Archive, Bootstrap, ForceNewCluster, Refuse, Remove, Start, Wait)


def next_step(wanted, me, view):
    """The step of *me*, one of the Peers in *wanted* (a Wanted).

    None if there is nothing left to do.
    """
    lists, healthy = view.lists, view.healthy
    if len(set(frozenset(member.id for member in report.members)
               for report in healthy)) > 1:
        return Wait('{} report different members. If that stays so, there are two '
                    'etcd clusters: stop etcd on the nodes of the wrong one, move '
                    'their data away, and run this there again'.format(
                        ', '.join(sorted(report.address for report in healthy))))
    if not lists:
        return _step_alone(view, wanted, me)
    members = (healthy or lists)[0].members
    mine = quorum.entry(members, me)
    is_serving = any(report.address == me.address for report in healthy)
    if mine and view.has_log:
        if is_serving:
            return _removal(members, healthy, wanted)
        if not view.is_loaded:
            return Start(())
        if healthy:
            return quorum.silent(me)
        return _force_new_cluster(members, lists, wanted, me) or quorum.no_quorum(
            members, lists)
    # etcd joins with the URLs alone with which it was added.
    if mine and not mine.name and not (
            healthy and set(mine.peer_urls) != set(me.peer_urls)):
        return _start(members, mine, me)
    if not healthy:
        return quorum.no_quorum(members, lists)
    if mine:
        return _rejoin(members, healthy, mine, is_serving, me)
    if view.has_log:
        return Archive()
    return _removal(members, healthy, wanted) or _addition(members, healthy, me)


def client_url(view, step):
    """The URL to ask for a change of members: of a healthy member that stays."""
    leaving = step.member.addresses if isinstance(step, Remove) else ()
    return next(report.client_url for report in view.healthy
                if report.address not in leaving)


def _step_alone(view, wanted, me):
    """The step if no etcd member answers."""
    is_stray = any(report.address == me.address for report in view.reports)
    if view.has_log and not is_stray:
        return quorum.silent(me) if view.is_loaded else Start(())
    if me.address != wanted.members[0].address:
        return Wait('no etcd member answers yet, and {} has to be the first. Run '
                    'this there'.format(wanted.members[0].name))
    if not wanted.may_begin:
        return Refuse(
            'there was an etcd cluster before, but no member answers and this node has '
            'no data. A second etcd cluster would split the network. Start etcd on the '
            'other nodes that have been members (calico-fuel etcd there; on Fuel 9 '
            'calico-fuel etcd-open-ports before, because their firewall may not let '
            'this node in yet), and run this again. If no node has data any more, run '
            'calico-fuel etcd-recover --new-cluster here; then calico-fuel '
            'etcd-restore writes the keys that only a backup has')
    return Archive() if view.has_log else Bootstrap()


def _force_new_cluster(members, lists, wanted, me):
    """The step of one survivor if members disappeared without leaving, or None.

    Fuel wipes a deleted controller at once: of two members one is left, without a
    quorum for its removal.  Only the first of the remaining members continues, with
    its own log ("Disaster recovery"), and only if all of them answer: with one that
    starts later there could be a quorum.  The others join it as new members.  Nobody
    continues while this node's own metadata has one of those that disappeared: it may
    be in error, and have the quorum where this node cannot see it.
    """
    left = [peer for peer in wanted.members if quorum.entry(members, peer)]
    gone = [member for member in members if not wanted.has(member)]
    if (left[0].address == me.address
            and set(report.address for report in lists)
            == set(peer.address for peer in left)
            and len(left) < quorum.quorum(len(members))
            and not any(wanted.known & one.addresses for one in gone)):
        return ForceNewCluster()
    return None


def _start(members, mine, me):
    """Join: *me* was added and has not started yet."""
    unnamed = [m for m in members if not m.name and m != mine]
    if unnamed:
        return _unfinished(unnamed)
    return Start(tuple(
        (me.name if member == mine else member.name, url)
        for member in members for url in member.peer_urls))


def _unfinished(members):
    return Wait('{} was added and has not started yet. Run this on that node'.format(
        quorum.names(members)))


def _rejoin(members, healthy, mine, is_serving, me):
    """A member whose data is gone becomes a new member."""
    if is_serving:
        return Refuse('{} answers from another data directory. Stop that etcd, and '
                      'run this again'.format(me.name))
    if quorum.is_safe_without(members, healthy, mine):
        return Remove(mine)
    return quorum.blocked(members, healthy, mine)


def _removal(members, healthy, wanted):
    """The step that removes a member which is no longer wanted, or None.

    Dead members are removed first.  While no wanted member is healthy, the others
    stay: they hold the data.  A healthy one stays for good if Fuel lists no such node
    and the operator has not forgotten it: Fuel's lists can omit a node in error.
    """
    unwanted = [member for member in members if not wanted.has(member)]
    dead = quorum.dead(members, healthy)
    leaving = [member for member in unwanted if member in dead]
    if any(m not in unwanted and m not in dead for m in members):
        leaving += [member for member in unwanted
                    if member not in dead and wanted.may_leave(member)]
    for member in leaving:
        if quorum.is_safe_without(members, healthy, member):
            return Remove(member)
    return quorum.blocked(members, healthy, leaving[0]) if leaving else None


def _addition(members, healthy, me):
    unnamed = [member for member in members if not member.name]
    if unnamed:
        return _unfinished(unnamed)
    dead = quorum.dead(members, healthy)
    if dead:
        return Wait('{} not healthy, and a member can only be added to a healthy etcd '
                    'cluster. Start etcd there'.format(quorum.names(dead)))
    return moving.strangers(members, me.peer_urls) or Add()

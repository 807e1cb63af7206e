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

from calico_fuel.etcd.steps import Add
from calico_fuel.etcd.steps import Archive
from calico_fuel.etcd.steps import Bootstrap
from calico_fuel.etcd.steps import Delete
from calico_fuel.etcd.steps import ForceNewCluster
from calico_fuel.etcd.steps import Refuse
from calico_fuel.etcd.steps import Remove
from calico_fuel.etcd.steps import Start
from calico_fuel.etcd.steps import Wait


def quorum(size):
    return size // 2 + 1


def next_step(view, wanted, me):
    """The step of *me*, one of the Peers in *wanted*, which are in uid order.

    None if there is nothing left to do.
    """
    lists = [report for report in view.reports if report.is_member]
    healthy = _healthy(view)
    if len(set(_ids(report.members) for report in healthy)) > 1:
        return Wait('{} report different members. If that stays so, there are two '
                    'etcd clusters: stop etcd on the nodes of the wrong one, move '
                    'their data away, and run this there again'.format(
                        ', '.join(sorted(report.peer_url for report in healthy))))
    if not lists:
        return _step_alone(view, wanted, me)
    members = (healthy or lists)[0].members
    mine = _entry(members, me)
    is_serving = any(report.peer_url == me.peer_url for report in healthy)
    if mine and view.has_data:
        if is_serving:
            return _removal(members, healthy, wanted)
        if not view.is_loaded:
            return Start(())
        if healthy:
            return _silent(me)
        return _force_new_cluster(members, lists, wanted, me) or _no_quorum(
            members, lists)
    if mine and not mine.name:
        return _start(members, mine, me)
    if not healthy:
        return _no_quorum(members, lists)
    if mine:
        return _rejoin(members, healthy, mine, is_serving, me)
    if view.has_data:
        return Archive()
    return _removal(members, healthy, wanted) or _addition(members, healthy)


def step_of_others(view, me):
    """The step of a node that is not wanted as a member, such as a proxy.

    ``has_data`` of its view means any directory of a member.
    """
    if not view.has_data:
        return None
    healthy = _healthy(view)
    if not healthy:
        return Wait('its data directory is that of a member, and no healthy etcd '
                    'member answers to say whether it still is one. Start etcd on '
                    'the wanted members')
    if any(_entry(report.members, me) for report in healthy):
        return Wait('it is still a member. The wanted members join first, and then '
                    'remove it: run this on them')
    return Archive()


def step_of_survivor(view, me):
    """The step of a member after a loss of so many that no quorum is left.

    Only an operator knows that the silent members' data is lost: ``may_begin`` of the
    view means that the operator has said so.
    """
    healthy = _healthy(view)
    if any(report.peer_url == me.peer_url for report in healthy):
        return None
    if healthy:
        return Refuse('{} is healthy, in an etcd cluster of {}: this node joins it by '
                      'calico-fuel etcd'.format(
                          healthy[0].peer_url, _names(healthy[0].members)))
    if not view.has_data:
        return Refuse('this node has no data of a member. Run this on a node that has '
                      'it; if no node has, run calico-fuel etcd-recover '
                      '--new-cluster on the wanted member with the lowest number')
    if not view.is_loaded:
        return Start(()) if view.may_begin else Refuse(
            Start(()).text + '. Run calico-fuel etcd, and then this again')
    lists = [report for report in view.reports if report.is_member]
    mine = next((report for report in lists if report.peer_url == me.peer_url), None)
    if mine is None:
        return _silent(me)
    if len(lists) >= quorum(len(mine.members)):
        return Wait('{} answer and are enough for a quorum: they elect a leader. Run '
                    'this again in a minute'.format(', '.join(
                        report.peer_url for report in lists)))
    return ForceNewCluster() if view.may_begin else _consent(mine.members, lists)


def step_of_leaver(view, me):
    """The step of a node that leaves for good and deletes its data.

    The data is deleted once no etcd cluster has the node as one of several members.
    ``is_loaded`` of its view means that its etcd runs.
    """
    if not view.has_data:
        return None
    healthy = _healthy(view)
    if not healthy:
        return _no_quorum_alone(view) if view.is_loaded else Start(())
    members = healthy[0].members
    mine = _entry(members, me)
    if mine is None or len(members) == 1:
        return Delete()
    if _is_safe_without(members, healthy, mine):
        return Remove(mine)
    return _blocked(members, healthy, mine)


def client_url(view, step):
    """The URL to ask for a change of members: of a healthy member that stays."""
    leaving = step.member.peer_urls if isinstance(step, Remove) else ()
    return next(report.client_url for report in _healthy(view)
                if report.peer_url not in leaving)


def _healthy(view):
    return [report for report in view.reports if report.is_member and report.is_healthy]


def _step_alone(view, wanted, me):
    """The step if no etcd member answers."""
    is_stray = any(report.peer_url == me.peer_url for report in view.reports)
    if view.has_data and not is_stray:
        return _silent(me) if view.is_loaded else Start(())
    if me != wanted[0]:
        return Wait('no etcd member answers yet, and {} has to be the first. Run '
                    'this there'.format(wanted[0].name))
    if not view.may_begin:
        return Refuse(
            'there was an etcd cluster before, but no member answers and this node has '
            'no data. A second etcd cluster would split the network. Start etcd on the '
            'other nodes that have been members (calico-fuel etcd there; on Fuel 9 '
            'calico-fuel etcd-open-ports before, because their firewall may not let '
            'this node in yet), and run this again. If no node has data any more, run '
            'calico-fuel etcd-recover --new-cluster here; then calico-fuel '
            'etcd-restore writes the keys that only a backup has')
    return Archive() if view.has_data else Bootstrap()


def _silent(me):
    return Wait('{} does not report that it is healthy. Look for the reason in the '
                'log of etcd on this node'.format(me.client_url))


def _no_quorum(members, lists):
    return Wait('the etcd cluster of {} has no quorum; {} answered. Start etcd on '
                'the others; if the data of most of them is gone for good, run '
                'calico-fuel etcd-recover on one that has it'.format(
                    _names(members), ', '.join(report.peer_url for report in lists)))


def _consent(members, lists):
    return Refuse('of the etcd cluster of {} these do not answer: {}. Start etcd on '
                  'enough of them for a quorum of {}, and nothing is lost. Only if the '
                  'data of too many is gone for good, add --from-this-node: the etcd '
                  'cluster goes on with what this node has, and the others join it by '
                  'calico-fuel etcd'.format(
                      _names(members), _names(_dead(members, lists)),
                      quorum(len(members))))


def _no_quorum_alone(view):
    lists = [report for report in view.reports if report.is_member]
    if lists:
        return _no_quorum(lists[0].members, lists)
    return Wait('no etcd member answers to say whether others need this node\'s '
                'data. Start etcd on the other nodes')


def _force_new_cluster(members, lists, wanted, me):
    """The step of one survivor if members disappeared without leaving, or None.

    Fuel wipes a deleted controller at once: of two members one is left, without a
    quorum for its removal.  Only the first of the remaining members continues, with
    its own log ("Disaster recovery"), and only if all of them answer: with one that
    starts later there could be a quorum.  The others join it as new members.
    """
    left = [peer for peer in wanted if _entry(members, peer)]
    answering = set(report.peer_url for report in lists)
    if (left[0] == me and answering == set(peer.peer_url for peer in left)
            and len(left) < quorum(len(members))):
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
        _names(members)))


def _rejoin(members, healthy, mine, is_serving, me):
    """A member whose data is gone becomes a new member."""
    if is_serving:
        return Refuse('{} answers from another data directory. Stop that etcd, and '
                      'run this again'.format(me.client_url))
    if _is_safe_without(members, healthy, mine):
        return Remove(mine)
    return _blocked(members, healthy, mine)


def _removal(members, healthy, wanted):
    """The step that removes a member which is no longer wanted, or None.

    Dead members are removed first.  While no wanted member is healthy, the others
    stay: they hold the data.
    """
    unwanted = [member for member in members if not any(
        peer.peer_url in member.peer_urls for peer in wanted)]
    dead = _dead(members, healthy)
    leaving = [member for member in unwanted if member in dead]
    if any(m not in unwanted and m not in dead for m in members):
        leaving += [member for member in unwanted if member not in dead]
    for member in leaving:
        if _is_safe_without(members, healthy, member):
            return Remove(member)
    return _blocked(members, healthy, leaving[0]) if leaving else None


def _addition(members, healthy):
    unnamed = [member for member in members if not member.name]
    if unnamed:
        return _unfinished(unnamed)
    dead = _dead(members, healthy)
    if dead:
        return Wait('{} not healthy, and a member can only be added to a healthy etcd '
                    'cluster. Start etcd there'.format(_names(dead)))
    return Add()


def _blocked(members, healthy, leaving):
    return Wait('without {} the etcd cluster would have no quorum, while these are '
                'not healthy: {}. Start etcd there'.format(
                    _names([leaving]), _names(_dead(members, healthy))))


def _is_safe_without(members, healthy, gone):
    """Whether there is a quorum now, and after the removal of *gone*."""
    dead = _dead(members, healthy)
    alive = len(members) - len(dead)
    left = alive - (gone not in dead)
    return (alive >= quorum(len(members)) and left > 0
            and left >= quorum(len(members) - 1))


def _dead(members, healthy):
    urls = set(report.peer_url for report in healthy)
    return [member for member in members if not urls & set(member.peer_urls)]


def _entry(members, peer):
    return next((m for m in members if peer.peer_url in m.peer_urls), None)


def _ids(members):
    return frozenset(member.id for member in members)


def _names(members):
    return ', '.join(sorted(
        member.name or ' '.join(member.peer_urls) for member in members))

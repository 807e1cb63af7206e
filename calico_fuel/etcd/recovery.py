"""The next step of a member after a loss of so many that no quorum is left.  Pure.

Only an operator knows that the data of the silent members is lost.
"""

from __future__ import unicode_literals

from calico_fuel.etcd import quorum
from calico_fuel.etcd.steps import ForceNewCluster, Refuse, Start, Wait


def step_of_survivor(is_sure, me, view):
    """The step of *me*; a Refuse unless the operator *is_sure* of the loss."""
    healthy = view.healthy
    if any(report.address == me.address for report in healthy):
        return None
    if healthy:
        return Refuse('{} is healthy, in an etcd cluster of {}: this node joins it by '
                      'calico-fuel etcd'.format(
                          healthy[0].address, quorum.names(healthy[0].members)))
    if not view.has_log:
        return Refuse('this node has no data of a member. Run this on a node that has '
                      'it; if no node has, run calico-fuel etcd-recover '
                      '--new-cluster on the wanted member with the lowest number')
    if not view.is_loaded:
        return Start(()) if is_sure else Refuse(
            Start(()).text + '. Run calico-fuel etcd, and then this again')
    mine = next((one for one in view.lists if one.address == me.address), None)
    step = _step_of_the_silent(view, me, mine)
    return step if is_sure else _consent(mine.members, view.lists) if (
        isinstance(step, ForceNewCluster)) else Refuse(step.text)


def _step_of_the_silent(view, me, mine):
    if mine is None:
        return quorum.silent(me)
    if len(view.lists) >= quorum.quorum(len(mine.members)):
        return Wait('{} answer and are enough for a quorum: they elect a leader. Run '
                    'this again in a minute'.format(', '.join(
                        report.address for report in view.lists)))
    return ForceNewCluster()


def _consent(members, lists):
    return Refuse('of the etcd cluster of {} these do not answer: {}. Start etcd on '
                  'enough of them for a quorum of {}, and nothing is lost. Only if the '
                  'data of too many is gone for good, add --from-this-node: the etcd '
                  'cluster goes on with what this node has, and the others join it by '
                  'calico-fuel etcd'.format(
                      quorum.names(members), quorum.names(quorum.dead(members, lists)),
                      quorum.quorum(len(members))))

"""The members of an etcd cluster as one of them lists them, and their quorum."""

from __future__ import unicode_literals

from calico_fuel.etcd.steps import Wait


def quorum(size):
    return size // 2 + 1


def entry(members, peer):
    """The Listed of *peer*, or None."""
    return next((m for m in members if peer.address in m.addresses), None)


def dead(members, reports):
    """Those of *members* that are in none of the *reports*."""
    alive = set(report.address for report in reports)
    return [member for member in members if not alive & member.addresses]


def is_safe_without(members, healthy, gone):
    """Whether there is a quorum now, and after the removal of *gone*."""
    lost = dead(members, healthy)
    alive = len(members) - len(lost)
    left = alive - (gone not in lost)
    return (alive >= quorum(len(members)) and left > 0
            and left >= quorum(len(members) - 1))


def names(members):
    return ', '.join(sorted(
        member.name or ' '.join(member.peer_urls) for member in members))


def no_quorum(members, lists):
    """Wait: only the members with these *lists* answer."""
    return Wait('the etcd cluster of {} has no quorum; {} answered. Start etcd on '
                'the others; if the data of most of them is gone for good, run '
                'calico-fuel etcd-recover on one that has it'.format(
                    names(members), ', '.join(report.address for report in lists)))


def blocked(members, healthy, leaving):
    """Wait: *leaving* cannot be removed."""
    return Wait('without {} the etcd cluster would have no quorum, while these are '
                'not healthy: {}. Start etcd there'.format(
                    names([leaving]), names(dead(members, healthy))))


def silent(me):
    """Wait: the etcd of this node runs, and is not healthy."""
    return Wait('{} does not report that it is healthy. Look for the reason in the '
                'log of etcd on this node'.format(me.name))

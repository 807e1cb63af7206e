"""Bring a node to a task's wanted state: compare each resource, change what differs.

The list of resources is fixed beforehand.  Each is compared when its turn comes, after
the changes of those before it.
"""

from __future__ import unicode_literals

import operator
from collections import namedtuple

from calico_fuel.errors import LOG, CalicoFuelError, CommandError, NodeError

UNCHANGED, CHANGED, WOULD_CHANGE, FAILED, NOT_REACHED = (
    'unchanged', 'changed', 'would change', 'failed', 'not reached')


class Outcome(namedtuple('Outcome', 'label state difference seconds')):
    """The result of one resource; ``difference`` is what differed, or why it
    failed."""


def converge(resources, system, dry_run=False):
    """Yield an Outcome for each resource, in order.

    After a failure the rest is not reached: later resources need the earlier ones.
    With *dry_run* nothing changes and nothing fails: a later resource may need what an
    earlier one would have changed.
    """
    resources = list(resources)
    services = [r for r in resources if r.is_service]
    failed = False
    for resource in resources:
        if failed:
            yield Outcome(resource.label, NOT_REACHED, '', 0)
            continue
        begin = system.uptime()
        try:
            state, difference = _one(resource, services, system, dry_run)
        except CalicoFuelError as error:
            state, difference = FAILED, error.args[0]
            if isinstance(error, CommandError):
                difference += '. Fix the reason, and run this again'
            failed = not dry_run
        yield Outcome(resource.label, state, difference, system.uptime() - begin)


def _one(resource, services, system, dry_run):
    difference = resource.difference(system)
    if not difference:
        return UNCHANGED, ''
    if dry_run:
        return WOULD_CHANGE, difference
    for service in services:
        if resource in service.watches:
            service.forget(system)
    resource.change(system)
    left = system.eventually(
        lambda: resource.difference(system), resource.seconds_to_settle,
        until=operator.not_)
    if left:
        raise NodeError(
            '{}: was changed, and still differs: {}. Another program on this node '
            'changes it back: find it in {} and syslog, and run this again'.format(
                resource.label, left, LOG))
    return CHANGED, difference


def summary(outcomes):
    """How many outcomes of each state there are, for people."""
    if not outcomes:
        return ('nothing to do: neither the roles of this node nor the settings '
                'ask for it')
    states = [outcome.state for outcome in outcomes]
    return '{} in {:.1f} s'.format(', '.join(
        '{} {}'.format(states.count(state), state)
        for state in sorted(set(states))), sum(o.seconds for o in outcomes))

"""What tasks want, compared with the node: what a run of each would change."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import checks, render
from calico_fuel.bgp import bird, configured
from calico_fuel.codes.node import CHANGE_DUE, DRIFT, NOT_COMPARED
from calico_fuel.errors import CalicoFuelError
from calico_fuel.etcd import readiness
from calico_fuel.tasks import etcd, firewall

# What differs when a node that was removed goes down after the last run: not a problem,
# because the next run ends its session.
OF_SESSIONS = [bird.BIRD_CONF, 'service bird'] + [
    'firewall chain ' + chain[1]
    for chain in (firewall.BGP, firewall.BFD, firewall.ETCD)]
# What differs once nothing keeps a member from TLS alone: the next run ends HTTP.
OF_TLS = ['lasting settings in ' + render.ETCD_ENVIRONMENT, render.ETCD_ENVIRONMENT,
          'service ' + etcd.SERVICE]
AS_WANTED = 'as wanted'


class Compared(namedtuple('Compared', 'task item difference error is_due')):
    """A resource *item* of a task, and what differs: '' if nothing.

    ``error``: why it cannot be compared, or why the *task* (then there is no item) has
    no resources.  ``is_due``: the next run changes it anyway.
    """

    @property
    def label(self):
        return self.item.label if self.item else 'task ' + self.task

    @property
    def is_good(self):
        """Whether there is nothing to tell of: see ``Resource``."""
        return not self.error and not (self.difference and self.item.is_told)

    @property
    def code(self):
        if self.is_due:
            return CHANGE_DUE
        return NOT_COMPARED if self.error else self.item.code


def compared(environment, node, system, tasks):
    """Yield each Compared of *tasks*, pairs of a name and a task, once."""
    known, due = [], _due(environment, node, system)
    for name, task in tasks:
        try:
            items = [item for item in task.resources(environment, node, system)
                     if item not in known]
        except CalicoFuelError as error:
            yield Compared(name, None, '', error.args[0], False)
            continue
        known += items
        for item in items:
            difference, problem = '', ''
            try:
                difference = item.difference(system)
            except CalicoFuelError as error:
                problem = error.args[0]
            yield Compared(name, item, difference, problem, item.label in due)


def _due(environment, node, system):
    """The labels of what may differ, because the next run changes it anyway."""
    protocols = bird.protocols(system)
    is_left = any(not bird.is_established(protocols, one.name)
                  for one in configured.unlisted(environment, system))
    return OF_SESSIONS * is_left + OF_TLS * readiness.is_awaited(
        environment, node, system)


def checks_of(environment, node, system, tasks):
    """Checks of each task: one per service, the rest by task."""
    found, in_order = [], []
    for one in compared(environment, node, system, tasks):
        if one.is_good and not one.item.is_service:
            in_order += [one.task] * (one.task not in in_order)
        else:
            found.append((one.task, check(one)))
    rows = []
    for name, _ in tasks:
        rows += [row for task, row in found if task == name]
        if name in in_order:
            rows.append(checks.good(DRIFT, 'rest of task ' + name, AS_WANTED))
    return rows


def check(one):
    if one.is_good:
        return checks.good(one.code, one.label, 'runs')
    if one.error:
        return checks.fault(
            one.code, one.label,
            'cannot be ' + (AS_WANTED if one.item else 'compared'), AS_WANTED,
            one.error)
    return checks.of_resource(one.code, one.label, one.item.is_service, one.difference,
                              one.item.fix.format(one.task))

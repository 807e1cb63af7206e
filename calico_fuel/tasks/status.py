"""The status of a node: the Checks of ``verify`` that take no time, sessions, numbers.

It neither waits nor sends packets of full size.  What asks Neutron's API or apt takes
seconds, so only ``verify`` and ``diff`` compare that.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import checks, roles
from calico_fuel.bgp import bird, configured, exported, kernel, sessions as bgp_sessions
from calico_fuel.calico import endpoints, keys
from calico_fuel.checks import GOOD
from calico_fuel.codes import bgp, cluster, instance, node as of_a_node, registry
from calico_fuel.codes.code import NOTE, PROBLEM
from calico_fuel.errors import CalicoFuelError
from calico_fuel.etcd import client
from calico_fuel.tasks import compared, node_checks
from calico_fuel.tasks.snapshot import Snapshot

TAKE_SECONDS = ('networks', 'cleanup', 'packages')
# What ``status`` cannot find.
NOT_CHECKED = (
    bgp.MTU_DIFFERS, cluster.NEUTRON_DOWN, of_a_node.RECORDS_LEFT,
    of_a_node.SETTING_WRONG, of_a_node.ADDRESS_WRONG, of_a_node.APT_FAILS,
    of_a_node.PACKAGE_MISSING, of_a_node.LOCK_MISSING, of_a_node.NOT_RENDERED,
) + tuple(registry.of_module(instance))
WORST_FIRST = (PROBLEM, NOTE, GOOD)
MOST_NAMED = 4
UNKNOWN = 'cannot be checked'


class Status(namedtuple('Status', 'environment node time seconds checks sessions '
                                  'protocols counts')):
    """What was seen of *node* at *time*: Checks, worst first, Seens, and numbers.

    ``protocols`` are BIRD's by name, ``counts`` has numbers by name; ``seconds`` is how
    long it took.
    """

    @property
    def result(self):
        """The worst severity."""
        return self.checks[0].severity if self.checks else GOOD


class Seen(namedtuple('Seen', 'session protocol')):
    """A wanted Session, and BIRD's Protocol for it; None if BIRD has none."""

    @property
    def is_established(self):
        return self.protocol is not None and self.protocol.is_established


def of_node(environment, node, system, tasks):
    """The Status of *node*; *tasks* are pairs of a name and a task."""
    time, begin = system.now(), system.uptime()
    system = Snapshot(system)
    found = node_checks.without_part(environment, node)
    protocols, seen, counts = {}, [], {}
    if not found:
        found = _checks(environment, node, system, tasks)
        protocols = dict(_tried(None, '', lambda: bird.details(system)))
        seen = [Seen(one, protocols.get(one.name)) for one in _tried(
            None, '', lambda: _sessions(environment, node, system))]
        counts = dict(_tried(
            None, '', lambda: _counts(environment, node, system, seen)))
    found = sorted(found, key=lambda one: WORST_FIRST.index(one.severity))
    return Status(environment, node, time, system.uptime() - begin, found, seen,
                  protocols, counts)


def _checks(environment, node, system, tasks):
    """All Checks; one reason why several parts cannot be checked is named once."""
    found = []
    for code, subject, part in (
            (bgp.BIRD_DOWN, 'BIRD', node_checks.of_sessions),
            (cluster.ETCD_DOWN, 'daemons', node_checks.of_daemons),
            (of_a_node.NOT_COMPARED, 'routes', node_checks.of_what_stays),
            (of_a_node.NOT_COMPARED, 'routes', node_checks.of_routes),
            (of_a_node.NOT_COMPARED, 'routes', exported.of_node),
            (of_a_node.NOT_COMPARED, 'tasks', lambda *of: drift(*of + (tasks,)))):
        known = [_reason(check) for check in found if not check.is_good]
        found += [check for check in _tried(
            code, subject, lambda: part(environment, node, system))
            if check.state != UNKNOWN or _reason(check) not in known]
    return found


def _reason(check):
    """Why a BIRD hangs, without the question that it did not answer."""
    return check.fix.partition(': ')[2] or check.fix


def _tried(code, subject, part):
    """The list of *part*, or a Check of why it has none; [] without a *code*."""
    try:
        return part()
    except CalicoFuelError as error:
        return [checks.fault(code, subject, UNKNOWN, 'checked',
                             error.args[0])] if code else []


def _sessions(environment, node, system):
    return configured.of(environment, node, system) if roles.speaks_bgp(
        environment, node) else ()


def _counts(environment, node, system, seen):
    """Pairs of a name and a number."""
    found = []
    if roles.speaks_bgp(environment, node):
        found += [('sessions', len(seen)),
                  ('sessions_established', sum(one.is_established for one in seen))]
        found += _tried(None, '', lambda: [('bgp_routes', len(set(
            route.prefix for route in bird.table(system)
            if bgp_sessions.uid(route.protocol))))])
    if node.is_compute:
        found.append(('tap_routes', len(kernel.on_taps(kernel.routes(system)))))
        # Without etcd their number is unknown, not 0.
        directory = keys.of_host(node)[0]
        if client.entries(system, directory, client.SECONDS_TO_ASK) is not None:
            # An instance can have several addresses, and a route for each.
            found.append(('endpoints', sum(
                len(one.addresses) for one in endpoints.instances(system, node))))
    return found


def drift(environment, node, system, tasks):
    """Checks of what a run of *tasks* would change, by name only."""
    found = list(compared.compared(environment, node, system, [
        (name, task) for name, task in tasks if name not in TAKE_SECONDS]))
    rows = [compared.check(one) for one in found if one.error]
    for code in sorted(set(one.code for one in found if not one.is_good)):
        of_code = [one for one in found if one.code == code and not one.is_good
                   and not one.error]
        if not of_code:
            continue
        # In the order in which they run.
        names = [name for name, _ in tasks if any(one.task == name for one in of_code)]
        rows.append(checks.fault(
            code, 'tasks ' + ', '.join(names), '{}: {}'.format(
                checks.counted(len(of_code), 'difference'),
                checks.some([one.label for one in of_code], MOST_NAMED)), 'none',
            'calico-fuel diff shows what differs; run {}'.format(', then '.join(
                'calico-fuel ' + name for name in names))))
    good = [one for one in found if one.is_good]
    running = [one for one in good if one.item.is_service]
    return rows + [
        checks.good(of_a_node.SERVICE_DOWN, 'services', '{} run'.format(len(running)))
    ] * bool(running) + [
        checks.good(of_a_node.DRIFT, 'tasks', '{} as wanted'.format(
            checks.counted(len(good), 'resource')))] * bool(good)

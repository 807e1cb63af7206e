"""Check whether everything works.

It checks the daemons and the way of packets, and compares the node with the wanted
state of every other task.  Fuel 6.1 reads the exit status of only one node of a batch,
so a controller also checks every compute.
"""

from __future__ import unicode_literals

from calico_fuel import checks, departed_hosts, render, roles
from calico_fuel.bgp import (
    announced, bird, configured, data_path, health as bgp_health, held_routes,
    local_files, path_mtu, reachable, refused)
from calico_fuel.calico import dhcp, driver, felix, keys as calico_keys
from calico_fuel.codes.cluster import METADATA_API_DOWN
from calico_fuel.codes.node import (
    CHANGE_DUE, DRIFT, ENVIRONMENT_UNFIT, NOT_COMPARED)
from calico_fuel.errors import CalicoFuelError
from calico_fuel.etcd import health as etcd_health, readiness
from calico_fuel.tasks import compute, cron, etcd, firewall

# Reflectors configure the session of a new compute within a minute (up to Fuel 8.0, by
# "refresh"), the driver needs up to a minute from the start of neutron-server.
SECONDS_TO_SETTLE = 75
# Another run on this node, such as "refresh", may restart a service right now, and the
# routes of an instance that moves follow Neutron within seconds.
SECONDS_TO_RESTART = 15
SECONDS_BETWEEN_LOOKS, SECONDS_TO_ANSWER = 2, 2
METADATA_API = 'http://127.0.0.1:8775/'
# What differs when a node that was removed goes down after the last run: not a problem,
# because the next run ends its session.
OF_SESSIONS = [bird.BIRD_CONF, 'service bird'] + [
    'firewall chain ' + chain[1]
    for chain in (firewall.BGP, firewall.BFD, firewall.ETCD)]
# What differs once nothing keeps a member from TLS alone: the next run ends HTTP.
OF_TLS = ['lasting settings in ' + render.ETCD_ENVIRONMENT, render.ETCD_ENVIRONMENT,
          'service ' + etcd.SERVICE]


def checks_of(environment, node, system, tasks):
    """Checks of the daemons, and of what *tasks* want: pairs of a name and a module."""
    problems = roles.problems(environment)
    if problems:
        return [checks.complaint(ENVIRONMENT_UNFIT, text) for text in problems]
    if not roles.has_calico_role(environment, node):
        return [checks.said('nothing to check on a node with these roles')]
    seen = (settled(lambda: alive(environment, node, system), system, SECONDS_TO_SETTLE)
            + held_routes.notes(environment, node, system)
            + cron.notes(environment, system)
            + reachable.notes(environment, node, system)
            + refused.checks_of(environment, node, system)
            + readiness.notes(environment, node, system)
            + local_files.of_node(environment, node, system)
            + path_mtu.of_node(environment, node, system)
            + departed_hosts.notes(environment, node, system))
    return seen + settled(
        lambda: announced.of_node(environment, node, system)
        + data_path.of_node(environment, node, system)
        + wanted(environment, node, system, tasks), system, SECONDS_TO_RESTART)


def settled(look, system, seconds):
    """The Checks of *look*, once all are good or the *seconds* are over."""
    return system.eventually(
        look, seconds, SECONDS_BETWEEN_LOOKS,
        until=lambda seen: not any(check.is_problem for check in seen))


def alive(environment, node, system):
    """Checks of the daemons of the node."""
    found = []
    if roles.speaks_bgp(environment, node):
        found += bgp_health.of_node(environment, node, system)
    keys = calico_keys.about_itself(system) if (
        node.is_compute or node.is_controller) else None
    if node.is_compute:
        found += [metadata_api(system),
                  etcd_health.local(system, calico_keys.READY_KEY)]
        found += felix.of_node(node, system, keys)
        found += dhcp.of_node(compute.dhcp_service(environment), node, system)
    if node.is_controller or roles.is_etcd_member(environment, node):
        found += etcd_health.cluster(environment, system)
    if node.is_controller:
        found.append(driver.check(keys))
        found += felix.reports(roles.computes(environment), keys)
    return found


def metadata_api(system):
    subject = 'metadata API on port 8775'
    if system.http('GET', METADATA_API, timeout=SECONDS_TO_ANSWER):
        return checks.good(METADATA_API_DOWN, subject, 'answers')
    return checks.fault(METADATA_API_DOWN, subject, 'does not answer', 'answers', (
        'Run calico-fuel compute; if nova-api-metadata does not stay up, see '
        '/var/log/nova'))


def wanted(environment, node, system, tasks):
    """Checks of each task's wanted state: one per service, the rest by task."""
    found, known = [], []
    protocols = bird.protocols(system)
    is_left = any(not bird.is_established(protocols, one.name)
                  for one in configured.unlisted(environment, system))
    noted = OF_SESSIONS * is_left + OF_TLS * readiness.is_awaited(
        environment, node, system)
    for name, task in tasks:
        try:
            items = [item for item in task.resources(environment, node, system)
                     if item.is_due and item not in known]
        except CalicoFuelError as error:
            found.append(checks.fault(
                NOT_COMPARED, 'task ' + name, 'cannot be compared', 'as wanted',
                error.args[0]))
            continue
        known += items
        of_task = [_compared(name, item, system, item.label in noted) for item in items]
        in_order = [check for check in of_task if check is None]
        found += [check for check in of_task if check is not None]
        if in_order:
            found.append(checks.good(DRIFT, 'rest of task ' + name, 'as wanted'))
    return found


def _compared(name, item, system, is_noted):
    """A Check of one resource, None if it is good and no service.

    *is_noted*: the next run changes it anyway.
    """
    try:
        difference = item.difference(system)
    except CalicoFuelError as error:
        return checks.fault(
            CHANGE_DUE if is_noted else NOT_COMPARED, item.label, 'cannot be as wanted',
            'as wanted', error.args[0])
    if difference:
        return checks.of_resource(
            CHANGE_DUE if is_noted else item.code, item.label, item.is_service,
            difference, item.fix.format(name))
    return checks.good(item.code, item.label, 'runs') if item.is_service else None

"""Checks of a node as it is now.  None of them waits.

``verify`` repeats those of what may still come up or move, ``status`` runs each once.
"""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp import (
    announced, data_path, health as bgp_health, held_announcements, held_routes,
    local_files, path_mtu, reachable, refused)
from calico_fuel.calico import dhcp, driver, felix, keys as calico_keys
from calico_fuel.codes.cluster import METADATA_API_DOWN
from calico_fuel.codes.node import ENVIRONMENT_UNFIT
from calico_fuel.etcd import health as etcd_health, readiness
from calico_fuel.tasks import compute, cron, departed_hosts, packages

METADATA_API = 'http://127.0.0.1:8775/'
SECONDS_TO_ANSWER = 2


def without_part(environment, node):
    """The only Checks of a node that has no part in Calico, or cannot have one."""
    problems = roles.problems(environment)
    if problems:
        return [checks.complaint(ENVIRONMENT_UNFIT, text) for text in problems]
    if not roles.has_calico_role(environment, node):
        return [checks.said('nothing to check on a node with these roles')]
    return []


def of_sessions(environment, node, system):
    return bgp_health.of_node(environment, node, system) if (
        roles.speaks_bgp(environment, node)) else []


def of_daemons(environment, node, system):
    found = []
    keys = calico_keys.about_itself(system) if (
        node.is_compute or node.is_controller) else None
    if node.is_compute:
        found += [metadata_api(environment, system),
                  etcd_health.local(system, calico_keys.READY_KEY)]
        found += felix.of_node(node, system, keys)
        found += dhcp.of_node(compute.dhcp_service(environment), node, system)
    if node.is_controller or roles.is_etcd_member(environment, node):
        found += etcd_health.cluster(environment, system)
    if node.is_controller:
        found.append(driver.check(keys))
        found += felix.reports(roles.computes(environment), keys)
    return found


def metadata_api(environment, system):
    subject = 'metadata API on port 8775'
    if system.http('GET', METADATA_API, timeout=SECONDS_TO_ANSWER):
        return checks.good(METADATA_API_DOWN, subject, 'answers')
    return checks.fault(METADATA_API_DOWN, subject, 'does not answer', 'answers', (
        'Run calico-fuel compute. If {} does not stay up, see '
        '/var/log/nova'.format(packages.metadata_api(environment))))


def of_what_stays(environment, node, system):
    """Checks of what no time changes: what is refused, pinned or left."""
    return (held_routes.notes(environment, node, system)
            + held_announcements.notes(environment, system)
            + cron.notes(environment, system)
            + reachable.notes(environment, node, system)
            + refused.checks_of(environment, node, system)
            + readiness.notes(environment, node, system)
            + (etcd_health.space(system) if roles.is_etcd_member(environment, node)
               else [])
            + local_files.of_node(environment, node, system)
            + path_mtu.of_instances(environment, node, system)
            + departed_hosts.notes(environment, node, system))


def of_routes(environment, node, system):
    """Checks of the way of packets; an instance that moves changes it for seconds."""
    return (announced.of_node(environment, node, system)
            + data_path.of_node(environment, node, system))

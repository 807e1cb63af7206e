"""Check whether everything works.

It checks the daemons and the way of packets, and compares the node with the wanted
state of every other task.  Fuel 6.1 reads the exit status of only one node of a batch,
so a controller also checks every compute.
"""

from __future__ import unicode_literals

from calico_fuel.bgp import path_mtu
from calico_fuel.codes.cluster import ETCD_MEMBER_DOWN, ETCD_QUORUM
from calico_fuel.etcd import service
from calico_fuel.openstack import core_plugin
from calico_fuel.tasks import compared, node_checks

# Reflectors configure the session of a new compute within a minute (up to Fuel 8.0, by
# "refresh"), the driver needs up to a minute from the start of neutron-server.
SECONDS_TO_SETTLE = 75
# Another run on this node, such as "refresh", may restart a service right now, and the
# routes of an instance that moves follow Neutron within seconds.
SECONDS_TO_RESTART = 15
SECONDS_BETWEEN_POLLS = 2
# A member is configured by its own run, before; here it can only be restarting.
OF_MEMBERS = frozenset([ETCD_MEMBER_DOWN, ETCD_QUORUM])


def checks_of(environment, node, system, tasks):
    """Checks of the daemons, and of what *tasks* want: pairs of a name and a task."""
    alone = node_checks.without_part(environment, node)
    if alone:
        return alone
    found = settled(lambda: node_checks.of_sessions(environment, node, system)
                    + node_checks.of_daemons(environment, node, system), system,
                    SECONDS_TO_SETTLE)
    # Where this has waited in vain, what restarts has had its time.
    seconds = 0 if any(one.is_problem for one in found) else SECONDS_TO_RESTART
    return (
        found + settled(
            lambda: core_plugin.checks_of(environment, node, system), system, seconds)
        + node_checks.of_what_stays(environment, node, system)
        + path_mtu.of_node(environment, node, system)
        + settled(lambda: node_checks.of_routes(environment, node, system)
                  + compared.checks_of(environment, node, system, tasks), system,
                  seconds))


def settled(poll, system, seconds):
    """The Checks of *poll*, once all are good or the *seconds* are over.

    Members of etcd have as long as a restart takes, once nothing else is wrong.
    """
    since = []

    def is_done(seen):
        problems = set(check.code for check in seen if check.is_problem)
        if not problems <= OF_MEMBERS:
            del since[:]
        else:
            since.append(system.uptime())
        return not problems or bool(
            since) and since[-1] - since[0] >= service.SECONDS_TO_BE_HEALTHY
    return system.eventually(poll, seconds, SECONDS_BETWEEN_POLLS, until=is_done)

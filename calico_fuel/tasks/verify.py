"""Check whether everything works.

It checks the daemons and the way of packets, and compares the node with the wanted
state of every other task.  Fuel 6.1 reads the exit status of only one node of a batch,
so a controller also checks every compute.
"""

from __future__ import unicode_literals

from calico_fuel.bgp import path_mtu
from calico_fuel.openstack import core_plugin
from calico_fuel.tasks import compared, node_checks

# Reflectors configure the session of a new compute within a minute (up to Fuel 8.0, by
# "refresh"), the driver needs up to a minute from the start of neutron-server.
SECONDS_TO_SETTLE = 75
# Another run on this node, such as "refresh", may restart a service right now, and the
# routes of an instance that moves follow Neutron within seconds.
SECONDS_TO_RESTART = 15
SECONDS_BETWEEN_POLLS = 2


def checks_of(environment, node, system, tasks):
    """Checks of the daemons, and of what *tasks* want: pairs of a name and a module."""
    return node_checks.without_part(environment, node) or (
        settled(lambda: node_checks.of_sessions(environment, node, system)
                + node_checks.of_daemons(environment, node, system), system,
                SECONDS_TO_SETTLE)
        + settled(lambda: core_plugin.checks_of(environment, node, system), system,
                  SECONDS_TO_RESTART)
        + node_checks.of_what_stays(environment, node, system)
        + path_mtu.of_node(environment, node, system)
        + settled(lambda: node_checks.of_routes(environment, node, system)
                  + compared.checks_of(environment, node, system, tasks), system,
                  SECONDS_TO_RESTART))


def settled(poll, system, seconds):
    """The Checks of *poll*, once all are good or the *seconds* are over."""
    return system.eventually(
        poll, seconds, SECONDS_BETWEEN_POLLS,
        until=lambda seen: not any(check.is_problem for check in seen))

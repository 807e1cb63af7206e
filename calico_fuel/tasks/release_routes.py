"""Remove the routes of ``hold-routes`` that are no longer needed.

Fuel runs this after the computes are configured.  Up to Fuel 8.0 "refresh" does, too: a
deployment may have ended between the two tasks, or without one of the computes.
"""

from __future__ import unicode_literals

from calico_fuel.bgp import bird
from calico_fuel.bgp import held_routes
from calico_fuel.calico import keys
from calico_fuel.errors import NodeError
from calico_fuel.tasks import hold_routes

SECONDS_TO_COME_BACK, SECONDS_BETWEEN_LOOKS = 40, 1


def resources(environment, node, system):
    if not node.is_compute or not system.exists(held_routes.MARK):
        return []
    if not hold_routes.is_configured(environment, node, system):
        # BIRD still has the routes of sessions that will end.
        raise NodeError(
            '{}: is not as the settings ask, so routes stay held. Run calico-fuel '
            'compute, and then this again'.format(bird.BIRD_CONF))
    held = held_routes.routes(system, held_routes.PROTOCOL)
    known = keys.known(system)
    return [held_routes.NoHeldRoutes(system.eventually(
        lambda: replaced(held, _learned(system), held_routes.local(system), known),
        SECONDS_TO_COME_BACK, SECONDS_BETWEEN_LOOKS,
        until=lambda unneeded: unneeded == held))]


def _learned(system):
    """What BIRD has learned from neighbors and has put into the kernel.

    A recovering BIRD installs nothing: the kernel has the routes of the one before.
    """
    in_kernel = held_routes.routes(system, held_routes.OF_BIRD)
    return bird.learned(system) & frozenset(route.address for route in in_kernel)


def replaced(held, learned, local, known):
    """Those of the Routes *held* that are no longer needed.

    Their address was *learned* again, is *local*, or no longer belongs to a workload.
    *known* are the addresses of workloads, None if etcd does not answer.  So a route to
    a compute that is late or whose task failed stays, and one to a stopped instance.
    """
    return frozenset(
        route for route in held if route.address in learned or route.address in local
        or known is not None and '/' not in route.address
        and route.address not in known)

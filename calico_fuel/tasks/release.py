"""Routes that ``hold`` let stay go, once they are no longer needed.

Fuel runs this when the computes are configured.  Up to Fuel 8.0 the watcher does too:
a deployment may have ended between the two, or without one of the computes.
"""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel import topology
from calico_fuel.errors import NodeError
from calico_fuel.resources import held_routes
from calico_fuel.tasks import hold


def resources(environment, node, system):
    if not node.is_compute or not system.exists(held_routes.MARK):
        return []
    if not hold.is_configured(environment, node, system):
        # The routes that are held are those of sessions that are about to end.
        raise NodeError(
            '{}: is not as the settings ask, so routes stay held. Run calico-fuel '
            'compute, and then this again'.format(render.BIRD_CONF))
    system.eventually(
        lambda: not held_routes.needed(system), held_routes.SECONDS_TO_COME_BACK,
        held_routes.SECONDS_BETWEEN_LOOKS)
    return [held_routes.ReleasedRoutes(
        frozenset(one.address for one in topology.computes(environment)))]

"""Remove the routes of ``hold-routes`` that BIRD has learned again."""

from __future__ import unicode_literals

from calico_fuel.bgp.held_routes import ReleasedRoutes, SECONDS_TO_LEARN


def resources(environment, node, system):
    if not node.is_compute:
        return []
    return [ReleasedRoutes(system.uptime() + SECONDS_TO_LEARN)]

"""Pin the routes to other computes before a deployment resets BGP sessions.

A session is reset when its two ends no longer match: after another BGP password or AS
number, BFD switched off, or an upgrade from the earlier plugin.
"""

from __future__ import unicode_literals

from calico_fuel.bgp import held_routes
from calico_fuel.errors import RenderError
from calico_fuel.tasks import bgp


def resources(environment, node, system):
    if not node.is_compute:
        return []
    try:
        if not bgp.configuration(environment, node, system).difference(system):
            return []
    except RenderError:
        pass  # BIRD is too old: the task "packages" installs another.
    return [held_routes.HeldRoutes(held_routes.routes(system, held_routes.OF_BIRD))]

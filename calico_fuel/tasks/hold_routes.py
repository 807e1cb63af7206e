"""Pin routes before a deployment resets BGP sessions.

A session is reset when its two ends no longer match: after another BGP password or AS
number, BFD switched off, or an upgrade from the earlier plugin.  Computes pin their
routes to other computes, route reflectors what they announce to external peers.

A BIRD of a reflector that hangs is an error here already: "route-reflector" could not
load its configuration, and would fail when other reflectors have reset their sessions.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import held_announcements, held_routes
from calico_fuel.errors import RenderError
from calico_fuel.tasks import bgp


def resources(environment, node, system):
    announces = roles.is_route_reflector(environment, node) and (
        held_announcements.has_external_peers(system))
    if not (node.is_compute or announces):
        return []
    try:
        if not bgp.configuration(environment, node, system).difference(system):
            return []
    except RenderError:
        # BIRD is too old: the task "packages" installs another.
        announces = False
    of_kernel = [held_routes.HeldRoutes(held_routes.routes(
        system, held_routes.OF_BIRD))] if node.is_compute else []
    return of_kernel + ([held_announcements.HeldAnnouncements(
        held_announcements.learned(system))] if announces else [])

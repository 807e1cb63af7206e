"""Remove the pins of ``hold-routes`` for routes that BIRD has learned again."""

from __future__ import unicode_literals

from calico_fuel.bgp import configured
from calico_fuel.bgp.held_announcements import PATH, ReleasedAnnouncements
from calico_fuel.bgp.held_routes import ReleasedRoutes, SECONDS_TO_LEARN


def resources(environment, node, system):
    found, deadline = [], system.uptime()
    if node.is_compute:
        deadline += SECONDS_TO_LEARN
        found.append(ReleasedRoutes(deadline))
    if system.exists(PATH):
        deadline += SECONDS_TO_LEARN
        found.append(ReleasedAnnouncements(
            configured.of(environment, node, system), deadline))
    return found

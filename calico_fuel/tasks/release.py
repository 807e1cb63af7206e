"""Routes that ``hold`` let stay go, once BIRD has its own again.

Fuel runs this when every compute is configured.  Up to Fuel 8.0 the watcher does too:
a deployment may have ended between the two.
"""

from __future__ import unicode_literals

from calico_fuel.resources.held_routes import MARK
from calico_fuel.resources.held_routes import ReleasedRoutes
from calico_fuel.tasks import hold


def resources(environment, node, system):
    if not node.is_compute or not system.exists(MARK):
        return []
    return [ReleasedRoutes(hold.is_configured(environment, node, system))]

"""Keep the routes to remote workloads while a deployment resets BGP sessions.

A session is reset when its two ends no longer match: after another BGP password or AS
number, other timers, BFD switched off, or an upgrade from the earlier plugin.  This
task runs before the first node changes, ``release-routes`` after the last one.
"""

from __future__ import unicode_literals

from calico_fuel.bgp import bird
from calico_fuel.bgp import held_routes
from calico_fuel.errors import RenderError
from calico_fuel.tasks import bgp


def resources(environment, node, system):
    if not node.is_compute:
        return []
    # The routes in the kernel carry traffic, also while BIRD is down.
    there = held_routes.routes(system, held_routes.OF_BIRD)
    if not there or is_configured(environment, node, system):
        return []
    return [held_routes.HeldRoutes(there)]


def is_configured(environment, node, system):
    """Whether bird.conf is the one of the settings, except for comments."""
    return _configured(system.read_if_exists(bird.BIRD_CONF) or '') == _configured(
        _wanted(environment, node, system))


def _wanted(environment, node, system):
    try:
        return bgp.configuration(environment, node, system).file.text
    except RenderError:
        # The task "packages" installs a newer one.
        return ''


def _configured(text):
    """The lines of a bird.conf that are no comments."""
    return [row for row in text.splitlines() if row.strip() and row[0] != '#']

"""Routes to workloads elsewhere stay while a deployment makes sessions begin anew.

They do so where their two ends no longer match: another BGP password or AS number,
timers, BFD that is switched off, an earlier plugin that is taken over.  This task
runs before the first node changes, ``release-routes`` once all have.
"""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel.bgp import bird
from calico_fuel.bgp import held_routes
from calico_fuel.errors import RenderError


def resources(environment, node, system):
    if not node.is_compute:
        return []
    # What is there carries traffic, also while BIRD is down.
    there = held_routes.routes(system, held_routes.OF_BIRD)
    if not there or is_configured(environment, node, system):
        return []
    return [held_routes.HeldRoutes(there)]


def is_configured(environment, node, system):
    """Whether bird.conf says what the settings ask for."""
    return _configured(system.read_if_exists(bird.BIRD_CONF) or '') == _configured(
        _wanted(environment, node, system))


def _wanted(environment, node, system):
    try:
        line = bird.line(bird.version(system))
        return render.bird_conf(environment, node, line).text
    except RenderError:
        # The task "packages" brings a newer one.
        return ''


def _configured(text):
    """The lines of a bird.conf that are no comments."""
    return [row for row in text.splitlines() if row.strip() and row[0] != '#']

"""Routes to workloads elsewhere stay while a deployment makes sessions begin anew.

They do so where their two ends no longer match: another BGP password or AS number,
timers, BFD that is switched off, an earlier plugin that is taken over.  This task
runs before the first node changes, ``cleanup`` once all have.
"""

from __future__ import unicode_literals

from calico_fuel import bird
from calico_fuel import render
from calico_fuel.errors import RenderError
from calico_fuel.resources.held_routes import MARK
from calico_fuel.resources.held_routes import HeldRoutes
from calico_fuel.resources.held_routes import NoHeldRoutes


def resources(environment, node, system):
    if not node.is_compute or not bird.is_running(system):
        return []
    is_new = _configured(system.read_if_exists(render.BIRD_CONF) or '') != _configured(
        _wanted(environment, node, system))
    return [HeldRoutes()] if is_new else []


def released(system):
    return [NoHeldRoutes()] if system.exists(MARK) else []


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

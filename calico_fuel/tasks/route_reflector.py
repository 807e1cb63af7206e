"""A BGP route reflector (RFC 4456).

A compute that begins to reflect while sessions of it end leaves that to the task
``compute``: the routes that it waits for come when other computes run that task.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import reachable
from calico_fuel.tasks import bgp


def resources(environment, node, system):
    if not roles.is_route_reflector(environment, node):
        return []
    if node.is_compute and bgp.configuration(environment, node, system).ending(system):
        return []
    return (reachable.resources(environment, node)
            + bgp.speaker(environment, node, system))

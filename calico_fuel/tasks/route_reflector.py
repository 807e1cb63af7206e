"""A BGP route reflector (RFC 4456).

A compute that becomes a reflector while it also loses sessions changes bird.conf in the
task ``compute``: it waits for routes that other computes announce in that task.
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

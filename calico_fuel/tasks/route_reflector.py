"""A BGP route reflector (RFC 4456)."""

from __future__ import unicode_literals

from calico_fuel import topology
from calico_fuel.tasks import bgp


def resources(environment, node, system):
    if not topology.is_route_reflector(environment, node):
        return []
    return bgp.speaker(environment, node, system)

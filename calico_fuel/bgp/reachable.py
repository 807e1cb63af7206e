"""The workload prefixes include every existing workload.

BIRD would withdraw the route of each workload outside of them, on every node.  This is
the first resource of a task, so that a failure changes nothing.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.bgp import route_policy
from calico_fuel.calico import keys
from calico_fuel.errors import SettingsError
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.resources.base import Resource

MOST_NAMED = 5


class Reachable(Resource, namedtuple('Reachable', 'source prefixes')):
    """Every workload has an address in the Prefixes; ``source`` is their file."""

    __slots__ = ()
    label_format = 'workloads in workload_prefixes'

    def difference(self, system):
        """Empty; SettingsError that names workloads outside, by address and place."""
        places = keys.places(system)
        outside = route_policy.left_out(self.prefixes, places)
        if outside:
            raise SettingsError('{}: {}'.format(self.source, PLUGIN_NAME), [
                'workload_prefixes: {} of {} workloads would lose their routes: {}{}. '
                'Nothing was changed. Add the CIDRs of their networks ("Instance '
                'CIDRs" on the page)'.format(
                    len(outside), len(places), ', '.join(
                        '{} ({})'.format(address, places[address])
                        for address in outside[:MOST_NAMED]),
                    ' and {} more'.format(len(outside) - MOST_NAMED)
                    if len(outside) > MOST_NAMED else '')])
        return ''


def resources(environment):
    """Empty where any address is allowed."""
    prefixes = environment.workload_prefixes
    return [Reachable(environment.source, prefixes)] if prefixes else []

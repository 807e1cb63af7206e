"""Routes to workloads elsewhere that stay while BGP sessions begin anew.

Each of BIRD's routes is in the kernel a second time, where it gives way to any
other route to the same address: BIRD's own, and the one to a tap.  BIRD learns
routes to taps only, so it does not see these.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.no_bird import PROTOCOL as OF_BIRD
from calico_fuel.resources.resource import Resource

# Ours among the kernel's routing protocols (rtnetlink(7): below 186 or unassigned),
# and a metric above those of BIRD (0 with 1.6, 32 with 2).
PROTOCOL, METRIC = '202', '20200'
# There while routes may be held.
MARK = '/var/lib/calico-fuel/held-routes'
SECONDS_TO_COME_BACK, SECONDS_BETWEEN_LOOKS = 40, 1


class HeldRoutes(Resource, namedtuple('HeldRoutes', '')):
    """Each of BIRD's routes is there a second time."""

    __slots__ = ()

    @property
    def label(self):
        return 'routes to workloads elsewhere, held'

    def difference(self, system):
        missing = self._missing(system)
        return missing and '{} routes of BIRD are not held'.format(len(missing)) or ''

    def change(self, system):
        system.write(MARK, '')
        system.run(['ip', '-batch', '-'], ''.join(
            'route replace {} via {} dev {} proto {} metric {}\n'.format(
                *(route + (PROTOCOL, METRIC))) for route in self._missing(system)))

    def _missing(self, system):
        return sorted(routes(system, OF_BIRD) - routes(system, PROTOCOL))


class NoHeldRoutes(Resource, namedtuple('NoHeldRoutes', '')):
    """No route is held: BIRD has had its time to bring its own."""

    __slots__ = ()
    is_vital = False

    @property
    def label(self):
        return 'no held routes'

    def difference(self, system):
        if not system.exists(MARK):
            return ''
        system.eventually(lambda: not self._needed(system), SECONDS_TO_COME_BACK,
                          SECONDS_BETWEEN_LOOKS)
        return '{} routes are held'.format(len(routes(system, PROTOCOL)))

    def change(self, system):
        # Without a route some versions of ip fail.
        system.run(['ip', 'route', 'flush', 'proto', PROTOCOL], accept=None)
        system.remove(MARK)

    def _needed(self, system):
        """The addresses that no other route leads to."""
        held = set(route[0] for route in routes(system, PROTOCOL))
        rows = system.run(['ip', '-4', 'route', 'show']).stdout.splitlines()
        return held - set(row.split()[0] for row in rows
                          if 'proto {} '.format(PROTOCOL) not in row + ' ')


def routes(system, protocol):
    """The set of (address, gateway, interface) of a routing protocol's routes."""
    return set(re.findall(
        r'(?m)^(\S+) via (\S+) dev (\S+)',
        system.run(['ip', '-4', 'route', 'show', 'proto', protocol]).stdout))

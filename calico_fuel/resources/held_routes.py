"""Routes to workloads elsewhere that stay while BGP sessions begin anew.

Each of BIRD's routes is in the kernel a second time, where it gives way to any
other route to the same address: BIRD's own, and the one to a tap.  Of these BIRD
learns none but those to floating addresses, which are in own networks: it prefers a
neighbor's, and tells nobody.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import bird
from calico_fuel.errors import NodeError
from calico_fuel.resources.no_bird import PROTOCOL as OF_BIRD
from calico_fuel.resources.resource import Resource

# Ours among the kernel's routing protocols (rtnetlink(7): below 186 or unassigned),
# and a metric above those of BIRD (0 with 1.6, 32 with 2).
PROTOCOL, METRIC = '202', '20200'
# There while routes may be held.
MARK = '/var/lib/calico-fuel/held-routes'
SECONDS_TO_COME_BACK, SECONDS_BETWEEN_LOOKS = 40, 1
# BIRD's routes come and go meanwhile.
TRIES = 3
MOST_NAMED = 5


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
        for _ in range(TRIES):
            # By "-force" a route that is gone by now holds up no other.
            answer = system.run(['ip', '-force', '-batch', '-'], ''.join(
                'route replace {} via {} dev {} proto {} metric {}\n'.format(
                    *(route + (PROTOCOL, METRIC))) for route in self._missing(system)),
                accept=None)
            missing = self._missing(system)
            if not missing:
                return
        raise NodeError(
            '{}: the kernel refuses {} of them: {}{}. It says: {}. Mend that, or '
            'delete those that lead nowhere ("ip route del ADDRESS proto {}"), and '
            'run this again'.format(
                self.label, len(missing),
                ', '.join('{} via {} dev {}'.format(*route)
                          for route in missing[:MOST_NAMED]),
                ' and others' if len(missing) > MOST_NAMED else '',
                answer.stderr.strip().partition('\n')[0] or 'nothing', OF_BIRD))

    def _missing(self, system):
        return sorted(routes(system, OF_BIRD) - routes(system, PROTOCOL))


class NoHeldRoutes(Resource, namedtuple('NoHeldRoutes', '')):
    """No route is held, whether or not another leads there."""

    __slots__ = ()
    is_vital = False

    @property
    def label(self):
        return 'no held routes'

    def difference(self, system):
        return '{} routes are held'.format(
            len(routes(system, PROTOCOL))) if system.exists(MARK) else ''

    def change(self, system):
        # Without a route some versions of ip fail.
        system.run(['ip', 'route', 'flush', 'proto', PROTOCOL], accept=None)
        system.remove(MARK)


class ReleasedRoutes(Resource, namedtuple('ReleasedRoutes', 'is_configured')):
    """No route is held any more: BIRD has had its time to bring its own.

    Until it could, all stay: what gives way to any other route can wait.
    """

    __slots__ = ()
    is_vital = False

    @property
    def label(self):
        return NoHeldRoutes().label

    def difference(self, system):
        return NoHeldRoutes().difference(system)

    def change(self, system):
        if not self.is_configured:
            raise NodeError(
                '{}: BIRD of this node is not configured as the settings ask. Run '
                'compute, then this again'.format(self.label))
        is_back = system.eventually(
            lambda: not _needed(system), SECONDS_TO_COME_BACK, SECONDS_BETWEEN_LOOKS)
        if not is_back and not bird.has_session(system):
            raise NodeError(
                '{}: no BGP session of this node is Established, and nothing else '
                'leads to {} addresses. Run verify, mend what it names, and run this '
                'again'.format(self.label, len(_needed(system))))
        NoHeldRoutes().change(system)


def _needed(system):
    """The addresses that none but a held route leads to."""
    held = set(route[0] for route in routes(system, PROTOCOL))
    rows = system.run(['ip', '-4', 'route', 'show']).stdout.splitlines()
    return held - set(row.split()[0] for row in rows
                      if 'proto {} '.format(PROTOCOL) not in row + ' ')


def routes(system, protocol):
    """The set of (address, gateway, interface) of a routing protocol's routes."""
    return set(re.findall(
        r'(?m)^(\S+) via (\S+) dev (\S+)',
        system.run(['ip', '-4', 'route', 'show', 'proto', protocol]).stdout))

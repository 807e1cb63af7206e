"""Routes to workloads elsewhere that stay while BGP sessions begin anew.

Each of BIRD's routes is in the kernel a second time, where it gives way to any
other route to the same address: BIRD's own, and the one to a tap.  Of these BIRD
learns none but those to floating addresses, which are in own networks: it prefers a
neighbor's, and tells nobody.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

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


class Route(namedtuple('Route', 'address gateway interface')):
    """A route through a gateway, all as ``ip`` shows them."""

    __slots__ = ()


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
            answer = _in_one_batch(system, 'replace', self._missing(system))
            missing = self._missing(system)
            if not missing:
                return
        raise _refusal(self.label, 'takes no second route to', missing, answer, (
            'Mend that, or delete those that lead nowhere ("ip route del ADDRESS '
            'proto {}")'.format(OF_BIRD)))

    def _missing(self, system):
        return routes(system, OF_BIRD) - routes(system, PROTOCOL)


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
        _let_go(system, self.label, routes(system, PROTOCOL))


class ReleasedRoutes(Resource, namedtuple('ReleasedRoutes', 'computes')):
    """No route is held that another stands for, or that leads to no compute in need.

    A compute whose address is among ``computes``, and none of whose routes BIRD has,
    is not configured yet, or cut off: what is held for it stays.  Of any other, an
    address that BIRD has no route to is one that is gone.  (Behind the router of
    another rack, computes cannot be told apart, and none is waited for.)
    """

    __slots__ = ()
    is_vital = False

    @property
    def label(self):
        return 'no held routes without need'

    def difference(self, system):
        if not system.exists(MARK):
            return ''
        held = routes(system, PROTOCOL)
        done = held - awaited(system, self.computes)
        return '{} routes are held'.format(len(done)) if done or not held else ''

    def change(self, system):
        _let_go(system, self.label,
                routes(system, PROTOCOL) - awaited(system, self.computes))


def awaited(system, computes):
    """Held routes to those of the addresses *computes* that BIRD has none to yet."""
    back = set(route.gateway for route in routes(system, OF_BIRD))
    return set(route for route in needed(system)
               if route.gateway in computes and route.gateway not in back)


def needed(system):
    """Held routes to addresses that no other route leads to."""
    rows = system.run(['ip', '-4', 'route', 'show']).stdout.splitlines()
    others = set(row.split()[0] for row in rows
                 if 'proto {} '.format(PROTOCOL) not in row + ' ')
    return set(route for route in routes(system, PROTOCOL)
               if route.address not in others)


def routes(system, protocol):
    """The set of Routes of a routing protocol."""
    return set(Route(*found) for found in re.findall(
        r'(?m)^(\S+) via (\S+) dev (\S+)',
        system.run(['ip', '-4', 'route', 'show', 'proto', protocol]).stdout))


def _let_go(system, label, some):
    answer = _in_one_batch(system, 'del', some)
    left = routes(system, PROTOCOL)
    if left & some:
        raise _refusal(label, 'keeps', left & some, answer, (
            'Delete them ("ip route flush proto {}")'.format(PROTOCOL)))
    if not left:
        system.remove(MARK)


def _in_one_batch(system, command, some):
    """By "-force" a route that is gone by now holds up no other."""
    return system.run(['ip', '-force', '-batch', '-'], ''.join(
        'route {} {} via {} dev {} proto {} metric {}\n'.format(
            *((command,) + route + (PROTOCOL, METRIC))) for route in sorted(some)),
        accept=None)


def _refusal(label, verb, some, answer, cure):
    some = sorted(some)
    return NodeError(
        '{}: the kernel {} {}{}. It says: {}. {}, and run this again'.format(
            label, verb, ', '.join('{} via {} dev {}'.format(*route)
                                   for route in some[:MOST_NAMED]),
            ' and {} more'.format(len(some) - MOST_NAMED)
            if len(some) > MOST_NAMED else '',
            answer.stderr.strip().partition('\n')[0] or 'nothing', cure))

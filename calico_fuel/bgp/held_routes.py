"""Routes to workloads elsewhere that stay while BGP sessions begin anew.

Each of BIRD's routes is in the kernel a second time, where it gives way to any
other route to the same address: BIRD's own, and the one to a tap.  Of these BIRD
learns none but those to floating addresses, which are in own networks: it prefers a
neighbor's, and tells nobody.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.bgp.bird_service import PROTOCOL as OF_BIRD
from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource

# Ours among the kernel's routing protocols (rtnetlink(7): below 186 or unassigned),
# and a metric above those of BIRD (0 with 1.6, 32 with 2).
PROTOCOL, METRIC = '202', '20200'
# There while routes may be held.
MARK = '/var/lib/calico-fuel/held-routes'
MOST_NAMED = 5


class Route(namedtuple('Route', 'address gateway interface')):
    """A route through a gateway, all as ``ip`` shows them."""

    __slots__ = ()


class HeldRoutes(Resource, namedtuple('HeldRoutes', 'wanted')):
    """Each Route of BIRD that is among ``wanted`` is there a second time."""

    __slots__ = ()
    label_format = 'routes to workloads elsewhere, held'

    def difference(self, system):
        missing = self._missing(system)
        return '{} routes of BIRD are not held'.format(len(missing)) if missing else ''

    def change(self, system):
        system.write(MARK, '')
        answer = _in_one_batch(system, 'replace', self._missing(system))
        missing = self._missing(system)
        if missing:
            raise _refusal(self.label, 'takes no second route to', missing, answer, (
                'Mend that, or delete those that lead nowhere ("ip route del ADDRESS '
                'proto {}")'.format(OF_BIRD)))

    def _missing(self, system):
        """Without those that BIRD has changed, or the kernel lost, meanwhile."""
        return self.wanted & routes(system, OF_BIRD) - routes(system, PROTOCOL)


class NoHeldRoutes(Resource, namedtuple('NoHeldRoutes', 'unwanted')):
    """None of the Routes ``unwanted`` is held, and no mark is there without a route."""

    __slots__ = ()
    is_vital = False
    label_format = 'no held routes'

    def difference(self, system):
        held = routes(system, PROTOCOL)
        if self.unwanted & held or not held and system.exists(MARK):
            return '{} routes are held'.format(len(self.unwanted & held))
        return ''

    def change(self, system):
        answer = _in_one_batch(system, 'del', self.unwanted)
        left = routes(system, PROTOCOL)
        if self.unwanted & left:
            raise _refusal(self.label, 'keeps', self.unwanted & left, answer, (
                'Delete them ("ip route del ADDRESS proto {}")'.format(PROTOCOL)))
        if not left:
            system.remove(MARK)


def routes(system, protocol):
    """The set of Routes of one of the kernel's routing protocols."""
    return frozenset(Route(*found) for found in re.findall(
        r'(?m)^(\S+) via (\S+) dev (\S+)',
        system.run(['ip', '-4', 'route', 'show', 'proto', protocol]).stdout))


def local(system):
    """The addresses of workloads on this node, and its networks."""
    return frozenset(re.findall(
        r'(?m)^(\S+) dev ', system.run(['ip', '-4', 'route', 'show']).stdout))


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

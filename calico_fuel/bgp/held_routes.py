"""Routes to remote workloads that stay while BGP sessions are reset.

They are copies of BIRD's kernel routes with a worse metric, so any other route to the
prefix wins: BIRD's own, and the one to a tap.  BIRD imports only the copies of floating
addresses (they lie in own networks), prefers the BGP route over them, and never exports
them.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.bgp.bird_service import PROTOCOL as OF_BIRD
from calico_fuel import checks
from calico_fuel import roles
from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource

# Ours among the kernel's routing protocols (rtnetlink(7): below 186 or unassigned),
# and a metric above those of BIRD (0 with 1.6, 32 with 2).
PROTOCOL, METRIC = '202', '20200'
# This file exists while routes may be held.
MARK = '/var/lib/calico-fuel/held-routes'
MOST_NAMED = 5
HELD = (
    'That is right while Fuel deploys. Otherwise BIRD has not learned these workloads '
    'again ("ip route show proto {0}"): run calico-fuel verify on their computes, fix '
    'what it names, and run calico-fuel release-routes here. If they are good, the '
    'instances are stopped, or need not be reachable: "ip route flush proto '
    '{0}"'.format(PROTOCOL))


class Route(namedtuple('Route', 'address gateway interface')):
    """A route through a gateway, all as ``ip`` shows them."""

    __slots__ = ()


class HeldRoutes(Resource, namedtuple('HeldRoutes', 'wanted')):
    """Each Route of BIRD that is among ``wanted`` has a held copy."""

    __slots__ = ()
    label_format = 'held routes to remote workloads'

    def difference(self, system):
        missing = self._missing(system)
        return '{} routes of BIRD are not held'.format(len(missing)) if missing else ''

    def change(self, system):
        system.write(MARK, '')
        answer = _in_one_batch(system, 'replace', self._missing(system))
        missing = self._missing(system)
        if missing:
            raise _refusal(self.label, 'rejects the held route to', missing, answer, (
                'Fix that, or delete those that lead nowhere ("ip route del ADDRESS '
                'proto {}")'.format(OF_BIRD)))

    def _missing(self, system):
        """The wanted Routes without a copy, except those that changed meanwhile."""
        return self.wanted & routes(system, OF_BIRD) - routes(system, PROTOCOL)


class NoHeldRoutes(Resource, namedtuple('NoHeldRoutes', 'unwanted')):
    """None of the Routes ``unwanted`` is held; no mark exists without a held route."""

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
    """With "-force" a route that is gone meanwhile does not stop the others."""
    return system.run(['ip', '-force', '-batch', '-'], ''.join(
        'route {} {} via {} dev {} proto {} metric {}\n'.format(
            *((command,) + route + (PROTOCOL, METRIC))) for route in sorted(some)),
        accept=None)


def _refusal(label, verb, some, answer, fix):
    some = sorted(some)
    return NodeError(
        '{}: the kernel {} {}{}. It says: {}. {}, and run this again'.format(
            label, verb, ', '.join('{} via {} dev {}'.format(*route)
                                   for route in some[:MOST_NAMED]),
            ' and {} more'.format(len(some) - MOST_NAMED)
            if len(some) > MOST_NAMED else '',
            answer.stderr.strip().partition('\n')[0] or 'nothing', fix))


def notes(environment, node, system):
    """Checks of held routes, by their next hop: a compute or a router."""
    if not node.is_compute or not system.exists(MARK):
        return []
    gateways = [route.gateway for route in routes(
        system, PROTOCOL)]
    names = dict((one.address, one.name) for one in roles.computes(environment))
    return [checks.note(
        'held routes', '{} through {}'.format(gateways.count(gateway), names.get(
            gateway, gateway)), 'none', HELD) for gateway in sorted(set(gateways))]

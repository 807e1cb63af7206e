"""Pinned routes: other computes stay reachable while BGP sessions are reset.

They are copies of BIRD's kernel routes with a metric worse than its 0 (1.6) or 32 (2),
so any other route to the prefix wins.  BIRD imports only those in own networks (to
floating addresses), prefers BGP's, and never exports them.  Only the kernel has them.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import checks, roles
from calico_fuel.bgp import bird
from calico_fuel.bgp.bird_service import PINNED, PROTOCOL as OF_BIRD
from calico_fuel.codes.bgp import ROUTES_HELD
from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource

SECONDS_TO_LEARN = 40
FIX = (
    'This is normal while Fuel deploys. Otherwise run calico-fuel verify on that '
    'compute, fix what it names, and run calico-fuel release-routes here. If verify '
    'finds no problem there and routes stay ("ip route show proto {0}"), their '
    'instances are stopped or deleted: run "ip route flush proto {0}"'.format(PINNED))


class HeldRoutes(Resource, namedtuple('HeldRoutes', 'wanted')):
    """The ``wanted`` routes are pinned, but for those that BIRD has removed since."""

    label_format = 'pinned routes'

    def difference(self, system):
        missing = self._missing(system)
        return '{} routes are not pinned'.format(len(missing)) if missing else ''

    def change(self, system):
        answer = _batch(system, 'replace', self._missing(system))
        left = self._missing(system)
        if left:
            raise NodeError(
                '{}: the kernel refuses {}, such as "{}": {}. Delete the wrong ones '
                '("ip route del ADDRESS proto bird"), and run this again'.format(
                    self.label, len(left), min(left), answer.stderr.split('\n')[0]))

    def _missing(self, system):
        return self.wanted & routes(system, OF_BIRD) - routes(system, PINNED)


class ReleasedRoutes(Resource, namedtuple('ReleasedRoutes', 'deadline')):
    """No route is pinned, or BIRD has had its time to learn it again: then it stays.

    ``deadline`` is a time of ``system.uptime``, at most SECONDS_TO_LEARN from now.
    """

    label_format = 'pinned routes only while needed'

    def difference(self, system):
        pinned = system.uptime() < self.deadline and routes(system, PINNED)
        return '{} routes are pinned'.format(len(pinned)) if pinned else ''

    def change(self, system):
        def is_done():
            _batch(system, 'del', _unneeded(system))
            return not self.difference(system)
        system.eventually(is_done, SECONDS_TO_LEARN, interval=1)


def routes(system, protocol):
    """Those of a routing protocol: a set of "ADDRESS via GATEWAY dev INTERFACE"."""
    return frozenset(re.findall(r'(?m)^\S+ via \S+ dev \S+', system.run(
        ['ip', '-4', 'route', 'show', 'proto', protocol]).stdout))


def notes(environment, node, system):
    """Checks of pinned routes, by their next hop: a compute or a router."""
    if not node.is_compute:
        return []
    names = dict((one.address, one.name) for one in roles.computes(environment))
    gateways = [route.split()[2] for route in routes(system, PINNED)]
    hops = [names.get(gateway, gateway) for gateway in gateways]
    return [checks.fault(
        ROUTES_HELD, 'pinned routes', '{} through {}'.format(hops.count(hop), hop),
        'none', FIX) for hop in sorted(set(hops))]


def _unneeded(system):
    """The pinned routes that an Established session or a tap has replaced.

    The kernel's routes of BIRD alone prove nothing: they outlive a BIRD that recovers.
    """
    known = bird.learned(system) & set(
        route.split()[0] for route in routes(system, OF_BIRD)) | set(re.findall(
            r'(?m)^(\S+) dev ', system.run(['ip', '-4', 'route', 'show']).stdout))
    return [route for route in routes(system, PINNED) if route.split()[0] in known]


def _batch(system, verb, some):
    """With "-force", a route that the kernel refuses does not stop the others."""
    return system.run(['ip', '-force', '-batch', '-'], ''.join(
        'route {} {} proto {} metric 20200\n'.format(verb, route, PINNED)
        for route in sorted(some)), accept=None)

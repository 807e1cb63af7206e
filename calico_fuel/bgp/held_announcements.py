"""Pinned announcements: external peers keep routes while clients' sessions are reset.

A route reflector writes what clients have announced into a file of BIRD: a static
protocol of the lowest preference, which only external peers get.  Each route has its
next hop as ``krt_prefsrc``, because BIRD 1.6 replaces an own ``bgp_next_hop`` of a
route that is not BGP's before a filter sees it; the filter moves it back.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import checks
from calico_fuel.bgp import bird, configured, sessions
from calico_fuel.bgp.local_files import PINNED as PATH
from calico_fuel.codes.bgp import ROUTES_HELD
from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import File

PROTOCOL = 'pinned_routes'
TEXT = '''\
# Written by calico-fuel hold-routes; release-routes removes it.
protocol static {} {{
  {}
{}}}
'''
PREFERENCES = {1: 'preference 1;', 2: 'ipv4 { preference 1; };'}
ROW = '  route {} unreachable {{ krt_prefsrc = {}; }};\n'
ROUTE = re.compile(r'(?m)^  route (\S+) unreachable \{ krt_prefsrc = (\S+); \};$')
ADDRESS = re.compile(r'[0-9.]+\Z')
OWNER, MODE = 'root:bird', 0o640
FIX = (
    'This is normal while Fuel deploys. Otherwise run calico-fuel verify on that '
    'compute, fix what it names, and run calico-fuel release-routes here')


class HeldAnnouncements(Resource, namedtuple('HeldAnnouncements', 'wanted')):
    """BIRD has the ``wanted`` (prefix, next hop) pinned, and others that it had."""

    label_format = 'routes pinned for external peers'

    def difference(self, system):
        missing = self.wanted - frozenset(pinned(system).items())
        if missing:
            return '{} routes are not pinned'.format(len(missing))
        routes = pinned(system)
        return routes and _file(system, routes).difference(system) or (
            '' if _is_loaded(system, routes) else 'BIRD has not loaded them')

    def change(self, system):
        _load(system, dict(pinned(system), **dict(self.wanted)))


class ReleasedAnnouncements(Resource, namedtuple(
        'ReleasedAnnouncements', 'sessions deadline')):
    """No route is pinned, or its compute has no Established session of ``sessions``.

    ``deadline`` is a time of ``system.uptime``, at which nothing is waited for.
    """

    label_format = 'routes pinned for external peers only while needed'

    def difference(self, system):
        if system.uptime() >= self.deadline or not system.exists(PATH):
            return ''
        return '{} routes are pinned'.format(len(pinned(system)))

    def change(self, system):
        system.eventually(
            lambda: not self._awaited(system)[0],
            max(0, self.deadline - system.uptime()), interval=1)
        _, left = self._awaited(system)
        _load(system, left)
        # Last, because it says that BIRD may have routes of it.
        if not left:
            system.remove(PATH)
            _configure(system)

    def _awaited(self, system):
        """The pinned routes that may come; those whose compute has no session."""
        protocols = bird.protocols(system)
        known = set(route.prefix for route in bird.table(system)
                    if bird.is_established(protocols, route.protocol))
        names = dict((one.address, one.name) for one in self.sessions)
        awaited = dict((prefix, hop) for prefix, hop in pinned(system).items()
                       if prefix not in known and hop in names)
        return awaited, dict(
            (prefix, hop) for prefix, hop in awaited.items()
            if not bird.is_established(protocols, names[hop]))


def has_external_peers(system):
    """Whether bird.conf has a session to one, by a name of ours."""
    return any(one.name.startswith(sessions.EXTERNAL + '_')
               for one in configured.there(system))


def learned(system):
    """The (prefix, next hop) that other nodes have announced to this one."""
    best_last = [
        (route.prefix, route.next_hop) for route in reversed(bird.table(system))
        if sessions.uid(route.protocol) and ADDRESS.match(route.next_hop or '')
        and route.prefix.endswith('/32')]
    return frozenset(dict(best_last).items())


def pinned(system):
    """Prefix -> next hop, as the file says."""
    return dict(ROUTE.findall(system.read_if_exists(PATH) or ''))


def notes(environment, system):
    """Checks of pinned routes, by their compute."""
    names = dict((node.address, node.name) for node in environment.nodes)
    hops = [names.get(hop, hop) for hop in pinned(system).values()]
    return [checks.fault(
        ROUTES_HELD, 'routes pinned for external peers',
        '{} through {}'.format(hops.count(hop), hop), 'none', FIX)
        for hop in sorted(set(hops))]


def _file(system, routes):
    line = bird.line(bird.version(system))
    return File(PATH, TEXT.format(PROTOCOL, PREFERENCES[line], ''.join(
        ROW.format(*pair) for pair in sorted(routes.items()))), MODE, OWNER,
        ('bird', '-p', '-c'))


def _load(system, routes):
    """Let BIRD have these pinned routes; an outdated one loads them when it ends."""
    _file(system, routes).change(system)
    _configure(system)


def _configure(system):
    if bird.is_running(system) and not bird.is_outdated(system):
        bird.configure(system)


def _is_loaded(system, routes):
    there = set(route.prefix for route in bird.table(system)
                if route.protocol == PROTOCOL)
    return (there.issuperset(routes) or not bird.is_running(system)
            or bird.is_outdated(system))

"""What a compute announces to route reflectors: the routes of its taps -> Checks."""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.addresses import enclosing_prefix
from calico_fuel.bgp import bird, configured, kernel, route_policy, sessions
from calico_fuel.bgp.bird_replies import parse_table
from calico_fuel.codes.bgp import EXPORT_DIFFERS


def of_node(environment, node, system):
    """Checks of each Established session of *node*, which does not reflect."""
    if not node.is_compute or roles.is_route_reflector(environment, node) or (
            not bird.is_settled(system)):
        return []
    protocols = bird.protocols(system)
    policy = route_policy.routing_policy(environment)
    taps = set(
        address + '/32' for address in kernel.on_taps(kernel.routes(system))
        if not route_policy.refusal_of(policy, enclosing_prefix(address + '/32')))
    return checks_of(taps, [
        (one, announced(system, one.name))
        for one in configured.of(environment, node, system)
        if one.relation == sessions.REFLECTOR
        and bird.is_established(protocols, one.name)])


def announced(system, name):
    """The prefixes that BIRD announces in the session *name*."""
    return set(route.prefix for route in parse_table(bird.show(
        system, 'route', 'export', name, seconds=bird.SECONDS_FOR_MUCH)))


def checks_of(taps, sent):
    """*taps* has prefixes, *sent* pairs of a Session and what is announced in it."""
    found = []
    for session, given in sent:
        missing, extra = sorted(taps - given), sorted(given - taps)
        if missing or extra:
            found.append(checks.fault(
                EXPORT_DIFFERS, 'routes to {}'.format(session.neighbor), ' and '.join(
                    '{} {}: {}'.format(len(some), words, _named(some))
                    for some, words in ((missing, 'missing'), (extra, 'on no tap'))
                    if some), 'those of the taps', (
                        'Run this again in some seconds. If it stays so, see "birdc '
                        'show route export {}"; if BIRD lacks the routes, run "birdc '
                        'enable kernel1"'.format(session.name))))
    good = len(sent) - len(found)
    if good:
        found.insert(0, checks.good(EXPORT_DIFFERS, 'routes to ' + checks.counted(
            good, 'route reflector'), checks.counted(
            len(taps), 'route') + ' of taps'))
    return found


def _named(prefixes):
    return checks.some([one.partition('/')[0] for one in prefixes])

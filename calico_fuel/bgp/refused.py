"""What BIRD refuses to learn -> Checks: limits reached, and routes with the rule.

A reached limit is a problem: instances may have no route.  A refused route is a note,
so that a compute that was taken over cannot stop deployments.
"""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp import bird, configured, route_policy
from calico_fuel.codes.bgp import ROUTE_LIMIT, ROUTE_REFUSED


def checks_of(environment, node, system):
    """Checks of the sessions of *node* in which BIRD refuses something."""
    if not roles.speaks_bgp(environment, node):
        return []
    protocols, refused = bird.details(system), bird.refused(system)
    policy = route_policy.routing_policy(environment)
    return [check for session in configured.of(environment, node, system)
            for check in checks_of_session(
                policy, session, protocols.get(session.name),
                refused.get(session.name))]


def checks_of_session(policy, session, protocol, routes):
    """Checks of one session: its Protocol of bird.details, and what bird.refused has
    of it; both may be None."""
    return [_limit(session, limit) for limit in (
        protocol.limits_reached if protocol else ())] + (
            [_refused(policy, session, routes)] if routes else [])


def _limit(session, limit):
    return checks.fault(
        ROUTE_LIMIT, 'BGP {} to {}'.format(session.name, session.neighbor),
        'has reached its {}: further routes are refused'.format(limit),
        'fewer routes', (
            'If there are so many instances, raise {} '
            'and deploy changes. Otherwise find out what announces the routes, and end '
            'it. New routes are refused until then, and until you run "birdc reload '
            '{}" here'.format('limit= of {} in external_peers'.format(
                session.neighbor) if session.peer and session.peer.limit else
                '"Routes per compute" (route_limit)', session.name)))


def _refused(policy, session, routes):
    named = ['{} {}'.format(route, route_policy.refused_by(policy, route, hop, session))
             for route, hop in routes[:checks.MOST_NAMED]]
    more = len(routes) - len(named)
    return checks.fault(
        ROUTE_REFUSED, 'routes from {}'.format(session.neighbor),
        '{} refused: {}{}'.format(
            len(routes), '; '.join(named), ' and {} more'.format(more) * bool(more)),
        'none refused', (
            'Run calico-fuel verify on {}. If that is good, check who can change BIRD '
            'there: its routes may be an attack'.format(session.neighbor)))

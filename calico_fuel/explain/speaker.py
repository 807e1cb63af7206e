"""What a BIRD of this node says about an address that its host should announce.  Pure.

Each function gives a Link of what is wrong, or None.
"""

from __future__ import unicode_literals

from calico_fuel.bgp import (
    announced, bird, data_path, health, refused, route_policy, sessions)
from calico_fuel.bgp.bird_service import PINNED
from calico_fuel.checks import MOST_NAMED, some
from calico_fuel.codes import bgp as codes
from calico_fuel.explain import link


def to_reflectors(facts):
    """The Sessions to route reflectors that this node is to have."""
    return [one for one in facts.sessions if one.relation == sessions.REFLECTOR]


def established(facts, wanted):
    """Those of the Sessions *wanted* that are Established."""
    return [one for one in wanted
            if bird.is_established(facts.bird.protocols, one.name)]


def silent(facts, name):
    check, = health.checks_of((), None, _task(facts))
    return link.broken(check.code, name, facts.bird.problem,
                       facts.bird.fix or check.fix)


def down(facts, name, wanted):
    """The Link of sessions *wanted* of this node, none of which is Established."""
    checks = [check for check in health.checks_of(
        wanted, facts.bird.protocols, _task(facts)) if check.is_problem]
    return link.broken(
        codes.BGP_DOWN, name, '; '.join('{}: {}'.format(check.subject, check.state)
                                        for check in checks[:MOST_NAMED])
        or 'no session', checks[0].fix if checks else 'Run calico-fuel verify')


def _task(facts):
    """The task that configures the BIRD here."""
    return 'compute' if facts.node.is_compute else 'route-reflector'


def holders(facts, address):
    """The names of those to whom routes to *address* lead."""
    names = dict((one.address, one.fqdn) for one in facts.environment.nodes)
    return announced.announced(
        names, facts.bird.protocols, facts.routes_to(address)).get(address, set())


def strangers(name, host, receiver, holders):
    """The Link if nodes other than the host announce the address, else None."""
    others = sorted(holders - set((host.fqdn, host.name)))
    if not others:
        return None
    too = len(others) < len(holders)
    return link.broken(
        codes.TWO_HOLDERS if too else codes.WRONG_HOLDER, name,
        'leads to {}{}; Neutron bound it to {}'.format(
            some(others), ', too' * too, host.name),
        announced.FIX.format(receiver.address))


def refusal(facts, session, name, address):
    """The Link if BIRD here refuses the route to *address* in *session*, else None."""
    found = refused.checks_of_session(
        route_policy.routing_policy(facts.environment), session,
        facts.bird.protocols.get(session.name),
        [pair for pair in facts.bird.refused.get(session.name, ())
         if pair[0] == address + '/32'])
    return link.broken(
        found[0].code, name, '{}: {}'.format(found[0].subject, found[0].state),
        found[0].fix) if found else None


def best(facts, name, receiver):
    """The Link if BIRD prefers a route of another protocol, else None."""
    best = facts.routes_to(receiver.address)[0]
    if sessions.uid(best.protocol):
        return None
    return link.broken(
        codes.ROUTE_OVERRIDDEN, name,
        'BIRD prefers the route of {}'.format(best.protocol),
        data_path.OVERRIDDEN.fix.format(protocol=best.protocol))


def pinned(facts, address):
    """The pinned route that the kernel uses, as text; '' for another or none."""
    there = facts.routes.get(address)
    return there.text if there and (
        ' proto {} '.format(PINNED) in there.text + ' ') else ''

"""The link of a route reflector, as itself or a compute sees it.  Pure."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import bird, sessions
from calico_fuel.codes import bgp
from calico_fuel.explain import link, speaker


def of(facts, reflector, host, receiver):
    """The Link of the Node *reflector* for an instance of the Node *host*."""
    name, here = 'route reflector ' + reflector.name, facts.node.name
    if reflector == facts.node:
        return _here(facts, name, host, receiver)
    of_it = [session for session in facts.sessions
             if sessions.uid(session.name) == reflector.uid]
    # A reflector learns a route from the client, and needs none from another reflector.
    if not of_it or facts.bird.problem or facts.node == host or (
            roles.is_route_reflector(facts.environment, facts.node)):
        return link.elsewhere(name, reflector.name, receiver.command)
    session, = of_it
    if not bird.is_established(facts.bird.protocols, session.name):
        others = [one for one in facts.sessions if one.relation == sessions.REFLECTOR]
        if not speaker.pinned(facts, receiver.address) and not any(
                bird.is_established(facts.bird.protocols, one.name) for one in others):
            return speaker.down(facts, name, others)
        return link.elsewhere(name, reflector.name, receiver.command,
                              'no session to it from here: run calico-fuel verify')
    if any(route.protocol == session.name
           for route in facts.routes_to(receiver.address)):
        return link.intact(name, 'sends it to {}'.format(here), here)
    return link.elsewhere(name, reflector.name, receiver.command,
                          'does not send it to {}'.format(here))


def _here(facts, name, host, receiver):
    here, address = facts.node.name, receiver.address
    if facts.bird.problem:
        return speaker.silent(facts, name)
    if facts.node == host:
        return link.intact(name, 'has it from its own tap', here)
    of_host = [one for one in facts.sessions if sessions.uid(one.name) == host.uid]
    if not any(bird.is_established(facts.bird.protocols, one.name) for one in of_host):
        return speaker.down(facts, name, of_host)
    holders = speaker.holders(facts, address)
    if host.fqdn in holders or host.name in holders:
        return speaker.strangers(facts, name, host, receiver, holders) or speaker.best(
            facts, name, receiver) or link.intact(
                name, 'has it from ' + host.name, here)
    return speaker.refusal(facts, of_host[0], name, address) or speaker.strangers(
        facts, name, host, receiver, holders) or link.broken(
            bgp.NOT_ANNOUNCED, name, '{} does not announce it'.format(host.name), here,
            'Run "{}" on {}'.format(receiver.command, host.name))

"""The link of a route reflector, as itself or a compute sees it.  Pure."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import sessions
from calico_fuel.codes import bgp
from calico_fuel.explain import link, speaker


def of(facts, reflector, host, receiver):
    """The Link of the Node *reflector* for an instance of the Node *host*."""
    name = 'route reflector ' + reflector.name
    if reflector == facts.node:
        return _here(facts, name, host, receiver)

    def unseen(state=''):
        return link.elsewhere(name, reflector.name, receiver.command, state)
    of_it = _sessions_to(facts, reflector)
    # A reflector learns a route from the client, and needs none from another reflector.
    if not of_it or facts.bird.problem or facts.node == host or (
            roles.is_route_reflector(facts.environment, facts.node)):
        return unseen()
    if not speaker.established(facts, of_it):
        wanted = speaker.to_reflectors(facts)
        if speaker.pinned(facts, receiver.address) or speaker.established(
                facts, wanted):
            return unseen('no session to it from here: run calico-fuel verify')
        return speaker.down(facts, name, wanted)
    if any(route.protocol == of_it[0].name
           for route in facts.routes_to(receiver.address)):
        return link.intact(name, 'sends it to {}'.format(facts.node.name))
    return unseen('does not send it to {}'.format(facts.node.name))


def _sessions_to(facts, node):
    return [one for one in facts.sessions if sessions.uid(one.name) == node.uid]


def _here(facts, name, host, receiver):
    if facts.bird.problem:
        return speaker.silent(facts, name)
    if facts.node == host:
        return link.intact(name, 'has it from its own tap')
    of_host = _sessions_to(facts, host)
    if not speaker.established(facts, of_host):
        return speaker.down(facts, name, of_host)
    holders = speaker.holders(facts, receiver.address)
    strangers = speaker.strangers(name, host, receiver, holders)
    if host.fqdn in holders or host.name in holders:
        return strangers or speaker.best(facts, name, receiver) or link.intact(
            name, 'has it from ' + host.name)
    return speaker.refusal(facts, of_host[0], name, receiver.address) or (
        strangers) or link.broken(
            bgp.NOT_ANNOUNCED, name, '{} does not announce it'.format(host.name),
            'Run "{}" on {}'.format(receiver.command, host.name))

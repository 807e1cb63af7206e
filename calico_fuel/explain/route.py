"""Links from an instance's host to the sender: reflectors, BIRD, kernel, next hop.

Pure.  Only the sender's compute can see whether its packets find the way; if the
operator names no sender, that is this node.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import announced, data_path, kernel, path_mtu, sessions
from calico_fuel.codes import bgp as codes
from calico_fuel.codes.instance import NEXT_HOP_SILENT, NOT_REFLECTED
from calico_fuel.explain import link, reflector, speaker

BIRD, KERNEL, HOP = "BIRD of the sender's host", "kernel of the sender's host", (
    'next hop')


def links(facts, sender, receiver):
    """Links from the host of the End *receiver* to that of *sender*, None: here."""
    host = facts.host(receiver.endpoint.host)
    of_sender = sender and facts.host(sender.endpoint.host)
    if of_sender == host:
        yield link.intact('route', 'both are on {}'.format(host.name))
        return
    for node in roles.route_reflectors(facts.environment):
        if node not in (host, of_sender) or node == facts.node:
            yield reflector.of(facts, node, host, receiver)
    if of_sender != facts.node if sender else (
            facts.node == host or not facts.node.is_compute):
        for name in BIRD, KERNEL, HOP:
            yield link.elsewhere(name, of_sender.name if sender else 'another compute',
                                 receiver.command)
        return
    yield _bird(facts, host, receiver)
    yield _kernel(facts, receiver)
    yield _hop(facts, host, receiver)


def _bird(facts, host, receiver):
    address = receiver.address
    if facts.bird.problem:
        return speaker.silent(facts, BIRD)
    known = facts.routes_to(address)
    if known and (known[0].interface or '').startswith(kernel.TAP):
        return link.broken(
            codes.WRONG_HOLDER, BIRD, 'leads to {} of {}; Neutron bound it to '
            '{}'.format(known[0].interface, facts.node.name, host.name),
            announced.FIX.format(address))
    holders = speaker.holders(facts, address)
    if not holders:
        return _nothing(facts, address, receiver)
    wrong = speaker.best(facts, BIRD, receiver) or speaker.strangers(
        BIRD, host, receiver, holders)
    if wrong:
        return wrong
    hop = known[0].next_hop
    if not known[0].gateway:
        return link.broken(
            codes.NEXT_HOP_UNREACHABLE, BIRD,
            'cannot reach the next hop {}'.format(hop),
            data_path.LEADS_NOWHERE.fix.format(hop=hop))
    return link.intact(BIRD, 'via {}, from {}'.format(hop, ', '.join(sorted(
        route.protocol for route in known if sessions.uid(route.protocol)))))


def _nothing(facts, address, receiver):
    """The Link of a BIRD here that has no route from an Established session."""
    wanted = speaker.to_reflectors(facts)
    up = speaker.established(facts, wanted)
    pinned = speaker.pinned(facts, address)
    if pinned:
        return link.broken(
            codes.ROUTES_HELD, BIRD,
            'has no route; the kernel has a pinned one: {}'.format(pinned), (
                'The route may be old. Run calico-fuel verify on the compute that it '
                'leads to and here, fix what they name, and run calico-fuel '
                'release-routes here'))
    if not up:
        return speaker.down(facts, BIRD, wanted)
    refusals = [speaker.refusal(facts, session, BIRD, address) for session in up]
    return next((one for one in refusals if one), None) or link.broken(
        NOT_REFLECTED, BIRD, 'no route reflector sends it',
        'Run "{}" on {}, then on {}'.format(
            receiver.command, receiver.endpoint.host, up[0].neighbor))


def _kernel(facts, receiver):
    best, there = (facts.routes_to(receiver.address)[0],
                   facts.routes.get(receiver.address))
    if there is None:
        return link.broken(codes.NOT_IN_KERNEL, KERNEL, 'has no route',
                           data_path.NOT_IN_KERNEL.fix)
    if there.gateway != best.gateway:
        return link.broken(codes.FOREIGN_ROUTE, KERNEL, there.text,
                           data_path.FOREIGN.fix.format(route=there.text))
    return link.intact(KERNEL, there.text)


def _hop(facts, host, receiver):
    hop = facts.routes_to(receiver.address)[0].next_hop
    if facts.hops is None:
        return link.elsewhere(
            HOP, facts.node.name, 'ping {}'.format(hop), 'unknown: not tried')
    answer = facts.hops.get(hop)
    if answer == 'routed':
        return link.intact(HOP, '{} answers; a router on the way names a smaller MTU '
                           'to senders'.format(host.name))
    if not answer:
        return link.broken(
            NEXT_HOP_SILENT, HOP, '{} ({}) does not answer a ping'.format(
                hop, host.name), (
                'Check that {0} is up, and its cable; on {0} run "ip address show". '
                'If it answers nothing else either, BGP drops its routes within '
                '30 s'.format(host.name)))
    check = path_mtu.checks_of(
        facts.interface, facts.links, {hop: host.name}, {hop: answer})[0]
    if check.is_problem:
        return link.broken(check.code, HOP, '{} does not answer {}'.format(
            host.name, check.subject), check.fix)
    return link.intact(HOP, '{} answers {}'.format(host.name, check.subject))

"""Which routes a node may learn, announce and install.

A workload route is an IPv4 host route.  It is inside the workload prefixes, if the
operator gave any, and outside of the deployment's own networks.  The floating range of
the public network is one of the former where floating IPs work.  Where not, it has
workloads only if a workload prefix says so.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.bgp import outside, sessions
from calico_fuel.errors import SettingsError
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.resources import ip_rules


# A reflector has the routes of all computes: those of this many with as many as they
# may have, or so many.  A low limit for each compute is none for hundreds of them.
COMPUTES, ROUTES_OF_ALL = 100, 100000


class Policy(namedtuple('Policy', 'never workload floating own')):
    """Four tuples of Prefixes; a route must pass them in this order.

    A route in ``never`` (RFC 6890) is rejected.  So is one outside of ``workload``,
    unless that is empty.  Then a route in ``floating`` is accepted, one in ``own`` is
    rejected, and any other is accepted.
    """


def routing_policy(environment):
    """The Policy of an environment.

    It is the same on all nodes of one rack.  Of a node in another rack only the
    address is protected if the metadata has neither its network nor a route to it (a
    network without gateway).
    """
    network = environment.network_to_create
    given = environment.settings.workload_prefixes + (
        (network.prefix,) if network else ())
    workload, floating = environment.workload_prefixes, environment.floating
    if not environment.has_floating_ips:
        floating = [max(one, other, key=lambda prefix: prefix.length)
                    for one in floating for other in given if one.overlaps(other)]
    elif workload:
        workload = addresses.without_covered(workload + floating)
    return Policy(
        addresses.NOT_UNICAST, workload, addresses.without_covered(floating),
        addresses.without_covered(environment.networks + tuple(
            server for server in environment.servers
            if not any(prefix.covers(server) for prefix in given))))


def limits(environment):
    """The most routes in one session, by its relation.

    It does not depend on which nodes exist, so none changes when nodes come and go.
    """
    of_compute = environment.settings.route_limit
    of_all = max(COMPUTES * of_compute, ROUTES_OF_ALL)
    return {sessions.CLIENT: of_compute, sessions.REFLECTOR: of_all,
            sessions.EXTERNAL: of_all}


def export_limit(environment, session):
    """The most routes that this node announces in the Session to an external peer."""
    return session.peer.limit or limits(environment)[
        sessions.EXTERNAL if session.reflects else sessions.CLIENT]


def refused_by(policy, route, hop, session):
    """The rule, as text, by which this node refuses a *route* with this next *hop*.

    *route* is a prefix as BIRD prints it, *session* the Session that brought it.
    """
    try:
        refusal = refusal_of(policy, addresses.enclosing_prefix(route))
    except ValueError:
        refusal = 'is no IPv4 route'
    if refusal:
        return refusal
    if session.relation == sessions.CLIENT and hop != session.address:
        return 'leads to {}'.format(hop)
    return 'is over the limit, or comes from another router'


def refusal_of(policy, prefix):
    """Why no node accepts a route to this Prefix, as text; '' if nodes do."""
    if prefix.length < 32 or any(one.covers(prefix) for one in policy.never):
        return 'can be the address of no instance'
    if policy.workload and not any(one.covers(prefix) for one in policy.workload):
        return 'is outside of the instance CIDRs'
    if any(one.covers(prefix) for one in policy.own) and not any(
            one.covers(prefix) for one in policy.floating):
        return 'is an address of the deployment'
    return ''


def left_out(prefixes, texts):
    """Those of the IPv4 addresses *texts* that lie in none of *prefixes*, in order.

    None without prefixes: then any address is allowed.
    """
    numbers = sorted(set(addresses.parse_ipv4(text) for text in texts))
    return [addresses.format_ipv4(number) for number in numbers
            if prefixes and not any(number in prefix for prefix in prefixes)]


def check(environment):
    """SettingsError when settings contradict the environment's networks."""
    problems = []
    rules = routing_policy(environment)
    network = environment.network_to_create
    if environment.has_floating_ips and environment.settings.remove_default_networks:
        problems.append(
            'remove_default_networks: is on, and floating_ips too, which needs the '
            'external network and the router. Switch one of them off')
    if network and (environment.has_floating_ips or not any(
            f.covers(network.prefix) for f in rules.floating)):
        problems += [
            'calico_network_cidr: {} overlaps {}, {}: routes to its instances '
            'would be rejected. Use another prefix'.format(
                _which(environment, network), taken, _whose(rules, taken))
            for taken in rules.never + rules.own
            if taken.overlaps(network.prefix)]
    problems += [
        'workload_prefixes: {} lies in {}, {}: every route in it would be '
        'rejected. Use another prefix'.format(pool, taken, _whose(rules, taken))
        for pool in environment.settings.workload_prefixes
        for taken in rules.never + rules.own
        if taken.covers(pool) and not any(f.overlaps(pool) for f in rules.floating)]
    by_address = dict((node.address, node) for node in environment.nodes)
    problems += outside.problems(environment, rules.floating)
    problems += _about_gateway(environment, by_address) + _about_mtu(environment)
    if problems:
        raise SettingsError(
            '{}: {}'.format(environment.source, PLUGIN_NAME), problems)


def _about_gateway(environment, by_address):
    gateway, prefixes = (environment.settings.workload_gateway,
                         environment.workload_prefixes)
    if gateway is None:
        return []
    text, problems = addresses.format_ipv4(gateway), []
    if text in by_address:
        problems.append(of_own(text, by_address[text].name))
    problems += [of_own(text, 'the VIP "{}"'.format(name))
                 for name in sorted(environment.vips) if environment.vips[name] == text]
    if len(prefixes) > ip_rules.MOST:
        problems.append(
            'workload_prefixes: {} prefixes (the network that is created is one), and '
            'workload_gateway supports {}: write wider ones'.format(
                len(prefixes), ip_rules.MOST))
    return problems


def _about_mtu(environment):
    most, node = environment.this.management_mtu, environment.this_node
    if not node.is_compute or environment.instance_mtu <= most:
        return []
    return ['instance_mtu: {} is more than {}, the MTU of the management network of {} '
            'in Fuel: write {} or less, or first give a larger one to its interface in '
            'Fuel and to the switches'.format(
                environment.instance_mtu, most, node.name, most)]


def of_own(gateway, owner):
    """The problem of a workload gateway that has the address of *owner*."""
    return ('workload_gateway: {} is the address of {}: write the address of a router '
            'outside the environment'.format(gateway, owner))


def _which(environment, network):
    if environment.settings.calico_network:
        return '{}'.format(network.prefix)
    return ('is empty, so {} is made as the environment\'s network settings say; its '
            'subnet {}'.format(network.name, network.prefix))


def _whose(rules, prefix):
    return ('which no host may have' if prefix in rules.never
            else 'a network of the deployment')

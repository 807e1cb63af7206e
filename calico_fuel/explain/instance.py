"""Links of an instance and its host: Neutron, etcd, Felix, tap, BIRD there.  Pure."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import roles
from calico_fuel.addresses import enclosing_prefix
from calico_fuel.bgp import data_path, route_policy
from calico_fuel.calico import driver, endpoints, felix
from calico_fuel.codes import bgp, cluster
from calico_fuel.codes.instance import (
    ENDPOINT_OFF, FELIX_FAILS, NO_ENDPOINT, PORT_ELSEWHERE, PORT_MISSING, TWO_ENDPOINTS)
from calico_fuel.etcd import client
from calico_fuel.explain import link, speaker
from calico_fuel.fuel.yaml_values import text

TAP, ROUTE, BIRD = 'tap', 'route to the tap', 'BIRD of its host'
# The link that each kind of fault breaks.
BREAKS = {data_path.NO_TAP: TAP, data_path.TAP_IS_DOWN: TAP, data_path.NO_ROUTE: ROUTE,
          data_path.NOT_IN_BIRD: BIRD, data_path.OVERRIDDEN: BIRD}
SEEN = {TAP: '{} is up', ROUTE: 'is in the kernel', BIRD: 'has the route of the tap'}
RESTART = ('If this stays so for a minute, run "service neutron-server restart" on a '
           'controller: its Calico driver writes all endpoints again')


class End(namedtuple('End', 'name address endpoint command suffix')):
    """An instance as the operator named it, and what etcd has of it.

    ``endpoint`` is None if etcd has none, or several.  ``command`` is what to run on a
    node that sees more; ``suffix`` ends the name of each link.
    """


def end(facts, name, command, suffix=''):
    found = endpoints.named(facts.endpoints or (), name)
    only = found[0] if len(found) == 1 else None
    address = name if '.' in name else (
        only.addresses[0] if only and only.addresses else '')
    return End(name, address, only, command, suffix)


def links(facts, one):
    """Links of the End *one*, as far as its host."""
    yield _endpoint(facts, one)
    if not one.endpoint:
        return
    yield _port(facts, one)
    yield _cidrs(facts, one)
    host = facts.host(one.endpoint.host)
    name = 'Felix' + one.suffix
    if host is None:
        yield link.broken(
            cluster.NODE_NOT_LISTED, name,
            'no node is called {}'.format(one.endpoint.host), (
                'Find out which node that is: Nova has another name for it ("host" in '
                '/etc/nova/nova.conf), or Fuel omits it because it is in error: then '
                'deploy it again'))
        return
    yield _felix(facts, one, name, host)
    for found in _on_host(facts, one, host):
        yield found


def _endpoint(facts, one):
    name = 'endpoint in etcd' + one.suffix
    if facts.endpoints is None:
        return link.without_etcd(name)
    found = endpoints.named(facts.endpoints, one.name)
    if len(found) > 1:
        return link.broken(TWO_ENDPOINTS, name, ' and '.join('{} on {}'.format(
            each.port, each.host) for each in found), (
                'Two ports have the address, and a node reaches one of them at most. '
                'Delete a port ("neutron port-delete"), or name the port or tap here'))
    if not found or not one.address:
        return link.broken(
            NO_ENDPOINT, name, 'none has {}'.format(one.name) if not found
            else 'has no IPv4 address', 'No instance has it: on a controller, '
            '"neutron port-list | grep {}" names its port. If there is '
            'one, its status tells whether Neutron bound it. '
            '{}'.format(one.name, RESTART))
    if not found[0].is_active:
        return link.broken(
            ENDPOINT_OFF, name, 'is not active, on {}'.format(found[0].host), (
                'Somebody has switched the port off: "neutron port-update {} '
                '--admin-state-up True"'.format(found[0].port)))
    return link.intact(name, '{}, {} on {}'.format(
        one.address, found[0].tap or 'no tap', found[0].host))


def _cidrs(facts, one):
    name, policy = 'instance CIDRs' + one.suffix, route_policy.routing_policy(
        facts.environment)
    refusal = route_policy.refusal_of(policy, enclosing_prefix(one.address + '/32'))
    if not refusal:
        return link.intact(name, 'accepted')
    return link.broken(
        bgp.OUTSIDE_CIDRS if route_policy.left_out(policy.workload, [one.address])
        else bgp.ADDRESS_REFUSED, name, '{} {}'.format(one.address, refusal),
        'No node accepts a route to it. Add its subnet to "Instance CIDRs" '
        '(workload_prefixes) and deploy changes, or use another subnet')


def _port(facts, one):
    name = 'port in Neutron' + one.suffix
    if facts.ports is None:
        others = [node.name for node in facts.environment.nodes
                  if node.is_controller and node != facts.node]
        return link.elsewhere(name, others[0] if others else 'a controller',
                              one.command)
    if not isinstance(facts.ports, dict):
        return link.elsewhere(
            name, facts.node.name, 'neutron port-show ' + one.endpoint.port,
            'unknown: ' + facts.ports)
    row = facts.ports.get(one.endpoint.port)
    if row is None:
        return link.broken(PORT_MISSING, name, 'there is no port {}'.format(
            one.endpoint.port), RESTART)
    state = '{} on {}'.format(row['status'], row['binding:host_id'] or 'no host')
    if row['binding:host_id'] != one.endpoint.host:
        return link.broken(PORT_ELSEWHERE, name, '{}, and on {} in etcd'.format(
            state, one.endpoint.host), RESTART)
    return link.intact(name, state)


def _felix(facts, one, name, host):
    if not felix.is_awaited(facts.keys):
        check = driver.check(facts.keys)
        return link.broken(check.code, name, 'waits for Neutron: {} {}'.format(
            check.subject, check.state), check.fix)
    check, = felix.reports([host], facts.keys, facts.felix_runs if (
        host == facts.node) else None)
    state = 'on {} {}'.format(host.name, check.state)
    if check.is_problem:
        return link.broken(check.code, name, state, check.fix)
    status = text(client.json_object(
        facts.keys.get(one.endpoint.status_key) or ''), 'status')
    state += ': endpoint {}'.format(status) if status else ''
    if status == 'error':
        return link.broken(FELIX_FAILS, name, state, (
            'See {} on {}: it names why Felix cannot connect the instance'.format(
                felix.LOG, host.name)))
    return link.intact(name, state)


def _on_host(facts, one, host):
    suffix = one.suffix
    if host != facts.node:
        for name in TAP, ROUTE, BIRD:
            yield link.elsewhere(name + suffix, host.name, one.command)
        return
    tap = one.endpoint.tap
    taps = [each.tap for each in facts.endpoints
            if facts.is_here(each) and one.address in each.addresses]
    best = dict((route.prefix, route) for route in facts.bird.table if route.is_best)
    fault, more = data_path.fault_here(
        one.address, tap, taps, facts.links, facts.routes, best,
        route_policy.routing_policy(facts.environment))
    for name in TAP, ROUTE, BIRD:
        if name == BIRD and facts.bird.problem:
            yield speaker.silent(facts, name + suffix)
        elif name == BREAKS.get(fault):
            yield link.broken(
                fault.code, name + suffix, '{} {}{}'.format(
                    one.address, fault.words, ''.join(
                        ' ({})'.format(value) for value in more.values())),
                fault.fix.format(address=one.address, tap=tap, **more))
        else:
            yield link.intact(name + suffix, SEEN[name].format(tap))
    yield _announced(facts, 'sessions to reflectors' + suffix)


def _announced(facts, name):
    """BIRD announces in each Established session what it has of a tap."""
    if roles.is_route_reflector(facts.environment, facts.node):
        return link.intact(name, 'it is a route reflector itself')
    wanted = speaker.to_reflectors(facts)
    up = speaker.established(facts, wanted)
    return link.intact(name, 'Established with ' + ', '.join(
        one.neighbor for one in up)) if up else speaker.down(facts, name, wanted)

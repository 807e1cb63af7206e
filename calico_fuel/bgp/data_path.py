"""The way of packets on a compute -> Checks: instances here, and routes to others.

Packets of an instance pass four places that can differ: its endpoint in etcd, its tap,
the kernel's route, and BIRD's.  Each kind of fault is one row, however many instances
it has.  What a tenant can cause is a note, so that no tenant stops deployments.

While an instance comes or moves, the places differ for some seconds: the caller
compares again before it believes in a problem.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import checks, roles
from calico_fuel.addresses import enclosing_prefix
from calico_fuel.bgp import bird, configured, kernel, route_policy, sessions
from calico_fuel.calico import endpoints
from calico_fuel.codes import bgp as codes


class Fault(namedtuple('Fault', 'code words fix')):
    """A kind of fault; ``fix`` is a format with values of the first place."""


NO_TAP = Fault(codes.NO_TAP, 'without a tap', (
    'An instance that is shut off has none. If it runs, "nova reboot --hard" makes it '
    'again. On a controller, "neutron port-list | grep {address}" names its port'))
TAP_IS_DOWN = Fault(codes.TAP_DOWN, 'with a tap that is down', (
    'Run "ip link set {tap} up"; Felix then adds the route again. Find out who has '
    'switched it off'))
NO_ROUTE = Fault(codes.TAP_ROUTE_MISSING, 'without a route to the tap', (
    'Run "service calico-felix restart", which adds the routes again and costs no '
    'packet. Without Felix, "ip route replace {address} dev {tap}" adds one'))
REFUSED = Fault(codes.ADDRESS_REFUSED, 'with an address that has no route', (
    'Instances elsewhere do not reach it: {address} {reason}. Use another subnet'))
KERNEL_IS_OFF = (
    'BIRD compares itself with the kernel every 10 s. If it stays so, run "birdc '
    'enable kernel1", and see /var/log/syslog for what the kernel refuses')
NOT_IN_BIRD = Fault(
    codes.NOT_ANNOUNCED, 'with a route that BIRD does not have', KERNEL_IS_OFF)
OVERRIDDEN = Fault(codes.ROUTE_OVERRIDDEN, 'with a route of another protocol', (
    'BIRD prefers the route of {protocol}. Take it out of /etc/bird/local.d, or give '
    'it a preference below 100, and run "birdc configure". If that is direct1, an '
    'interface of this node has the address: see "ip address"'))
LEADS_NOWHERE = Fault(codes.NEXT_HOP_UNREACHABLE, (
    'with a next hop that this node cannot reach'), (
    'Run "birdc enable direct1". If that changes nothing, see "ip route get {hop}": '
    'nodes in another rack need a gateway to each other in the network settings of '
    'Fuel'))
NOT_IN_KERNEL = Fault(codes.NOT_IN_KERNEL, 'that the kernel lacks', KERNEL_IS_OFF)
FOREIGN = Fault(codes.FOREIGN_ROUTE, 'that another route in the kernel replaces', (
    'Find out who has added it, and run "ip route del {route}". BIRD then adds its own '
    'within 10 s'))
FAULTS = (NO_TAP, TAP_IS_DOWN, NO_ROUTE, REFUSED, NOT_IN_BIRD, OVERRIDDEN,
          LEADS_NOWHERE, NOT_IN_KERNEL, FOREIGN)


def of_node(environment, node, system):
    """Checks of a compute whose BIRD runs, and does not recover from a restart."""
    if not node.is_compute or not bird.is_settled(system):
        return []
    # A default route is not to an instance.
    table = [route for route in bird.table(system) if route.prefix.endswith('/32')]
    routes = kernel.routes(system)
    found = instances_here(
        endpoints.instances(system, node), kernel.links(system), routes, table,
        route_policy.routing_policy(environment))
    found += routes_elsewhere(table, routes)
    if roles.is_route_reflector(environment, node):
        # Of the instances of reflectors, each of the others sends it only its own.
        return found
    protocols = bird.protocols(system)
    return found + differing_reflectors(table, [
        one for one in configured.of(environment, node, system)
        if one.relation == sessions.REFLECTOR
        and bird.is_established(protocols, one.name)])


def instances_here(instances, links, routes, table, policy):
    """Checks of *instances*: Endpoints with a tap.

    *links* and *routes* are those of the kernel, *table* has BIRD's.
    """
    best = dict((route.prefix, route) for route in table if route.is_best)
    of_address = {}
    for one in instances:
        for address in one.addresses:
            of_address.setdefault(address, []).append(one.tap)
    # These have a row of "reachable".
    outside = route_policy.left_out(policy.workload, of_address)
    found, total = [], sum(map(len, of_address.values()))
    for address, taps in sorted(of_address.items()):
        for tap in taps if address not in outside else ():
            # Two tenants may use the same address: then one tap has the route.
            fault, more = fault_here(
                address, tap, taps, links, routes, best, policy)
            if fault:
                found.append((fault, '{} ({})'.format(address, more.get(
                    'protocol', tap)), dict(more, address=address, tap=tap)))
    return _checks(
        codes.NOT_ANNOUNCED, 'instances of this node', 'reachable', total, found, sum(
            len(of_address[address]) for address in outside))


def fault_here(address, tap, taps, links, routes, best, policy):
    """The Fault of an instance or None, and what its fix names beside the tap."""
    if tap not in links:
        return NO_TAP, {}
    if not links[tap].is_up:
        return TAP_IS_DOWN, {}
    if address not in routes or routes[address].interface not in taps:
        return NO_ROUTE, {}
    prefix = address + '/32'
    refusal = route_policy.refusal_of(policy, enclosing_prefix(prefix))
    if refusal:
        return REFUSED, {'reason': refusal}
    if prefix not in best:
        return NOT_IN_BIRD, {}
    if best[prefix].interface not in taps:
        return OVERRIDDEN, {'protocol': best[prefix].protocol}
    return None, {}


def routes_elsewhere(table, routes):
    """Checks of what BIRD learned in sessions to nodes: it is in use."""
    learned = set(route.prefix for route in table if sessions.uid(route.protocol))
    found, total = [], 0
    for route in table:
        address = route.prefix.partition('/')[0]
        there = routes.get(address)
        if not route.is_best or route.prefix not in learned or (
                route.interface or there and there.interface or '').startswith(
                    kernel.TAP):
            # Not learned, or of an instance that is on this node, too.
            continue
        total += 1
        if not sessions.uid(route.protocol):
            found.append((OVERRIDDEN, '{} ({})'.format(address, route.protocol),
                          {'protocol': route.protocol}))
        elif not route.gateway:
            found.append((LEADS_NOWHERE, '{} ({})'.format(address, route.next_hop),
                          {'hop': route.next_hop}))
        elif there is None:
            found.append((NOT_IN_KERNEL, address, {}))
        elif there.gateway != route.gateway:
            found.append((FOREIGN, there.text, {'route': there.text}))
    return _checks(
        codes.NOT_IN_KERNEL, 'routes to instances elsewhere', 'in use', total, sorted(
            found, key=lambda one: one[1]))


def differing_reflectors(table, of_reflectors):
    """Checks: each reflector of these Established Sessions sends the same routes."""
    sent = dict((one.name, set()) for one in of_reflectors)
    for route in table:
        sent.get(route.protocol, set()).add(route.prefix)
    everything = set().union(*sent.values())
    lacking = [(one, sorted(everything - sent[one.name])) for one in of_reflectors]
    return [checks.fault(
        codes.REFLECTORS_DIFFER, 'routes from {}'.format(one.neighbor),
        '{} of {} are missing: {}'.format(
            len(missing), len(everything), checks.some(
                [prefix.partition('/')[0] for prefix in missing])),
        'those of the other route reflectors', (
            'Run this again in some seconds. If they stay away, run calico-fuel verify '
            'on {}: a compute has no session there, or a limit is reached'.format(
                one.neighbor))) for one, missing in lacking if missing]


def _checks(sought, subject, good, total, found, left_out=0):
    """A Check of each kind of Fault among those *found*, or of all that is good.

    The Code *sought* is the one of the good row.
    """
    rows = []
    for fault in FAULTS:
        of_kind = [(name, more) for one, name, more in found if one == fault]
        if of_kind:
            rows.append(checks.fault(
                fault.code, subject, '{} of {} {}: {}'.format(
                    len(of_kind), total, fault.words,
                    checks.some([name for name, _ in of_kind])),
                '{} {}'.format(total, good), fault.fix.format(**of_kind[0][1])))
    return rows or [checks.good(sought, subject, '{} of {} {}'.format(
        total - left_out, total, good))] * bool(total)

"""Which compute announces whose address, as a route reflector learned it -> Checks.

A compute that was taken over can announce the address of an instance elsewhere.  No
filter can refuse that, because it resembles an instance that has moved.  So the routes
are compared with the endpoints in etcd, where Neutron has the host of each instance.

While an instance moves, both hosts announce it, or the former one, for a second or two:
the caller compares again before it believes in a problem.  What a tenant can bring
about is a note, so that no tenant stops deployments.
"""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp import bird, configured, sessions
from calico_fuel.calico import endpoints, keys
from calico_fuel.codes.bgp import NO_HOLDER, TWO_HOLDERS, WRONG_HOLDER
from calico_fuel.codes.cluster import ENDPOINT_UNREADABLE
from calico_fuel.etcd import client
from calico_fuel.fuel.model import short

FIX = (
    'If an instance moves or ends right now, run this again. Otherwise, on a '
    'controller, "neutron port-list | grep {0}" names its port, and "neutron '
    'port-show" the host of that. On a compute that is not the host, run "ip route '
    'show {0}". If that names a tap, Felix has left the route: "ip route del {0}" '
    'removes it. If not, somebody has changed BIRD there: consider that compute taken '
    'over, and shut it down')


def of_node(environment, node, system):
    """Checks of the routes on a reflector; a role without etcd knows no endpoints."""
    if not roles.is_route_reflector(environment, node):
        return []
    names = dict((session.address, session.neighbor)
                 for session in configured.of(environment, node, system))
    names[node.address] = node.fqdn
    routes = announced(names, bird.protocols(system), bird.table(system))
    entries = None
    if roles.uses_etcd(environment, node):
        entries = client.entries(system, keys.HOSTS, keys.SECONDS)
    if entries is None:
        return checks_of(routes, None)
    hosts = dict((short(name), name) for name in names.values())
    hosts.update((name, one.fqdn)
                 for one in environment.nodes for name in one.short_names)
    places, unread = bound(hosts, endpoints.endpoints(entries))
    return checks_of(routes, places) + _unread(unread)


def announced(names, protocols, table):
    """Address -> the names of those whom Established sessions say it leads to.

    *names* maps an address to a name.  Others are sessions of the operator, and what
    BIRD keeps for a neighbor that restarts: that may have moved.
    """
    found = {}
    for route in table:
        if route.next_hop and sessions.uid(route.protocol) and (
                bird.is_established(protocols, route.protocol)):
            found.setdefault(route.prefix.partition('/')[0], set()).add(
                names.get(route.next_hop, route.next_hop))
    return found


def bound(hosts, found_in_etcd):
    """Address -> the names to which Neutron bound it; and keys that cannot be read.

    *hosts* maps a short name to the one that ``announced`` gives.
    """
    found, unread = {}, []
    for one in found_in_etcd:
        if not one.is_readable:
            unread.append(one.key)
        for address in one.addresses:
            found.setdefault(address, set()).add(hosts.get(short(one.host), one.host))
    return found, sorted(unread)


def checks_of(routes, places):
    """Checks of what is ``announced`` and ``bound``; *places* is None if unknown."""
    elsewhere, shared, foreign = {}, [], []
    for address, by in sorted(routes.items()):
        to = by if places is None else places.get(address)
        if not to:
            foreign.append((address, 'by ' + _joined(by)))
        elif len(by) > 1 and by <= to:
            shared.append((address, 'by ' + _joined(by)))
        for name in by - (to or by):
            elsewhere.setdefault(name, []).append((address, 'Neutron bound it to ' + (
                _joined(to) + ', which announces it too' * bool(by & to))))
    return ([_elsewhere(name, found) for name, found in sorted(elsewhere.items())]
            + [_shared(found) for found in [shared] if found]
            + [_foreign(found) for found in [foreign] if found])


def _elsewhere(name, found):
    return checks.fault(
        WRONG_HOLDER, 'routes from ' + name,
        'lead to instances elsewhere: ' + _named(found), 'to its own',
        FIX.format(found[0][0]))


def _shared(found):
    return checks.fault(
        TWO_HOLDERS, 'addresses of instances',
        'announced by several: ' + _named(found), 'by one', (
            FIX.format(found[0][0]) + '. If there are two ports, a node reaches only '
            'one of the instances: delete a port'))


def _foreign(found):
    return checks.fault(
        NO_HOLDER, 'addresses of no instance', 'announced: ' + _named(found),
        'none', FIX.format(found[0][0]))


def _unread(found):
    return [checks.fault(
        ENDPOINT_UNREADABLE, 'endpoints in etcd',
        'cannot be read: ' + checks.some(found),
        'as Neutron writes them', (
            "Neutron's Calico driver writes them again within some minutes. If they "
            'stay so, find out who else writes them'))] if found else []


def _joined(names):
    return ' and '.join(sorted(names))


def _named(found):
    return checks.some(['{} ({})'.format(*one) for one in found])

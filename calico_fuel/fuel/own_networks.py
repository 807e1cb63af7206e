"""The deployment's own networks, from all of the metadata.

No workload may have an address in them: a route to such an address would
redirect the traffic of a controller, a storage node or the Fuel master.
"""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel.fuel.yaml_values import entries
from calico_fuel.fuel.yaml_values import mapping
from calico_fuel.fuel.yaml_values import plain


def own_networks(data, listed, metadata_nodes, vips):
    """Prefixes of the own networks, and those of the floating addresses.

    Own are: every network that an endpoint of this node is in or has a route
    to (other racks), the networks of all listed nodes, the public network
    (its subnet in Neutron's external networks), and every node, VIP, gateway
    and Fuel master that lies in none of these.  Floating are the ranges of
    the external networks without any address that is in use.
    """
    endpoints = [mapping(endpoint) for endpoint in mapping(mapping(
        data.get('network_scheme')).get('endpoints')).values()]
    external = list(_external_networks(data))
    prefixes = set(_prefixes(_network_texts(data, endpoints, external, listed)))
    hosts = set(_addresses(_host_texts(
        data, endpoints, external, listed, metadata_nodes, vips)))
    floating = [prefix for network in external
                for prefix in _floating(network, hosts)]
    # A network of length 0 is a default route, and no network of the deployment.
    networks = addresses.without_covered(
        prefix for prefix in prefixes if prefix.length)
    return (addresses.without_covered(
        list(networks) + [addresses.host_prefix(host) for host in hosts]),
            addresses.without_covered(floating))


def attached_networks(data):
    """Prefixes of the networks in which this node has an address."""
    endpoints = mapping(mapping(data.get('network_scheme')).get('endpoints'))
    return addresses.without_covered(_prefixes(
        text for endpoint in endpoints.values()
        for text in _texts(mapping(endpoint).get('IP'))))


def _external_networks(data):
    predefined = mapping(data.get('quantum_settings')).get('predefined_networks')
    for network in mapping(predefined).values():
        if mapping(mapping(network).get('L2')).get('router_ext') is True:
            yield mapping(mapping(network).get('L3'))


def _network_texts(data, endpoints, external, listed):
    for endpoint in endpoints:
        for text in _texts(endpoint.get('IP')):
            yield text
        for route in entries(endpoint.get('routes')):
            yield route.get('net')
    for network in external:
        yield network.get('subnet')
    for key in ('management_network_range', 'storage_network_range'):
        yield data.get(key)
    for entry in listed:
        for key in entry:
            if plain(key).endswith('_address'):
                netmask = entry.get(plain(key)[:-len('address')] + 'netmask')
                yield '{}/{}'.format(plain(entry[key]), plain(netmask))


def _host_texts(data, endpoints, external, listed, metadata_nodes, vips):
    yield data.get('master_ip')
    for network in endpoints + external:
        yield network.get('gateway')
    for address in vips.values():
        yield address
    for entry in listed:
        for key in entry:
            if plain(key).endswith('_address'):
                yield entry[key]
    for node in metadata_nodes.values():
        for address in mapping(mapping(node).get('network_roles')).values():
            yield address


def _texts(value):
    return value if isinstance(value, list) else [value]


def _prefixes(texts):
    for text in set(plain(text) for text in texts):
        try:
            yield addresses.enclosing_prefix(text)
        except ValueError:
            continue


def _addresses(texts):
    for text in set(plain(text) for text in texts):
        try:
            yield addresses.parse_ipv4(text)
        except ValueError:
            continue


def _floating(network, used):
    """Prefixes of its ranges "first:last" (a text up to 8.0, a list in 9.x)."""
    for text in _texts(network.get('floating')):
        try:
            subnet = addresses.enclosing_prefix(plain(network.get('subnet')))
            first, last = [addresses.parse_ipv4(end)
                           for end in plain(text).split(':')]
        except ValueError:
            continue
        for start, end in _gaps(max(first, subnet.first),
                                min(last, subnet.last), used):
            for prefix in addresses.range_prefixes(start, end):
                yield prefix


def _gaps(first, last, used):
    """The ranges within *first* to *last* between the used addresses."""
    for address in sorted(a for a in used if first <= a <= last):
        yield first, address - 1
        first = address + 1
    yield first, last

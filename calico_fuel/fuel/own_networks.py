"""The deployment's own networks, from all of the metadata.

No workload may have an address in them: a route to such an address would
redirect the traffic of a controller, a storage node or the Fuel master.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.fuel.yaml_values import at, entries, mapping, text, texts


class Interface(namedtuple('Interface', 'key address prefix')):
    """An address of a listed node: its key there, the integer and its network.

    The last two are None where the list has nothing that can be one.
    """


def interfaces(listed):
    """The Interfaces of all nodes of the list."""
    return [Interface(key, _value(addresses.parse_ipv4, text(entry, key)), _value(
                addresses.enclosing_prefix, '{}/{}'.format(
                    text(entry, key), text(entry, key[:-len('address')] + 'netmask'))))
            for entry in listed for key in entry if key.endswith('_address')]


def own_networks(data, of_nodes, metadata_nodes, vips):
    """Prefixes of the own networks, and those of the floating addresses.

    *of_nodes* are the Interfaces of all listed nodes.

    Own are: every network that an endpoint of this node is in or has a route
    to (other racks), the networks of all listed nodes, the public network
    (its subnet in Neutron's external networks), and every node, VIP, gateway
    and Fuel master that lies in none of these.  Floating are the ranges of
    the external networks without any address that is in use.
    """
    endpoints = _endpoints(data)
    external = list(_external_networks(data))
    prefixes = set(_prefixes(_network_texts(data, endpoints, external)))
    prefixes.update(one.prefix for one in of_nodes if one.prefix is not None)
    hosts = set(_addresses(_host_texts(
        data, endpoints, external, metadata_nodes, vips)))
    hosts.update(one.address for one in of_nodes if one.address is not None)
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
    return addresses.without_covered(_prefixes(
        one for endpoint in _endpoints(data) for one in texts(endpoint, 'IP')))


def _endpoints(data):
    return list(mapping(data, 'network_scheme', 'endpoints').values())


def _external_networks(data):
    for network in mapping(data, 'quantum_settings', 'predefined_networks').values():
        if at(network, 'L2', 'router_ext') is True:
            yield mapping(network, 'L3')


def _network_texts(data, endpoints, external):
    for endpoint in endpoints:
        for one in texts(endpoint, 'IP'):
            yield one
        for route in entries(endpoint, 'routes'):
            yield text(route, 'net')
    for network in external:
        yield text(network, 'subnet')
    for key in ('management_network_range', 'storage_network_range'):
        yield text(data, key)


def _host_texts(data, endpoints, external, metadata_nodes, vips):
    yield text(data, 'master_ip')
    for network in endpoints + external:
        yield text(network, 'gateway')
    for address in vips.values():
        yield address
    for node in metadata_nodes.values():
        for address in mapping(node, 'network_roles').values():
            yield text(address)


def _prefixes(texts_of):
    return _valid(addresses.enclosing_prefix, texts_of)


def _addresses(texts_of):
    return _valid(addresses.parse_ipv4, texts_of)


def _valid(parse, texts_of):
    """The values of those texts that *parse* understands."""
    for one in set(texts_of):
        found = _value(parse, one)
        if found is not None:
            yield found


def _value(parse, one):
    """What *parse* makes of a text, None if it cannot."""
    try:
        return parse(one)
    except ValueError:
        return None


def _floating(network, used):
    """Prefixes of its ranges "first:last" (a text up to 8.0, a list in 9.x)."""
    for pool in texts(network, 'floating'):
        try:
            subnet = addresses.enclosing_prefix(text(network, 'subnet'))
            first, last = [addresses.parse_ipv4(end) for end in pool.split(':')]
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

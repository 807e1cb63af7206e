"""External peers that contradict other settings, and the default route from them.

The default route is for instances alone: it is in TABLE (see tasks/gateway), never in
the kernel's main one.
"""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel.resources import ip_rules

# Of the kernel.
TABLE = ip_rules.TABLE


def default_routers(environment, node=None):
    """The ExternalPeers whose default route reaches computes, or the compute *node*."""
    return [peer for peer in environment.settings.external_peers
            if peer.imports_default and (node is None or (
                peer.has_neighbor(node) if peer.rack else node.is_compute))]


def problems(environment, floating):
    """Sentences about external peers; *floating* as Policy has it."""
    found, by_address = [], dict((node.address, node) for node in environment.nodes)
    for peer in environment.settings.external_peers:
        where = 'external_peers: {}'.format(peer.name)
        if peer.address in by_address:
            found.append(
                '{} has the address {} of {}: write the address of a router outside '
                'the environment'.format(
                    where, peer.address, by_address[peer.address].name))
        if peer.export == 'floating' and not floating:
            found.append(
                '{}: export=floating: no instance has a floating address in this '
                'environment, so the router would learn nothing: write export=all, '
                'switch floating_ips on (Fuel 8.0 and newer), or add a part of the '
                'floating range to workload_prefixes'.format(where))
        if peer.imports_default:
            found += ['{}: import=default: {}'.format(where, text)
                      for text in _about_default(environment, peer)]
    return found


def _about_default(environment, peer):
    gateway, prefixes = (environment.settings.workload_gateway,
                         environment.workload_prefixes)
    if gateway is not None:
        yield ('workload_gateway ({}) is set, too, and a compute has one of them: '
               'remove one'.format(addresses.format_ipv4(gateway)))
    if not prefixes:
        yield ('workload_prefixes is empty: write there the prefixes whose traffic '
               'uses the default route')
    if len(prefixes) > ip_rules.MOST:
        yield ('workload_prefixes has {} prefixes (the network that is created is '
               'one), and computes support {}: write wider ones'.format(
                   len(prefixes), ip_rules.MOST))
    # Nodes of other racks may not know the networks of this one.
    is_used_here = not peer.rack or peer.has_neighbor(environment.this_node)
    if is_used_here and not any(addresses.parse_ipv4(peer.address) in network
                                for network in environment.networks):
        yield ('{} is in no network of the deployment, so no compute can reach it as '
               'the next hop: write an address of the router in the management or '
               'public network'.format(peer.address))

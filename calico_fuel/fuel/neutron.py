"""How Fuel sets Neutron up: ``quantum_settings`` of astute.yaml -> Neutron."""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel.checks import one_line
from calico_fuel.fuel.model import FloatingNetwork, Neutron
from calico_fuel.fuel.setting_values import parse_network_name
from calico_fuel.fuel.settings import Network
from calico_fuel.fuel.yaml_values import at, mapping, text, texts


def of(data):
    quantum = mapping(data, 'quantum_settings')
    return Neutron(
        is_used=bool(data.get('quantum', 'quantum_settings' in data)),
        segmentation=text(quantum, 'L2', 'segmentation_type') or None,
        default_networks=tuple(sorted(
            (one_line(name), at(network, 'L2', 'router_ext') is True)
            for name, network in mapping(quantum, 'predefined_networks').items())),
        private_network=_private_network(quantum),
        floating_network=_floating_network(quantum),
        auto_assigns_floating_ips=at(data, 'auto_assign_floating_ip') is True)


def _private_network(quantum):
    name, layer3 = _of_name(quantum, 'default_private_net')
    try:
        return Network(parse_network_name(name),
                       addresses.parse_prefix(text(layer3, 'subnet')),
                       addresses.parse_ipv4(text(layer3, 'gateway')))
    except ValueError:
        return None


def _floating_network(quantum):
    name, layer3 = _of_name(quantum, 'default_floating_net')
    try:
        pools = tuple(_pool(*one.split(':')) for one in texts(layer3, 'floating'))
        # Without pools Neutron would give away any address of the subnet.
        return FloatingNetwork(
            parse_network_name(name),
            '{}'.format(addresses.parse_prefix(text(layer3, 'subnet'))),
            addresses.canonical_ipv4(text(layer3, 'gateway')), pools) if pools else None
    except (TypeError, ValueError):
        return None


def _pool(first, last):
    return addresses.canonical_ipv4(first), addresses.canonical_ipv4(last)


def _of_name(quantum, key):
    """The name that Fuel gives under *key* (from 8.0 on), and its L3 settings."""
    name = text(quantum, key)
    return name, mapping(quantum, 'predefined_networks', name, 'L3')

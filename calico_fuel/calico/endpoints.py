"""The endpoints of instances in etcd, and the one that an operator names.

Source: networking-calico 1.1-1.4, datamodel_v1 and t_etcd (port_etcd_data): below
/calico/v1/host/HOST/workload is a key for each, with its networks (ipv4_nets) and
floating addresses (ipv4_nat).  Felix adds a host route to the tap of each.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.calico import keys
from calico_fuel.etcd import client
from calico_fuel.fuel.yaml_values import text, texts

KEY = re.compile(keys.HOSTS + r'/([^/]+)/workload/[^/]+/[^/]+/endpoint/([^/]+)\Z')
# The driver names a tap by the first 11 characters of its port's ID.
TAP = re.compile(r'tap[0-9A-Za-z._-]{1,12}\Z')
PORT = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z')


class Endpoint(namedtuple(
        'Endpoint', 'host port tap addresses profiles is_active key subnets '
        'is_readable')):
    """One port that Neutron bound to a host.

    ``addresses`` are its IPv4 addresses, floating ones too, ``profiles`` the IDs of its
    security groups, ``subnets`` those of its subnets.  ``is_readable``: its addresses
    are as the driver writes them.
    """

    @property
    def status_key(self):
        """Felix reports its state there."""
        return keys.FELIX_HOSTS + self.key[len(keys.HOSTS):]


def endpoints(entries):
    """The Endpoints among the *entries*, in the order of their keys."""
    return tuple(
        _endpoint(entry.key, client.json_object(entry.value or ''))
        for entry in sorted(entries, key=lambda one: one.key) if KEY.match(entry.key))


def _endpoint(key, value):
    host, port = KEY.match(key).groups()
    try:
        found = [net.partition('/')[0] for net in value.get('ipv4_nets', ())] + [
            pair['ext_ip'] for pair in value.get('ipv4_nat', ())]
        given = tuple(map(addresses.canonical_ipv4, found)) if value else None
    except (AttributeError, KeyError, TypeError, ValueError):
        given = None
    return Endpoint(
        host, port, text(value, 'name'), given or (),
        tuple(texts(value, 'profile_ids')), text(value, 'state') == 'active', key,
        frozenset(texts(value, 'ipv4_subnet_ids')), given is not None)


def below(system, directories, seconds):
    """The Endpoints below all *directories*, until etcd does not answer."""
    found = []
    for directory in directories:
        entries = client.entries(system, directory, seconds=seconds)
        if entries is None:
            break
        found += endpoints(entries)
    return found


def of_node(system, node):
    """The Endpoints of this Node; none without etcd."""
    return below(system, keys.of_host(node), client.SECONDS_TO_ASK)


def instances(system, node):
    """Those of them that are active and have a tap."""
    return [one for one in of_node(system, node) if one.is_active and one.tap]


def word(name):
    """An IPv4 address, the ID of a port or a tap in its one spelling; ValueError."""
    if TAP.match(name):
        return name
    if PORT.match(name.lower()):
        return name.lower()
    try:
        return addresses.canonical_ipv4(name)
    except ValueError:
        raise ValueError('"{}" is neither an IPv4 address, nor the ID of a port, nor '
                         'a tap'.format(name))


def named(found, name):
    """Those of the Endpoints that *name* means, as ``word`` gives it."""
    return tuple(one for one in found
                 if name in (one.tap, one.port) or name in one.addresses)

"""The endpoints of instances in etcd, and the one that an operator names.  Pure.

Source: networking-calico 1.1-1.4, datamodel_v1 and t_etcd (port_etcd_data).
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.calico import keys
from calico_fuel.etcd import client
from calico_fuel.fuel.yaml_values import text, texts

# The driver names a tap by the first 11 characters of its port's ID.
TAP = re.compile(r'tap[0-9A-Za-z._-]{1,12}\Z')
PORT = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z')


class Endpoint(namedtuple(
        'Endpoint', 'host port tap addresses profiles is_active key')):
    """One port that Neutron bound to a host.

    ``addresses`` are its IPv4 addresses, ``profiles`` the IDs of its security groups.
    """

    @property
    def status_key(self):
        """Felix reports its state there."""
        return keys.FELIX_HOSTS + self.key[len(keys.HOSTS):]


def endpoints(entries):
    """The Endpoints among the *entries*, in the order of their keys."""
    values = dict((entry.key, client.json_object(entry.value or ''))
                  for entry in entries)
    return tuple(
        Endpoint(host, key.rpartition('/')[2], text(values[key], 'name'),
                 tuple(given or ()), tuple(texts(values[key], 'profile_ids')),
                 text(values[key], 'state') == 'active', key)
        for key, host, given in sorted(keys.endpoints(entries), key=lambda one: one[0]))


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

"""The MTU that Fuel gives to an interface, and that which an operator gives instances.

In ``network_scheme`` Fuel 6.1-9.2 write an MTU to a NIC (``interfaces``) or a bond
(``transformations``); a network template can have one anywhere.  Whatever has none has
that of what it stands on: so do Fuel's Puppet (l23network) and bridges of the kernel.
"""

from __future__ import unicode_literals

import re

from calico_fuel.fuel.yaml_values import entries, shown, text, texts

# Of Ethernet, and of a NIC about which Fuel says nothing.
DEFAULT = 1500
# IPv6 needs the first (RFC 8200); hardly any switch carries more than the last.
LEAST, MOST = 1280, 9216


def of_interface(scheme, name):
    """The MTU of the interface *name* in a ``network_scheme``: the least below it."""
    found, seen, left = [], set(), [name]
    while left:
        device = left.pop()
        if device in seen:
            continue
        seen.add(device)
        elements = [one for one in entries(scheme, 'transformations')
                    if text(one, 'name') == device]
        written = _written(scheme, device, elements)
        below = _below(scheme, device, elements)
        if written:
            found.append(min(written))
        elif below:
            left += below
        elif not any(text(one, 'action') == 'add-br' for one in elements):
            found.append(DEFAULT)
    return min(found or [DEFAULT])


def _written(scheme, device, elements):
    """The MTUs that Fuel wrote to *device*, of which it has the least."""
    values = [text(scheme, 'interfaces', device, 'mtu')]
    for one in elements:
        values += [text(one, 'mtu'), text(one, 'interface_properties', 'mtu')]
    return [_number(value) for value in values if _number(value)]


def _below(scheme, device, elements):
    """The ports of a bridge, the slaves of a bond, the NIC of a VLAN."""
    found = [lower for one in elements for lower in (
        [text(one, 'vlandev')] + texts(one, 'interfaces'))]
    for one in entries(scheme, 'transformations'):
        if text(one, 'bridge') == device:
            found.append(text(one, 'name'))
        # The MTU of a patch itself (65000) says nothing about what is behind it.
        if device in texts(one, 'bridges'):
            found += texts(one, 'bridges')
    # eth0.101 is a VLAN of eth0.
    return [lower for lower in found + [device.rpartition('.')[0]] if lower]


def _number(written):
    return int(written) if re.match(r'[1-9][0-9]{2,4}\Z', written) else None


def parse_instance_mtu(value):
    """Text of an MTU -> integer, or None for an empty text."""
    written = shown(value).strip()
    if not written:
        return None
    number = _number(written)
    if number is None or not LEAST <= number <= MOST:
        raise ValueError('"{}" is not an MTU: write a whole number from {} to {}, such '
                         'as 9000'.format(written, LEAST, MOST))
    return number

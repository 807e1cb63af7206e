"""What an operator can set: declared once, validated on the node, explained.

``environment_config.yaml`` shows the same settings in the web UI (a test
holds the two together).  Its regular expressions run only in the browser,
and the API and the command line pass them by, so every value is checked here.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import addresses
from calico_fuel import values
from calico_fuel.errors import SettingsError

# Each is a rule of the kernel, which goes through them for every packet.
PREFIXES_OF_A_GATEWAY = 100


class Setting(namedtuple('Setting', 'key type default label meaning parse')):
    """One setting.

    ``type`` is the control in the web UI, ``default`` a text or a bool as
    Fuel stores it, ``parse`` turns such a value into the one that the model
    holds or raises ValueError with a sentence for the operator.
    """

    __slots__ = ()


class Network(namedtuple('Network', 'name prefix gateway')):
    """A Calico network to create: its name, Prefix and gateway (integer)."""

    __slots__ = ()


SETTINGS = (
    Setting(
        'as_number', 'text', '64512', 'AS number',
        'Autonomous system number of the environment: 1 to 4294967294, '
        'without the reserved 23456 and 65535.',
        values.parse_as_number),
    Setting(
        'bgp_password', 'password', '', 'BGP password',
        'Optional. Protects every BGP session inside the environment (TCP '
        'MD5): up to 80 printable characters, no double quote.',
        values.parse_password),
    Setting(
        'bfd', 'checkbox', False, 'Failure detection by BFD',
        'Neighbors notice within a second that a node is cut off, not after '
        '30 s. A node that stalls for a second then loses its routes, and so '
        'does one whose BIRD is restarted.',
        values.parse_switch),
    Setting(
        'external_peers', 'textarea', '', 'External BGP peers',
        'Optional. Border routers that learn the workload routes, one per '
        'line: NAME AS ADDRESS [PASSWORD]. The address may be IPv4 or, with '
        'BIRD 2, IPv6.',
        values.parse_external_peers),
    Setting(
        'workload_prefixes', 'textarea', '', 'Workload prefixes',
        'Optional. The IPv4 prefixes that workload addresses come from, such '
        'as 10.65.0.0/16. Routes outside of them are refused.',
        values.parse_prefixes),
    Setting(
        'workload_gateway', 'text', '', 'Workload gateway',
        'Optional. Router that what workloads send to the outside goes to, '
        'instead of the default route of their compute: an IPv4 address in a '
        'network of the computes. Needs workload prefixes.',
        values.parse_optional_address),
    Setting(
        'remove_default_networks', 'checkbox', False,
        'Remove default networks',
        'Remove the networks and the router that Fuel creates and Calico '
        'cannot serve; on Fuel 9, create none. The health check then finds no '
        'network to test on.',
        values.parse_switch),
    Setting(
        'calico_network_name', 'text', '', 'Calico network',
        'Optional. Name of a shared network to create for workloads. On Fuel 9, '
        'when empty, the one of the wizard is created.',
        values.parse_network_name),
    Setting(
        'calico_network_cidr', 'text', '', 'Calico network CIDR',
        'IPv4 prefix of that network, such as 10.65.0.0/24.',
        values.parse_optional_prefix),
    Setting(
        'calico_network_gateway', 'text', '', 'Calico network gateway',
        'Optional. Gateway address of that network; its first address when '
        'empty.',
        values.parse_optional_address),
    Setting(
        'cleanup_ovs', 'checkbox', True, 'Clean up Open vSwitch',
        'Stop and remove the Open vSwitch bridges and the Neutron agents '
        'that Calico does not need.',
        values.parse_switch),
)


class Settings(namedtuple(
        'Settings', 'as_number bgp_password bfd external_peers workload_prefixes '
        'workload_gateway remove_default_networks calico_network cleanup_ovs')):
    """Validated settings; ``calico_network`` is a Network or None."""

    __slots__ = ()


def parse_settings(raw, where):
    """Fuel's mapping of key to value -> Settings.

    Keys that are missing take their default; keys of Fuel (``metadata``) and
    of other plugin versions are left alone.  *where* begins every message.
    SettingsError tells all problems at once.
    """
    parsed, problems = {}, []
    for setting in SETTINGS:
        try:
            parsed[setting.key] = setting.parse(
                raw.get(setting.key, setting.default))
        except ValueError as error:
            problems += ['{}: {}'.format(setting.key, line)
                         for line in error.args[0].split('\n')]
    if not problems:
        try:
            network = _calico_network(
                parsed.pop('calico_network_name'),
                parsed.pop('calico_network_cidr'),
                parsed.pop('calico_network_gateway'))
        except ValueError as error:
            problems.append(error.args[0])
    if not problems and parsed['workload_gateway'] and not parsed['workload_prefixes']:
        problems.append('workload_gateway: {} is set, and workload_prefixes is empty: '
                        'write there whose traffic goes to it'.format(
                            addresses.format_ipv4(parsed['workload_gateway'])))
    if not problems and parsed['workload_gateway'] and (
            len(parsed['workload_prefixes']) > PREFIXES_OF_A_GATEWAY):
        problems.append('workload_prefixes: has {} prefixes, and workload_gateway can '
                        'be for {}: write wider ones'.format(
                            len(parsed['workload_prefixes']), PREFIXES_OF_A_GATEWAY))
    if problems:
        raise SettingsError(where, problems)
    return Settings(calico_network=network, **parsed)


def _calico_network(name, prefix, gateway):
    if not (name or prefix or gateway):
        return None
    if not name:
        raise ValueError('calico_network_name: is empty while CIDR or gateway '
                         'is set: write a name, or empty the others')
    if not prefix:
        raise ValueError('calico_network_cidr: network "{}" needs a CIDR, such '
                         'as 10.65.0.0/24'.format(name))
    if gateway is None:
        gateway = prefix.first + 1
    if not prefix.first < gateway < prefix.last:
        raise ValueError(
            'calico_network_gateway: {} is not a host address of {}'.format(
                addresses.format_ipv4(gateway), prefix))
    return Network(name, prefix, gateway)

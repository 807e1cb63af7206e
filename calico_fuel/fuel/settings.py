"""The operator's settings: declared once, validated on the node, explained.

``environment_config.yaml`` shows the same settings in the web UI (a test
compares the two).  Fuel checks its regular expressions in the browser and in its API.
Other rules are checked only here, and so is every value of a node's metadata.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.errors import SettingsError
from calico_fuel.fuel import mtu, setting_keys, setting_values
from calico_fuel.fuel.external_peers import parse_external_peers


class Setting(namedtuple('Setting', 'key type default label meaning parse')):
    """One setting.

    ``type`` is the control in the web UI, ``default`` the value where it is missing: a
    text or a bool as Fuel stores it.  ``parse`` turns such a value into that of the
    model, or raises ValueError with a sentence for the operator.
    """


class Network(namedtuple('Network', 'name prefix gateway')):
    """A Calico network to create: its name, Prefix and gateway (integer)."""


SETTINGS = (
    Setting(
        'as_number', 'text', '64512', 'AS number',
        'BGP autonomous system (AS) number of this environment. Keep the default, a '
        'private number, unless your network plan assigns another one.',
        setting_values.parse_as_number),
    Setting(
        'bgp_password', 'password', '', 'BGP password',
        'Optional. Password of the BGP sessions between nodes. If empty, '
        'the nodes derive one; "none" means no password. External peers have '
        'passwords of their own.',
        setting_values.parse_bgp_password),
    Setting(
        'bfd', 'checkbox', False, 'Fast failure detection (BFD)',
        'Detects an unreachable node within 1 second instead of 30. With '
        'it, a node loses traffic when it stalls for a second or restarts '
        'its BGP daemon (BIRD).',
        setting_values.parse_switch),
    Setting(
        'external_peers', 'textarea', '', 'External peers',
        'Optional. Routers outside this environment that receive the routes '
        'to its instances. One per line: NAME AS ADDRESS [PASSWORD] '
        '[OPTION ...], for example: border-1 65010 198.51.100.1',
        parse_external_peers),
    Setting(
        'calico_network_name', 'text', '', 'Network name',
        'Optional. Name of a shared network that the plugin creates for instances. '
        'If empty, the plugin creates the Admin Tenant network (Networks, Neutron '
        'L3) on Fuel 9, and no network on older releases.',
        setting_values.parse_network_name),
    Setting(
        'calico_network_cidr', 'text', '', 'Network CIDR',
        'IPv4 addresses of this network, for example 10.65.0.0/24. Required '
        'if a network name is set.',
        setting_values.parse_optional_prefix),
    Setting(
        'calico_network_gateway', 'text', '', 'Network gateway',
        'Optional. Gateway address of this network. If empty, the first '
        'address of the network CIDR is used.',
        setting_values.parse_optional_address),
    Setting(
        'workload_prefixes', 'textarea', '', 'Instance CIDRs',
        'Optional. Nodes accept only routes to addresses in these IPv4 '
        'ranges, for example 10.65.0.0/16. Include every network that has '
        'instances; the one that the plugin creates is always included.',
        setting_values.parse_prefixes),
    Setting(
        'route_limit', 'text', '1000', 'Routes per compute',
        'The most instance addresses that one compute node announces. Route '
        'reflectors ignore further ones.',
        setting_values.parse_route_limit),
    Setting(
        'workload_gateway', 'text', '', 'Outbound router',
        'Optional. Router for traffic from instances to addresses outside '
        'the instance CIDRs, instead of the default gateway of each compute '
        'node. It must be in a network that all compute nodes have.',
        setting_values.parse_optional_address),
    Setting(
        'reachable_prefixes', 'textarea', '', 'Reachable internal CIDRs',
        'Optional. Instances reach no address in the management, storage and admin '
        'networks, except in these IPv4 ranges, for example 192.0.2.53/32.',
        setting_values.parse_prefixes),
    Setting(
        'instance_mtu', 'text', '', 'Instance MTU',
        'Optional. MTU of new instances. If empty, they have that of the management '
        'network. It cannot be larger.',
        mtu.parse_instance_mtu),
    Setting(
        'remove_default_networks', 'checkbox', False, 'Remove default networks',
        'Removes the networks and the router that Fuel creates by default '
        '(on Fuel 9, none are created). No instance can start on the internal one. '
        'With floating IPs, leave it off.',
        setting_values.parse_switch),
    # Missing in an environment older than this setting, which then stays as it is.
    Setting(
        'floating_ips', 'checkbox', False, 'Floating IPs',
        "Fuel 8.0 and newer: Calico becomes Neutron's core plugin, which gives "
        'floating IPs. It cannot be changed while there are ports of instances or '
        'floating IPs. On in new environments; no effect on Fuel 6.1 and 7.0.',
        setting_values.parse_switch),
    Setting(
        'cleanup_ovs', 'checkbox', True, 'Clean up Open vSwitch',
        'Recommended. Removes the Open vSwitch bridges and stops the '
        'Neutron agents that Calico does not use.',
        setting_values.parse_switch),
)
KEYS = tuple(setting.key for setting in SETTINGS)


class Settings(namedtuple(
        'Settings', 'as_number bgp_password bfd external_peers workload_prefixes '
        'route_limit workload_gateway reachable_prefixes remove_default_networks '
        'instance_mtu floating_ips calico_network cleanup_ovs')):
    """Validated settings; ``calico_network`` is a Network or None."""


def parse_settings(raw, where):
    """Fuel's mapping of key to value -> Settings.

    A missing key has its default.  A key that looks like a misspelt setting is a
    problem: its value would be ignored without notice.  Other keys (``unknown``) are
    ignored.  Every message begins with *where*.  SettingsError has all problems at
    once.
    """
    parsed = {}
    problems = ['{}: is no setting: do you mean {}?'.format(key, setting)
                for key, setting in setting_keys.misspelt(raw, KEYS)]
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
                        'write there the prefixes whose traffic uses it'.format(
                            addresses.format_ipv4(parsed['workload_gateway'])))
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

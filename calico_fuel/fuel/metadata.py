"""Text of astute.yaml and nodes.yaml -> Environment.

Only this module knows the formats of Fuel 6.1, 7.0, 8.0 and 9.0-9.2.  Only ``nodes``,
``own_networks``, ``internal_networks``, ``servers``, ``mtu`` and ``neutron`` see raw
keys, too.
"""

from __future__ import unicode_literals

import re

from calico_fuel import addresses
from calico_fuel.checks import one_line
from calico_fuel.errors import AS_FUEL_WROTE_IT, MetadataError
from calico_fuel.fuel import mtu, neutron, nodes, own_networks, secret as secrets
from calico_fuel.fuel.internal_networks import internal_networks
from calico_fuel.fuel.model import Environment, PLUGIN_NAME, ThisNode
from calico_fuel.fuel.servers import servers
from calico_fuel.fuel.setting_keys import unknown
from calico_fuel.fuel.settings import KEYS, parse_settings
from calico_fuel.fuel.yaml_values import (
    at, entries, load, mapping, shown, text, texts)

# The left part of Nailgun's release version, of Fuel 6.1, 7.0, 8.0 and 9.x.
OPENSTACK_RELEASES = (
    ('2014.2', 'juno'), ('2015.1', 'kilo'),
    ('liberty', 'liberty'), ('mitaka', 'mitaka'))


def parse_environment(metadata, source='astute.yaml', nodes_text=None,
                      nodes_source='nodes.yaml'):
    """Node metadata -> Environment.

    *metadata* is the text of astute.yaml (Fuel 6.1-9.2).  The list of nodes in
    *nodes_text* replaces the one in it.  If the node has /etc/hiera/nodes.yaml (Fuel
    6.1-8.0), the list is that of the newer file: on nodes that it does not deploy, Fuel
    writes only nodes.yaml; when a compute was deleted, 8.0 writes astute.yaml, runs
    every task, and only then writes nodes.yaml.

    MetadataError if it lacks what is needed, SettingsError if a setting cannot work.
    """
    data = load(metadata, source)
    uid = _required_text(data, 'uid', source)
    listed = entries(data, 'nodes')
    metadata_nodes = mapping(data, 'network_metadata', 'nodes')
    if not (listed or metadata_nodes):
        raise MetadataError(source, 'nodes', 'lists no node', AS_FUEL_WROTE_IT)
    fresh = nodes_text and entries(load(nodes_text, nodes_source), 'nodes')
    if nodes_text is not None and not fresh:
        raise MetadataError(
            nodes_source, 'nodes', 'lists no node',
            'Remove the file, or deploy changes, so that Fuel writes it again')
    lists = (source, listed), (source, metadata_nodes)
    own_list = nodes.merge(*lists)
    all_nodes, warnings = nodes.with_own_address(
        nodes.merge(*lists, fresh=(nodes_source, fresh)) if fresh else own_list,
        uid, mapping(data, 'network_scheme'))
    section = mapping(data, PLUGIN_NAME)
    vips = _vips(data)
    addressed = (data, own_networks.interfaces(listed + (fresh or [])), metadata_nodes,
                 vips)
    own, floating = own_networks.own_networks(*addressed)
    environment_id = _environment_id(data, source)
    secret = secrets.of(data, environment_id)
    settings = parse_settings(section, '{}: {}'.format(source, PLUGIN_NAME))
    if secret and settings.bgp_password is None:
        settings = settings._replace(bgp_password=secret.key(secrets.BGP))
    return Environment(
        source=source,
        nodes_source=nodes_source if fresh else source,
        id=environment_id,
        fuel_release=_required_text(data, 'fuel_version', source),
        openstack_release=_openstack_release(data, source),
        nodes=all_nodes,
        this=_this_node(data, uid),
        networks=own,
        internal=internal_networks(*addressed),
        floating=floating,
        servers=servers(data),
        vips=vips,
        neutron=neutron.of(data),
        secret=secret,
        settings=settings,
        public_network_on_all_nodes=_truth(
            data, 'public_network_assignment', 'assign_to_all_nodes'),
        deployed_before=_truth(data, 'deployed_before', 'value') is True,
        own_list=own_list,
        forgotten=frozenset(),
        warnings=warnings + _warnings(section))


def _required_text(data, key, source):
    value = data.get(key)
    if value is None:
        raise MetadataError(source, key, 'is missing', AS_FUEL_WROTE_IT)
    if not isinstance(value, type('')):
        raise MetadataError(source, key, 'must be text, not {}'.format(
            type(value).__name__), AS_FUEL_WROTE_IT)
    return one_line(value)


def _environment_id(data, source):
    """deployment_id, or cluster.id of Fuel 9: 1 to 4294967295."""
    value = data.get('deployment_id', at(data, 'cluster', 'id'))
    if value is None:
        raise MetadataError(source, 'deployment_id', 'is missing', AS_FUEL_WROTE_IT)
    number = text(value)
    if not re.match(r'[0-9]{1,10}\Z', number) or not 1 <= int(number) <= 0xFFFFFFFF:
        raise MetadataError(
            source, 'deployment_id', '"{}" is not the number of an '
            'environment'.format(shown(value)), AS_FUEL_WROTE_IT)
    return int(number)


def _openstack_release(data, source):
    version = _required_text(data, 'openstack_version', source)
    for prefix, release in OPENSTACK_RELEASES:
        if version.startswith(prefix):
            return release
    raise MetadataError(
        source, 'openstack_version', '"{}" is not a release that this plugin '
        'knows'.format(version),
        'Use Fuel 6.1 (2014.2), 7.0 (2015.1), 8.0 (liberty) or 9 (mitaka)')


def _this_node(data, uid):
    scheme = mapping(data, 'network_scheme')
    elements = [element for element in entries(scheme, 'transformations')
                if text(element, 'provider') == 'ovs']
    # Custom networks rename bridges, but not their roles.
    bridges = [text(scheme, 'roles', role) for role in nodes.MANAGEMENT_NETWORK_ROLES]
    bridge = next((one for one in bridges if one), None)
    return ThisNode(
        uid=uid,
        attached=own_networks.attached_networks(data),
        management_interface=bridge,
        management_mtu=mtu.of_interface(scheme, bridge or ''),
        ovs_elements=tuple(
            'patch-' + ':'.join(texts(element, 'bridges'))
            if text(element, 'action') == 'add-patch' else text(element, 'name')
            for element in elements),
        dpdk_ports=tuple(text(element, 'name')
                         for element in entries(scheme, 'transformations')
                         if text(element, 'provider') == 'dpdkovs'))


def _warnings(section):
    """Sentences about the *section* of the plugin's settings."""
    found = []
    if not _truth(section, 'metadata', 'enabled'):
        found.append(
            '{}: the plugin is {} in this environment: Fuel runs none of its '
            'tasks. Enable it and deploy changes'.format(
                PLUGIN_NAME, 'switched off' if section else 'not known'))
    return tuple(found) + tuple(
        '{}: {}: is no setting of this version, and is ignored: if you wrote it, '
        'remove it'.format(PLUGIN_NAME, key) for key in unknown(section, KEYS))


def _truth(value, *keys):
    """The boolean there, None if there is none."""
    found = at(value, *keys)
    return found if isinstance(found, bool) else None


def _vips(data):
    """Name -> IPv4 address; top-level keys in 6.1, network_metadata later."""
    found = dict((key[:-len('_vip')], address)
                 for key, address in data.items() if key.endswith('_vip'))
    found.update((name, at(vip, 'ipaddr')) for name, vip in
                 mapping(data, 'network_metadata', 'vips').items())
    vips = {}
    for name, address in found.items():
        try:
            vips[name] = addresses.canonical_ipv4(text(address))
        except ValueError:
            continue
    return vips

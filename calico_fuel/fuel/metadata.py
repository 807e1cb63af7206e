"""Text of astute.yaml and nodes.yaml -> Environment.

Only this module knows the formats of Fuel 6.1, 7.0, 8.0 and 9.0-9.2, and reads YAML.
Only ``nodes`` and ``own_networks`` see raw keys, too.
"""

from __future__ import unicode_literals

import re

import yaml

from calico_fuel import addresses
from calico_fuel.errors import AS_FUEL_WROTE_IT
from calico_fuel.errors import MetadataError
from calico_fuel.fuel import nodes
from calico_fuel.fuel import own_networks
from calico_fuel.fuel.model import Environment
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.fuel.settings import Network
from calico_fuel.fuel.settings import parse_settings
from calico_fuel.fuel.settings import unknown
from calico_fuel.fuel.yaml_values import entries
from calico_fuel.fuel.yaml_values import mapping
from calico_fuel.fuel.yaml_values import plain

# The left part of Nailgun's release version, of Fuel 6.1, 7.0, 8.0 and 9.x.
OPENSTACK_RELEASES = (
    ('2014.2', 'juno'), ('2015.1', 'kilo'),
    ('liberty', 'liberty'), ('mitaka', 'mitaka'))


class _Loader(getattr(yaml, 'CSafeLoader', yaml.SafeLoader)):
    """A safe loader (libyaml's if installed) that accepts unknown tags."""

    def construct_unknown(self, node):
        """A Ruby object or symbol as the plain value that it carries."""
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return self.construct_mapping(node, deep=True)


_Loader.add_constructor(None, _Loader.construct_unknown)


def parse_environment(text, source='astute.yaml', nodes_text=None,
                      nodes_source='nodes.yaml'):
    """Node metadata -> Environment.

    *text* is astute.yaml (Fuel 6.1-9.2).  The list of nodes in *nodes_text* replaces
    the one in it.  If the node has /etc/hiera/nodes.yaml (Fuel 6.1-8.0), the list is
    that of the newer file: on nodes that it does not deploy, Fuel writes only
    nodes.yaml; when a compute was deleted, 8.0 writes astute.yaml, runs every task, and
    only then writes nodes.yaml.

    Raises MetadataError for metadata that lacks what is needed, and
    SettingsError for plugin settings that cannot work.
    """
    data = _load(text, source)
    uid = _required_text(data, 'uid', source)
    listed = entries(data.get('nodes'))
    metadata_nodes = mapping(mapping(data.get('network_metadata')).get('nodes'))
    if not (listed or metadata_nodes):
        raise MetadataError(source, 'nodes', 'lists no node', AS_FUEL_WROTE_IT)
    fresh = None
    if nodes_text is not None:
        fresh = _fresh_entries(nodes_text, nodes_source)
    scheme = mapping(data.get('network_scheme'))
    all_nodes, warnings = nodes.with_own_address(
        nodes.merge((source, listed), (source, metadata_nodes),
                    fresh and (nodes_source, fresh)),
        uid, nodes.own_management_address(scheme))

    section = mapping(data.get(PLUGIN_NAME))
    enabled = mapping(section.get('metadata')).get('enabled') is True
    if not enabled:
        warnings.append(
            '{}: the plugin is {} in this environment: Fuel runs none of its '
            'tasks. Enable it and deploy changes'.format(
                PLUGIN_NAME, 'switched off' if section else 'not known'))
    warnings += [
        '{}: {}: is no setting of this version, and is ignored: if you wrote it, '
        'remove it'.format(PLUGIN_NAME, key) for key in unknown(section)]
    vips = _vips(data)
    own, floating = own_networks.own_networks(
        data, listed + (fresh or []), metadata_nodes, vips)
    return Environment(
        source=source,
        nodes_source=nodes_source if fresh else source,
        id=_environment_id(data, source),
        fuel_release=_required_text(data, 'fuel_version', source),
        openstack_release=_openstack_release(data, source),
        this_uid=uid,
        nodes=all_nodes,
        networks=own,
        floating=floating,
        attached=own_networks.attached_networks(data),
        default_networks=_default_networks(data),
        vips=vips,
        settings=parse_settings(
            section, '{}: {}'.format(source, PLUGIN_NAME)),
        plugin_enabled=enabled,
        has_neutron=bool(data.get('quantum', 'quantum_settings' in data)),
        segmentation=_segmentation(data),
        private_network=_private_network(data),
        ovs_elements=_ovs_elements(scheme),
        dpdk_ports=_dpdk_ports(scheme),
        auto_assigns_floating_ips=_truth(data.get('auto_assign_floating_ip')) is True,
        public_network_on_all_nodes=_truth(mapping(data.get(
            'public_network_assignment')).get('assign_to_all_nodes')),
        management_interface=_management_interface(scheme),
        deployed_before=mapping(
            data.get('deployed_before')).get('value') is True,
        forgotten=frozenset(),
        warnings=tuple(warnings))


def _fresh_entries(text, source):
    fresh = entries(_load(text, source).get('nodes'))
    if not fresh:
        raise MetadataError(
            source, 'nodes', 'lists no node',
            'Remove the file, or deploy changes, so that Fuel writes it again')
    return fresh


def _load(text, source):
    """The mapping in *text*; MetadataError if it is no valid YAML mapping."""
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, 'problem_mark', None)
        raise MetadataError(
            source, 'line {}'.format(mark.line + 1) if mark else 'file',
            'is not YAML ({})'.format(
                getattr(error, 'problem', None) or 'unreadable characters'),
            AS_FUEL_WROTE_IT)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError,
            TypeError, ValueError) as error:
        raise MetadataError(
            source, 'file', 'has a value that YAML cannot represent ({})'.format(
                type(error).__name__), AS_FUEL_WROTE_IT)
    if not isinstance(data, dict):
        raise MetadataError(
            source, 'file', 'is not a mapping of keys to values',
            AS_FUEL_WROTE_IT)
    return data


def _required_text(data, key, source):
    value = data.get(key)
    if value is None:
        raise MetadataError(source, key, 'is missing', AS_FUEL_WROTE_IT)
    if isinstance(value, (dict, list, bool)):
        raise MetadataError(source, key, 'must be text, not {}'.format(
            type(value).__name__), AS_FUEL_WROTE_IT)
    return plain(value)


def _environment_id(data, source):
    """deployment_id, or cluster.id of Fuel 9: 1 to 4294967295."""
    value = data.get('deployment_id', mapping(data.get('cluster')).get('id'))
    if value is None:
        raise MetadataError(source, 'deployment_id', 'is missing', AS_FUEL_WROTE_IT)
    text = plain(value)
    if not re.match(r'[0-9]{1,10}\Z', text) or not 1 <= int(text) <= 0xFFFFFFFF:
        raise MetadataError(
            source, 'deployment_id', '"{}" is not the number of an '
            'environment'.format(plain(value)), AS_FUEL_WROTE_IT)
    return int(text)


def _openstack_release(data, source):
    version = _required_text(data, 'openstack_version', source)
    for prefix, release in OPENSTACK_RELEASES:
        if version.startswith(prefix):
            return release
    raise MetadataError(
        source, 'openstack_version', '"{}" is not a release that this plugin '
        'knows'.format(version),
        'Use Fuel 6.1 (2014.2), 7.0 (2015.1), 8.0 (liberty) or 9 (mitaka)')


def _default_networks(data):
    """Name and "is external" of each network that Fuel makes in Neutron."""
    predefined = mapping(
        mapping(data.get('quantum_settings')).get('predefined_networks'))
    return tuple(sorted(
        (plain(name), mapping(mapping(network).get('L2')).get('router_ext') is True)
        for name, network in predefined.items()))


def _private_network(data):
    """The Network for workloads (Fuel 8.0 and later), None if unusable."""
    quantum = mapping(data.get('quantum_settings'))
    name = plain(quantum.get('default_private_net') or '')
    layer3 = mapping(mapping(mapping(
        quantum.get('predefined_networks')).get(name)).get('L3'))
    try:
        prefix = addresses.parse_prefix(plain(layer3.get('subnet')))
        gateway = addresses.parse_ipv4(plain(layer3.get('gateway')))
    except ValueError:
        return None
    return Network(name, prefix, gateway)


def _ovs_elements(scheme):
    """The names that an override in hiera has to use (Fuel 9.1 and 9.2)."""
    found = []
    for element in entries(scheme.get('transformations')):
        if plain(element.get('provider')) != 'ovs':
            continue
        if plain(element.get('action')) == 'add-patch':
            found.append('patch-' + ':'.join(map(plain, element.get('bridges') or ())))
        else:
            found.append(plain(element.get('name')))
    return tuple(found)


def _dpdk_ports(scheme):
    return tuple(plain(element.get('name'))
                 for element in entries(scheme.get('transformations'))
                 if plain(element.get('provider')) == 'dpdkovs')


def _segmentation(data):
    layer2 = mapping(mapping(data.get('quantum_settings')).get('L2'))
    value = layer2.get('segmentation_type')
    return None if value is None else plain(value)


def _truth(value):
    return value if isinstance(value, bool) else None


def _management_interface(scheme):
    """The bridge, found by its network role: custom networks rename bridges."""
    roles = mapping(scheme.get('roles'))
    return next((plain(roles[role]) for role in nodes.MANAGEMENT_NETWORK_ROLES
                 if roles.get(role)), None)


def _vips(data):
    """Name -> IPv4 address; top-level keys in 6.1, network_metadata later."""
    found = dict((plain(key)[:-len('_vip')], address)
                 for key, address in data.items() if plain(key).endswith('_vip'))
    for name, vip in mapping(mapping(
            data.get('network_metadata')).get('vips')).items():
        found[plain(name)] = mapping(vip).get('ipaddr')
    vips = {}
    for name, address in found.items():
        try:
            vips[name] = addresses.canonical_ipv4(plain(address))
        except ValueError:
            continue
    return vips

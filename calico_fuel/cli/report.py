"""An Environment as a table for people, JSON and Graphviz.

No report holds a password.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import sessions as bgp_sessions
from calico_fuel.checks import columns, some
from calico_fuel.cli import output
from calico_fuel.etcd import settings as etcd_settings
from calico_fuel.fuel import settings as fuel_settings
from calico_fuel.fuel.secret import BGP

# At most so many names in a line of a table.
NAMES_IN_A_LINE = 4


def topology_data(environment):
    return {
        'environment': environment.id,
        'fuel_release': environment.fuel_release,
        'openstack_release': environment.openstack_release,
        'as_number': environment.settings.as_number,
        'cluster_id': bgp_sessions.cluster_id(environment),
        'bgp_password': _password(environment),
        'etcd_cluster': etcd_settings.initial_cluster(environment).split(','),
        'nodes': [_node_data(environment, node) for node in environment.nodes],
        'external_peers': [
            {'name': peer.name, 'as_number': peer.as_number,
             'address': peer.address, 'options': peer.options}
            for peer in environment.settings.external_peers],
    }


def _node_data(environment, node):
    return {
        'uid': node.uid,
        'name': node.name,
        'address': node.address,
        'roles': sorted(node.roles),
        'route_reflector': roles.is_route_reflector(environment, node),
        'etcd': _etcd_part(environment, node),
        'sessions': [
            {'name': session.name, 'neighbor': session.neighbor,
             'address': session.address, 'relation': session.relation}
            for session in bgp_sessions.of(environment, node)],
    }


def _password(environment):
    password, secret = environment.settings.bgp_password, environment.secret
    if not password:
        return 'none'
    return 'derived' if secret and password == secret.key(BGP) else 'set'


def _etcd_part(environment, node):
    if roles.is_etcd_member(environment, node):
        return 'member'
    return 'proxy' if roles.uses_etcd(environment, node) else None


def topology_json(environment):
    return output.json_text(topology_data(environment)) + '\n'


def topology_dot(environment):
    """An undirected graph in Graphviz's language; each session is one edge."""
    lines = ['graph calico {', '  node [shape=box];']
    for node in environment.nodes:
        if roles.speaks_bgp(environment, node):
            lines.append('  "{}"{};'.format(
                node.fqdn, ' [peripheries=2]'
                if roles.is_route_reflector(environment, node) else ''))
    edges = set()
    for node in environment.nodes:
        for session in bgp_sessions.of(environment, node):
            edges.add((session.relation == bgp_sessions.EXTERNAL,
                       tuple(sorted((node.fqdn, session.neighbor)))))
    for is_external, ends in sorted(edges):
        lines.append('  "{}" -- "{}"{};'.format(
            ends[0], ends[1], ' [style=dashed]' if is_external else ''))
    return '\n'.join(lines + ['}', ''])


def topology_table(environment):
    names = dict((node.fqdn, node.name) for node in environment.nodes)
    rows = [('NODE', 'UID', 'ADDRESS', 'ROLES', 'BGP', 'ETCD')]
    rows += [(node.name, node.uid, node.address or '-',
              ' '.join(sorted(node.roles)), _bgp_part(environment, node, names),
              _etcd_part(environment, node) or '-')
             for node in environment.nodes]
    head = ('Environment {}: Fuel {}, OpenStack {}, AS {}, '
            'route reflector cluster ID {}, BGP password {}'.format(
                environment.id, environment.fuel_release,
                environment.openstack_release.capitalize(),
                environment.settings.as_number,
                bgp_sessions.cluster_id(environment), _password(environment)))
    peers = ['External peer {}: AS {}, {}{}'.format(
        peer.name, peer.as_number, peer.address, peer.options and ', ' + peer.options)
        for peer in environment.settings.external_peers]
    return '\n'.join([head] + peers + ['', columns(rows), ''])


def _bgp_part(environment, node, names_of_nodes):
    """*names_of_nodes* has the name of each node by its FQDN."""
    sessions = bgp_sessions.of(environment, node)
    parts = []
    for relation, words in ((bgp_sessions.CLIENT, 'reflects for {}'),
                            (bgp_sessions.REFLECTOR, 'peers with {}'),
                            (bgp_sessions.EXTERNAL, 'announces to {}')):
        names = [names_of_nodes.get(s.neighbor, s.neighbor) for s in sessions
                 if s.relation == relation]
        if names:
            parts.append(words.format(some(names, NAMES_IN_A_LINE)))
    if roles.is_route_reflector(environment, node) and not parts:
        parts = ['route reflector without peers']
    return '; '.join(parts) or '-'


def settings_table():
    """Every setting with its label on Fuel's page, its default and its meaning."""
    rows = [('SETTING', 'LABEL', 'DEFAULT', 'MEANING')]
    rows += [(s.key, s.label, _default(s.default), s.meaning)
             for s in fuel_settings.SETTINGS]
    return columns(rows)


def _default(value):
    if isinstance(value, bool):
        return 'on' if value else 'off'
    return value or '(empty)'

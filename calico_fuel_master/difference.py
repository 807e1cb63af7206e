"""What a deployment would change, by the Environments before and after it.

Environments are mappings: the number of a node -> the Environment that it sees.
"""

from __future__ import unicode_literals

from calico_fuel import addresses, roles
from calico_fuel.bgp import sessions
from calico_fuel.checks import some
from calico_fuel.fuel.passwords import masked
from calico_fuel.resources.shown import text_difference

# Names in a line.
MOST = 6
# What BIRD resets a session for when it reads another configuration: all but a route
# preference, BFD, limits and filters.
PARTS = ('address', 'AS number', 'password', 'timers', 'relation', 'restart time',
         'cluster ID', 'hops')
# The parts for whose change computes pin their routes.
PINNED = ('AS number', 'password')
PINS = ('nodes pin their routes while Fuel deploys this (hold-routes): no packet '
        'between instances is lost, nor with external peers whose session stays')


def first(environments):
    """The Environment of the node with the lowest number."""
    return environments[min(environments, key=int)]


def _by_number(nodes):
    return sorted(nodes.items(), key=lambda one: int(one[0]))


def of_nodes(old, new):
    """Lines: nodes that come and go, other roles and addresses, etcd members."""
    before, after = [dict((node.uid, node) for node in first(each).nodes)
                     for each in (old, new)]
    lines = ['{} ({}) is new'.format(node.name, ', '.join(sorted(node.roles)))
             for uid, node in _by_number(after) if uid not in before]
    lines += ['{} ({}) is gone'.format(node.name, ', '.join(sorted(node.roles)))
              for uid, node in _by_number(before) if uid not in after]
    for uid in sorted(set(before) & set(after), key=int):
        one, other = before[uid], after[uid]
        if one.roles != other.roles:
            lines.append('{}: roles: {} -> {}'.format(other.name, *[
                ' '.join(sorted(each.roles)) for each in (one, other)]))
        if one.address != other.address:
            lines.append('{}: address: {} -> {}'.format(
                other.name, one.address, other.address))
    members = [set(node.name for node in roles.etcd_members(first(each)))
               for each in (old, new)]
    return lines + [
        'etcd: {} {}'.format(name, text)
        for names, text in ((members[1] - members[0], 'becomes a member'),
                            (members[0] - members[1], 'is no member any more'))
        for name in sorted(names)]


def of_settings(old, new):
    """Lines: each setting that changes, without passwords."""
    one, other = first(old).settings, first(new).settings
    lines = []
    for key in one._fields:
        before, after = getattr(one, key), getattr(other, key)
        if before != after:
            before, after = shown(key, before), shown(key, after)
            lines.append('{}: {}'.format(key, (
                'another password' if before == after
                else '{} -> {}'.format(before, after))))
    return lines


def shown(key, value):
    """A value of the model as one line, without passwords."""
    value = masked(key, value)
    if key == 'external_peers':
        return ', '.join(' '.join(filter(None, (
            peer.name, '{}'.format(peer.as_number), peer.address, peer.password,
            peer.options))) for peer in value) or 'none'
    if key == 'calico_network':
        return value and '{} {} {}'.format(
            value.name, value.prefix, addresses.format_ipv4(value.gateway)) or 'none'
    if key == 'workload_gateway':
        return value and addresses.format_ipv4(value) or 'none'
    if isinstance(value, tuple):
        return ' '.join('{}'.format(each) for each in value) or 'none'
    if isinstance(value, bool):
        return 'on' if value else 'off'
    return '{}'.format(value or 'none')


def of_sessions(old, new):
    """Lines: BGP sessions that begin, end and are reset."""
    before, after = _sessions(old), _sessions(new)
    lines = _grouped('begin', sorted(set(after) - set(before)))
    lines += _grouped('end', sorted(set(before) - set(after)))
    because = {}
    for ends in sorted(set(before) & set(after)):
        parts = [part for part in PARTS if any(
            before[ends][end][part] != after[ends][end][part]
            for end in set(before[ends]) & set(after[ends]))]
        if parts:
            because.setdefault(', '.join(parts), []).append(ends)
    for parts, reset in sorted(because.items()):
        lines += _grouped('are reset (another {})'.format(parts), reset)
    return lines + ([PINS] if any(part in parts for part in PINNED
                                  for parts in because) else [])


def _grouped(text, ends):
    return ['BGP sessions that {}: {}: {}'.format(text, len(ends), some(
        ['{} - {}'.format(*pair) for pair in ends], MOST))] if ends else []


def _sessions(environments):
    """Pairs of names of the two ends -> end -> what BIRD compares of the session."""
    found = {}
    for environment in environments.values():
        node = environment.this_node
        names = dict((each.fqdn, each.name) for each in environment.nodes)
        for session in sessions.of(environment, node):
            ends = tuple(sorted((
                node.name, names.get(session.neighbor, session.neighbor))))
            found.setdefault(ends, {})[node.name] = dict(zip(PARTS, (
                (session.address, node.address),
                (session.as_number, session.local_as), session.password,
                (session.connect_delay, session.connect_retry), session.relation,
                session.restart_time,
                session.reflects and sessions.cluster_id(environment),
                session.peer and (session.peer.hops, session.peer.gtsm))))
    return found


def of_files(old, new, shows_texts):
    """Lines: each file that changes, or the difference without passwords.

    Both are mappings: name of the node -> path -> text.
    """
    names, lines = {}, []
    for node in sorted(set(old) & set(new)):
        for path in sorted(set(old[node]) | set(new[node])):
            before, after = old[node].get(path), new[node].get(path)
            if before == after:
                continue
            names.setdefault(path, []).append(node)
            if shows_texts:
                lines.append('---- {} on {}'.format(path, node))
                lines += (text_difference(path, before, after).split('\n')
                          if after is not None else ['is needed no more'])
    return lines if shows_texts else [
        '{}: on {}'.format(path, some(names[path], MOST)) for path in sorted(names)]

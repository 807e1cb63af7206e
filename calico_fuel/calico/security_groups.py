"""Security groups, as Felix reads them in etcd, and what they allow in words.  Pure.

Each is a profile with rules and tags; a rule can name the peer by a tag.  What no rule
allows, Felix drops.  Source: Calico 1.0-1.4, networking-calico 1.1-1.4, t_etcd
(_neutron_rule_to_etcd_rule).
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.addresses import enclosing_prefix, parse_ipv4
from calico_fuel.checks import one_line, some
from calico_fuel.etcd import client
from calico_fuel.fuel.yaml_values import entries as maps, texts

DIRECTORY = '/calico/v1/policy/profile'
KEY = re.compile(DIRECTORY + r'/([^/]+)/(rules|tags)\Z')
PREFIX = 'openstack-sg-'
RANGE = re.compile(r'([0-9]+)(?::([0-9]+))?\Z')
ANYWHERE = '0.0.0.0/0'
# What the driver writes.  A rule with another key was made by hand.
KNOWN = frozenset((
    'ip_version', 'protocol', 'src_tag', 'src_net', 'dst_tag', 'dst_net', 'dst_ports',
    'icmp_type', 'icmp_code'))
ALL = 'everything'
MOST_NAMED = 4


class Rule(namedtuple('Rule', 'protocol ports tag net')):
    """Packets of IPv4 that are allowed.

    ``protocol`` is '' for any; ``ports`` are pairs of the first and the last, empty for
    any.  The peer has the ``tag``, or lies in ``net``; '' for none.
    """

    @property
    def what(self):
        return ' '.join([self.protocol or ALL] + [
            '{}'.format(first) if first == last else '{}-{}'.format(first, last)
            for first, last in self.ports])

    @property
    def peer(self):
        return 'group ' + group(self.tag) if self.tag else (
            'anywhere' if self.net in ('', ANYWHERE) else self.net)


class Group(namedtuple('Group', 'tags inbound outbound unread')):
    """A profile: tags, Rules of both directions, and how many rules are not ours."""


def group(profile):
    """The ID of the security group of a profile or a tag."""
    return profile[len(PREFIX):] if profile.startswith(PREFIX) else profile


def groups(entries):
    """The Groups by the ID of the profile, those that have rules."""
    rules, tags = {}, {}
    for entry in entries:
        found = KEY.match(entry.key)
        if found and found.group(2) == 'rules':
            rules[found.group(1)] = client.json_object(entry.value or '')
        elif found:
            tags[found.group(1)] = client.json_value(entry.value or '')
    return dict((name, Group(
        frozenset(texts(tags.get(name))), *_rules(rules[name])))
        for name in rules)


def _rules(value):
    unread, both = 0, []
    for direction, peer in ('inbound_rules', 'src'), ('outbound_rules', 'dst'):
        found = []
        for rule in maps(value, direction):
            ports = rule.get('dst_ports') or []
            if not KNOWN.issuperset(rule) or not isinstance(ports, list):
                unread += 1
            elif rule.get('ip_version') in (None, 4):
                found.append(Rule(
                    _text(rule.get('protocol')),
                    tuple(_range(port) for port in ports),
                    _text(rule.get(peer + '_tag')), _text(rule.get(peer + '_net'))))
        both.append(tuple(found))
    return both + [unread]


def _text(value):
    return '' if value is None else one_line('{}'.format(value))


def _range(port):
    found = RANGE.match('{}'.format(port))
    return (int(found.group(1)), int(found.group(2) or found.group(1))) if found else (
        0, 65535)


def missing(found, endpoint):
    """The profiles of an Endpoint that have no rules in etcd."""
    return [name for name in endpoint.profiles if name not in found]


def unread(found, endpoint):
    """How many rules of an Endpoint the driver has not written."""
    return sum(found[name].unread for name in endpoint.profiles if name in found)


def admitted(found, endpoint):
    """What the groups of an Endpoint let in, as text; '' for nothing."""
    return some(sorted(set('{} from {}'.format(rule.what, rule.peer)
                           for rule in _of(found, endpoint, 'inbound'))), MOST_NAMED)


def allowed(found, sender, receiver):
    """The packets that the groups of two ends allow: sorted texts such as "tcp 22".

    An end is an Endpoint and the address that it uses.
    """
    outgoing = [rule for rule in _of(found, sender[0], 'outbound')
                if _is_of(found, rule, *receiver)]
    incoming = [rule for rule in _of(found, receiver[0], 'inbound')
                if _is_of(found, rule, *sender)]
    both = [_both(one, other) for one in outgoing for other in incoming]
    return sorted(set(rule.what for rule in both if rule))


def _of(found, endpoint, direction):
    return [rule for name in endpoint.profiles if name in found
            for rule in getattr(found[name], direction)]


def _is_of(found, rule, endpoint, address):
    """Whether the peer of a Rule is this end."""
    if rule.tag:
        return any(rule.tag in found[name].tags
                   for name in endpoint.profiles if name in found)
    try:
        return parse_ipv4(address) in enclosing_prefix(rule.net or ANYWHERE)
    except ValueError:
        return False


def _both(one, other):
    """The Rule for what two of them allow, None for nothing."""
    if one.protocol and other.protocol and one.protocol != other.protocol:
        return None
    ports = tuple(
        (max(first, low), min(last, high))
        for first, last in one.ports or ((0, 65535),)
        for low, high in other.ports or ((0, 65535),)
        if max(first, low) <= min(last, high)) if one.ports or other.ports else ()
    if not ports and (one.ports or other.ports):
        return None
    return Rule(one.protocol or other.protocol, ports, '', '')

"""Lines of the setting external_peers -> ExternalPeers.

A line is ``NAME AS ADDRESS [PASSWORD] [OPTION ...]``.  An option is ``gtsm``, or at
least three small letters and ``=``.  The first such word ends the password.  A password
that has such a word stands in double quotes, which no password may have in it.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import addresses
from calico_fuel.fuel.setting_values import as_text, parse_as_number, parse_password

FORMAT = 'NAME AS ADDRESS [PASSWORD] [OPTION ...]'
OPTION = re.compile(r'(?<!\S)(?:[a-z]{3,}=\S*|gtsm(?!\S))', re.U)
QUOTED = re.compile(r'"([^"]+)"(?:\s+(.*))?\Z', re.U)


class ExternalPeer(namedtuple('ExternalPeer', (
        'name as_number address password hops gtsm limit export imports_default rack '
        'local'))):
    """A BGP speaker outside the environment, such as a border router.

    ``address`` is an IPv4 or IPv6 address, ``password`` a text or None.  It is at most
    ``hops`` away (RFC 5082 if ``gtsm``), None for any number.  It gets at most
    ``limit`` routes, of the kind ``export``; only if ``imports_default`` it announces
    anything: a default route.  Its neighbors are the computes whose management address
    is in the Prefix ``rack``, all route reflectors without one.  To it their AS number
    is ``local``, that of the environment if None.
    """

    @property
    def protocol(self):
        """Its name as a symbol of BIRD 1.6 and 2, which may have no hyphen."""
        return self.name.replace('-', '_')

    @property
    def options(self):
        """The options of its line, as text."""
        return ' '.join(text.format(value) for text, value in (
            ('hops={}', self.hops), ('gtsm', self.gtsm), ('limit={}', self.limit),
            ('export={}', self.export != 'all' and self.export),
            ('import=default', self.imports_default), ('from={}', self.rack),
            ('local={}', self.local)) if value)

    def has_neighbor(self, node):
        """Whether *node* is a compute of its rack."""
        return bool(self.rack and node.is_compute and node.address and (
            addresses.parse_ipv4(node.address) in self.rack))


# From ``password`` on.
ExternalPeer.__new__.__defaults__ = (None, None, False, None, 'all', False, None, None)


def parse_external_peers(value):
    """Lines -> ExternalPeers, sorted by name.

    Empty lines and lines that begin with # are skipped.  The ValueError
    names every bad line by its number, and never shows a password.
    """
    peers, problems = {}, []
    for number, line in enumerate(as_text(value).splitlines(), 1):
        if not line.strip() or line.strip().startswith('#'):
            continue
        try:
            peer = _parse_external_peer(line)
            for other in peers.values():
                if other.protocol == peer.protocol:
                    raise ValueError(
                        'the name "{}" is taken by "{}" (for BIRD a hyphen becomes an '
                        'underscore): write another'.format(peer.name, other.name))
                if other.address == peer.address:
                    raise ValueError(
                        'the address {} is also that of "{}": write each router '
                        'once'.format(peer.address, other.name))
            peers[peer.name] = peer
        except ValueError as error:
            problems.append('line {}: {}'.format(number, error.args[0]))
    if problems:
        raise ValueError('\n'.join(problems))
    return tuple(peers[name] for name in sorted(peers))


def _parse_external_peer(line):
    words = line.split(None, 3)
    if len(words) < 3:
        raise ValueError('write {}, such as "border-1 65010 198.51.100.1"'.format(
            FORMAT))
    # The operator may have written the password at any place: so a word is shown only
    # if it has the expected format.
    name, as_number, address = words[:3]
    if not re.match(r'[A-Za-z0-9_-]{1,40}\Z', name):
        raise ValueError('the first word must be a name of 1 to 40 letters, '
                         'digits, hyphens and underscores')
    if not re.match(r'[0-9]{1,10}\Z', as_number):
        raise ValueError('the second word must be an AS number, such as 65010')
    try:
        address = addresses.canonical_address(address)
    except ValueError:
        raise ValueError('the third word must be an IPv4 or IPv6 address, such '
                         'as 198.51.100.1')
    if not addresses.is_unicast(address):
        raise ValueError('address {} cannot be that of a BGP speaker: write '
                         'a unicast address'.format(address))
    password, options = _split(words[3].strip() if len(words) > 3 else '')
    peer = ExternalPeer(name, parse_as_number(as_number), address,
                        parse_password(password), **_parse_options(options))
    if peer.gtsm and not peer.hops:
        raise ValueError('gtsm needs hops=N: write hops=1 too for a router on a '
                         'network of the nodes')
    if peer.imports_default and addresses.is_ipv6(address):
        raise ValueError('import=default needs an IPv4 session, because the router is '
                         'the next hop: write its IPv4 address')
    return peer


def _split(text):
    """The password and the options, as texts, of what follows the address."""
    quoted = QUOTED.match(text)
    if quoted:
        return quoted.group(1), quoted.group(2) or ''
    start = OPTION.search(text)
    start = start.start() if start else len(text)
    return text[:start].strip(), text[start:]


def _parse_options(text):
    found = {}
    for word in text.split():
        key, _, value = word.partition('=')
        if not OPTION.match(word) or key not in PARSERS:
            # It may be a part of the password.
            raise ValueError(
                'a word after the address is no option. These are {}. Write the '
                'password before them, and in double quotes if it has a word with "=" '
                'or the word gtsm'.format(', '.join(sorted(PARSERS))))
        field, parse = PARSERS[key]
        if field in found:
            raise ValueError('{} stands twice: write it once'.format(key))
        try:
            found[field] = parse(value if '=' in word else None)
        except ValueError as error:
            raise ValueError('{}: {}'.format(key, error.args[0]))
    return found


def _parse_number(most):
    def parse(value):
        if not re.match(r'[1-9][0-9]{0,5}\Z', value) or int(value) > most:
            raise ValueError('write a whole number from 1 to {}'.format(most))
        return int(value)
    return parse


def _parse_word(choices):
    """The value of a word: *choices* has pairs of both."""
    def parse(value):
        for word, meaning in choices:
            if value == word:
                return meaning
        raise ValueError('write {}'.format(' or '.join(
            word for word, _ in choices if word)))
    return parse


def _parse_rack(value):
    try:
        prefix = addresses.parse_prefix(value)
    except ValueError as error:
        raise ValueError(
            '{}: write the management network of the node group, such as '
            'from=10.21.0.0/24: the metadata of nodes does not have the names of node '
            'groups'.format(error.args[0] if re.match(r'[0-9./]+\Z', value)
                            else 'is no IPv4 prefix'))
    return prefix


def _parse_local(value):
    if not re.match(r'[0-9]{1,10}\Z', value):
        raise ValueError('write an AS number, such as local=65101')
    return parse_as_number(value)


# Key -> the field of ExternalPeer, and what parses the value.
PARSERS = {
    'hops': ('hops', _parse_number(255)),
    'gtsm': ('gtsm', _parse_word(((None, True), ('yes', True)))),
    'limit': ('limit', _parse_number(999999)),
    'export': ('export', _parse_word(
        [(word, word) for word in ('workloads', 'floating', 'all')])),
    'import': ('imports_default', _parse_word((('default', True), ('none', False)))),
    'from': ('rack', _parse_rack),
    'local': ('local', _parse_local),
}

"""IPv4 and IPv6 text, IPv4 prefixes and address ranges.

Trusty's Python 2.7 has no ``ipaddress``; this is the part of it that is
needed.  ``socket`` is used for its parser only, and only here.  IPv4
addresses are handled as integers between 0 and 2**32 - 1.
"""

from __future__ import unicode_literals

import re
import socket
from collections import namedtuple


def parse_ipv4(text):
    """Dotted quad -> integer; ValueError on anything else."""
    try:
        octets = bytearray(socket.inet_pton(socket.AF_INET, text))
    except (socket.error, TypeError, ValueError):
        raise ValueError('"{}" is not an IPv4 address'.format(text))
    return octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3]


def format_ipv4(number):
    """Integer -> dotted quad."""
    return '{}.{}.{}.{}'.format(
        number >> 24, number >> 16 & 255, number >> 8 & 255, number & 255)


def is_ipv6(text):
    """Whether *text* is an IPv6 address (RFC 4291, 2.2) without a zone."""
    try:
        return bool(socket.inet_pton(socket.AF_INET6, text))
    except (socket.error, TypeError, ValueError):
        return False


def canonical_ipv4(text):
    """An IPv4 address in its one text; ValueError on anything else."""
    return format_ipv4(parse_ipv4(text))


def canonical_address(text):
    """An IPv4 or IPv6 address in its shortest text; ValueError if neither."""
    if is_ipv6(text):
        return socket.inet_ntop(
            socket.AF_INET6, socket.inet_pton(socket.AF_INET6, text))
    try:
        return canonical_ipv4(text)
    except ValueError:
        raise ValueError(
            '"{}" is neither an IPv4 nor an IPv6 address'.format(text))


class Prefix(namedtuple('Prefix', 'first length')):
    """An IPv4 prefix: its first address as an integer, its length in bits."""

    @property
    def last(self):
        return self.first + (1 << (32 - self.length)) - 1

    def __contains__(self, address):
        return self.first <= address <= self.last

    def covers(self, other):
        """Whether every address of *other* lies in this prefix."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other):
        return self.first <= other.last and other.first <= self.last

    def __str__(self):
        return str('{}/{}'.format(format_ipv4(self.first), self.length))


def enclosing_prefix(text):
    """The prefix that an interface address such as 192.0.2.1/24 lies in.

    A netmask (192.0.2.1/255.255.255.0) is understood too.
    ValueError when *text* is neither.
    """
    try:
        address, mask = text.split('/')
        address = parse_ipv4(address)
        length = (_mask_length(mask) if '.' in mask else
                  int(mask) if re.match(r'[0-9]+\Z', mask) else -1)
    except (AttributeError, ValueError):
        length = -1
    if not 0 <= length <= 32:
        raise ValueError('"{}" is not an IPv4 prefix'.format(text))
    return Prefix(address >> (32 - length) << (32 - length), length)


def _mask_length(text):
    inverted = parse_ipv4(text) ^ 0xFFFFFFFF
    if inverted & (inverted + 1):
        raise ValueError('"{}" is not a netmask'.format(text))
    return 32 - inverted.bit_length()


def parse_prefix(text):
    """A prefix without host bits; ValueError that names the right spelling."""
    prefix = enclosing_prefix(text)
    if parse_ipv4(text.split('/')[0]) != prefix.first:
        raise ValueError(
            '"{}" has host bits set: write {}'.format(text, prefix))
    return prefix


def host_prefix(address):
    """The /32 of an address given as an integer."""
    return Prefix(address, 32)


def shown(prefix):
    """As ``ip`` shows a prefix: a host without its length."""
    text = '{}'.format(prefix)
    return text[:-len('/32')] if text.endswith('/32') else text


def range_prefixes(first, last):
    """The fewest prefixes that hold exactly the addresses *first* to *last*."""
    prefixes = []
    while first <= last:
        length = 32
        while length > 0:
            wider = Prefix(first, length - 1)
            if first % (1 << (33 - length)) or wider.last > last:
                break
            length -= 1
        prefixes.append(Prefix(first, length))
        first = prefixes[-1].last + 1
    return tuple(prefixes)


def without_covered(prefixes):
    """The prefixes that no other one of them covers, in ascending order."""
    kept = []
    for prefix in sorted(set(prefixes)):
        if not (kept and kept[-1].covers(prefix)):
            kept.append(prefix)
    return tuple(kept)


def is_unicast(text):
    """Whether an address can be one end of a session between two hosts.

    Loopback, multicast, link-local, unspecified and reserved are not
    (RFC 6890, RFC 4291).
    """
    if is_ipv6(text):
        packed = socket.inet_pton(socket.AF_INET6, text)
        first = bytearray(packed)
        return not (first[0] == 0xFF or first[:2] == bytearray(2)
                    or (first[0] == 0xFE and first[1] & 0xC0 == 0x80))
    return not any(parse_ipv4(text) in prefix for prefix in NOT_UNICAST)


NOT_UNICAST = tuple(parse_prefix(text) for text in (
    '0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'))

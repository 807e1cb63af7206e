"""Interfaces and routes of the kernel, as ``ip`` of any version prints them."""

from __future__ import unicode_literals

import re
from collections import namedtuple

LINK = re.compile(r'(?m)^\d+: ([^:@\s]+)(?:@[^:\s]+)?: <([^>]*)>.*? mtu (\d+)')
TAP = 'tap'


class Link(namedtuple('Link', 'is_up mtu')):
    """An interface: whether it is switched on, and its MTU."""


class Route(namedtuple('Route', 'text gateway interface source')):
    """The route that the kernel takes; ``text`` is as ``ip`` prints it."""


def links(system):
    """The Links by name."""
    return parse_links(system.run(['ip', '-o', 'link', 'show']).stdout)


def parse_links(text):
    return dict((name, Link('UP' in flags.split(','), int(mtu)))
                for name, flags, mtu in LINK.findall(text))


def addresses(system):
    """The IPv4 addresses of this machine: their interfaces."""
    return dict((address, interface) for interface, address in re.findall(
        r'(?m)^\d+: (\S+) +inet ([0-9.]+)',
        system.run(['ip', '-o', '-4', 'address', 'show']).stdout))


def routes(system):
    """The Route to each destination, an address or a prefix."""
    return parse_routes(system.run(['ip', '-4', 'route', 'show']).stdout)


def parse_routes(text):
    """``ip -4 route show`` -> destination -> the Route with the lowest metric."""
    found = {}
    for row in text.splitlines():
        # A type, such as "blackhole", stands before the destination.
        words = re.sub(r'^[a-z]+ (?=[0-9])', '', row).split()
        if not words:
            continue
        metric = re.search(r' metric (\d+)', row)
        metric = int(metric.group(1)) if metric else 0
        if words[0] not in found or metric < found[words[0]][0]:
            values = dict(zip(words, words[1:]))
            found[words[0]] = metric, Route(
                ' '.join(row.split()), values.get('via'), values.get('dev'),
                values.get('src'))
    return dict((destination, route) for destination, (_, route) in found.items())


def on_taps(routes):
    """Address -> tap, of the *routes* to hosts that lead to one."""
    return dict((address, route.interface) for address, route in routes.items()
                if '/' not in address and (route.interface or '').startswith(TAP))

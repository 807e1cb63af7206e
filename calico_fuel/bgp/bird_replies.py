"""What birdc prints, of BIRD 1.x and 2.x: protocols, and the routes of each.

Pure.  It searches for words, never for columns: the operator chooses the format of
times ("timeformat" in local.d), and many formats have blanks in them.  Sources: BIRD
1.6.8 and 2.0.12, nest/proto.c (proto_show, channel_show_info), nest/rt-table.c,
proto/bgp/bgp.c.
"""

from __future__ import unicode_literals

import datetime
import re
from collections import namedtuple

IPV4 = re.compile(r'[0-9.]+/[0-9]+\Z')
ATTRIBUTE = re.compile(r'(?:^|\s)(via|on|dev|BGP\.next_hop:) ([^\s;,]+)')
# RFC 4271, 8.2.2, as BIRD prints them.
BGP_STATE = re.compile(
    r'\b(?:Idle|Connect|Active|OpenSent|OpenConfirm|Established|Close)\b')
# Of "timeformat protocol iso long", which our bird.conf has; BIRD 2 may add a fraction.
SINCE = re.compile(r'\s(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)')
FORMAT = str('%Y-%m-%d %H:%M:%S')
ROUTES = re.compile(r'(?m)^ +Routes: +(\d+) imported, (?:(\d+) filtered, )?'
                    r'(\d+) exported(?:, (\d+) preferred)?')
FILTER = re.compile(r'(?m)^ +(Input|Output) filter: +(.*\S)')
LIMIT = re.compile(r'(?m)^ +(Receive|Import|Export) limit: +(\d+)( \[HIT\])?')
IPV6 = re.compile(r'(?m)^ +Channel ipv6')


class Protocol(namedtuple('Protocol', (
        'name proto state info since imported filtered exported preferred limit '
        'limits_reached import_filter export_filter ip_version'))):
    """A protocol of BIRD.  Without "all" birdc prints no more than its state.

    ``info`` is the state of BGP and the last error; of other protocols it may begin
    with a part of the time.  ``since`` is a text, None in another format.  Numbers of
    routes are 0 where BIRD prints none; ``limit`` is that of its imports.

    ``limits_reached`` are texts such as "import limit 1000": BIRD refuses further
    routes from then on, also when there are fewer again, until the protocol is
    reloaded or the session ends.
    """

    @property
    def is_established(self):
        return self.state == 'up' and self.info.startswith('Established')

    @property
    def has_no_socket(self):
        """Another program had the port when BIRD opened it, and BIRD gave up."""
        return 'No listening socket' in self.info

    def seconds(self, now):
        """How long it has its state, at the time *now*; 0 if that is unknown."""
        if self.since is None:
            return 0
        begin = datetime.datetime.strptime(str(self.since), FORMAT)
        age = datetime.datetime.fromtimestamp(now) - begin
        return max(0, age.days * 86400 + age.seconds)


def parse_protocols(text):
    """``birdc show protocols [all]`` of 1.x or 2.x -> Protocols by name.

    Of a BIRD 2 with several channels it has those of the first.
    """
    found = {}
    for block in re.split(r'\n(?=\S)', text):
        row = block.partition('\n')[0]
        if not re.match(r'(?i)(bird \d|name\s+proto\b|\s|$)', row):
            protocol = _protocol(row, block)
            found[protocol.name] = protocol
    return found


def _protocol(row, block):
    name, proto, _, state, rest = (row.split(None, 4) + [''] * 5)[:5]
    bgp, since, routes = [each.search(where) for each, where in (
        (BGP_STATE, rest), (SINCE, row), (ROUTES, block))]
    # Two blanks stand between the time and what follows it.
    info = rest[bgp.start():] if bgp else re.split(r'\s{2,}', rest + '  ', 1)[1]
    limits, filters = LIMIT.findall(block), dict(FILTER.findall(block))
    return Protocol(
        name, proto, state, info.strip(), since and since.group(1),
        *[int(number or 0) for number in routes.groups()] if routes else [0] * 4,
        limit=next((int(most) for kind, most, _ in limits if kind == 'Import'), None),
        limits_reached=['{} limit {}'.format(kind.lower(), most)
                        for kind, most, is_hit in limits if is_hit],
        import_filter=filters.get('Input', ''),
        export_filter=filters.get('Output', ''),
        ip_version='6' if IPV6.search(block) else '4')


class Route(namedtuple('Route', 'prefix protocol is_best gateway interface next_hop')):
    """One IPv4 route of BIRD's table, texts or None.

    ``gateway`` is where the kernel sends packets; behind a router that is not BGP's
    ``next_hop``.  A route without gateway and ``interface`` leads nowhere.
    """


def parse_table(text):
    """``birdc show route all`` of 1.x or 2.x -> Routes, in order.

    The best route to a prefix stands first; the others have a row without the prefix.
    2.x prints the gateway in a row below.
    """
    found, prefix = [], None
    for row in text.splitlines():
        start = re.match(r'(\S*) .*\[(\S+) ', row)
        if start:
            prefix = start.group(1) or prefix
            found.append({'prefix': prefix, 'protocol': start.group(2),
                          'is_best': bool(start.group(1))})
        for key, value in ATTRIBUTE.findall(row) if found else ():
            found[-1][key] = value
    return [Route(one['prefix'], one['protocol'], one['is_best'], one.get('via'),
                  one.get('on') or one.get('dev'), one.get('BGP.next_hop:'))
            for one in found if IPV4.match(one['prefix'] or '')]


def parse_routes(text):
    """``birdc show route all``: protocol -> prefix -> next hop.

    Without unreachable and blackhole routes.
    """
    found = {}
    for route in parse_table(text):
        if route.gateway:
            found.setdefault(route.protocol, {})[route.prefix] = (
                route.next_hop or route.gateway)
    return found


def parse_next_hops(text):
    """``birdc show route [filtered] all``: protocol -> its (prefix, BGP's next hop).

    Also of unreachable routes: a reflector resolves no next hop.
    """
    found = {}
    for route in parse_table(text):
        if route.next_hop:
            found.setdefault(route.protocol, []).append((route.prefix, route.next_hop))
    return found

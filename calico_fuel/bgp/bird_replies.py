"""What birdc prints, of BIRD 1.x and 2.x: protocols, and the routes of each.

Pure.  It searches for words, never for columns: the operator chooses the format of
times ("timeformat" in local.d), and many formats have blanks in them.  Sources: BIRD
1.6.8 and 2.0.12, nest/proto.c (proto_show), nest/rt-table.c, proto/bgp/bgp.c.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

LIMIT = re.compile(r'(Receive|Import|Export) limit: +([0-9]+) \[HIT\]')
IPV4 = re.compile(r'[0-9.]+/[0-9]+\Z')
ATTRIBUTE = re.compile(r'(?:^|\s)(via|on|dev|BGP\.next_hop:) ([^\s;,]+)')
# RFC 4271, 8.2.2, as BIRD prints them.
BGP_STATE = re.compile(
    r'\b(?:Idle|Connect|Active|OpenSent|OpenConfirm|Established|Close)\b')


class Protocol(namedtuple('Protocol', 'name proto table state info')):
    """One row of ``birdc show protocols``, without its time.

    ``info`` is the state of BGP and the last error; of other protocols it may begin
    with a part of the time.
    """

    @property
    def is_established(self):
        return self.state == 'up' and self.info.startswith('Established')

    @property
    def has_no_socket(self):
        """Another program had the port when BIRD opened it, and BIRD gave up."""
        return 'No listening socket' in self.info


def parse_protocols(text):
    """``birdc show protocols`` of 1.x or 2.x -> Protocols by name."""
    found = {}
    for row in text.splitlines():
        if re.match(r'(?i)(bird \d|name\s+proto\b|\s|$)', row):
            continue
        name, proto, table, state, rest = (row.split(None, 4) + [''] * 5)[:5]
        bgp = BGP_STATE.search(rest)
        # Two blanks stand between the time and what follows it.
        info = rest[bgp.start():] if bgp else re.split(r'\s{2,}', rest + '  ', 1)[1]
        found[name] = Protocol(name, proto, table, state, info.strip())
    return found


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


def parse_limits(text):
    """``birdc show protocols all``: protocol -> texts such as "import limit 1000".

    Of the limits that were reached: BIRD refuses further routes from then on, also when
    there are fewer again, until the protocol is reloaded or the session ends.
    """
    found = {}
    for block in re.split(r'\n(?=\S)', text):
        hit = ['{} limit {}'.format(kind.lower(), most)
               for kind, most in LIMIT.findall(block)]
        if hit:
            found[block.split()[0]] = hit
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

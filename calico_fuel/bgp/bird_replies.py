"""What birdc prints, of BIRD 1.x and 2.x: protocols, and the routes of each.

Pure.  It searches for words, never for columns: the operator chooses the format of
times ("timeformat" in local.d), and many formats have blanks in them.  Sources: BIRD
1.6.8 and 2.0.12, nest/proto.c (proto_show), nest/rt-table.c, proto/bgp/bgp.c.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

LIMIT = re.compile(r'(Receive|Import|Export) limit: +(\d+) \[HIT\]')
COUNTS = re.compile(r'Routes: +(\d+) imported, (?:(\d+) filtered, )?(\d+) exported')
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


def parse_routes(text):
    """``birdc show route all`` of 1.x or 2.x: protocol -> prefix -> next hop.

    Without unreachable and blackhole routes.  Each further route to a prefix has a row
    without the prefix; 2.x prints its gateway in a row below.  Behind a router the
    gateway is that router, not BGP's next hop.
    """
    found, prefix, name, leads = {}, None, None, False
    for row in text.splitlines():
        start = re.match(r'[0-9.]+/[0-9]+(?=\s)', row)
        by = re.search(r'\[(\S+) ', row)
        via = re.search(r'\bvia ([0-9.]+)', row)
        hop = via or re.match(r'\s*BGP\.next_hop: ([0-9.]+)', row)
        prefix = start.group() if start else prefix
        name = by.group(1) if by else name
        leads = bool(via) or leads and not by
        if hop and leads:
            found.setdefault(name, {})[prefix] = hop.group(1)
    return found


def parse_limits(text):
    """``birdc show protocols all``: protocol -> texts such as "import limit 1000".

    Of the limits that are reached.  BIRD shows [HIT] long after that, too.
    """
    found = {}
    for block in re.split(r'\n(?=\S)', text):
        for counts in COUNTS.findall(block):
            imported, filtered, exported = [int(count or 0) for count in counts]
            number = {'Receive': imported + filtered, 'Import': imported,
                      'Export': exported}
            hit = ['{} limit {}'.format(kind.lower(), most)
                   for kind, most in LIMIT.findall(block) if number[kind] >= int(most)]
            if hit:
                found[block.split()[0]] = hit
    return found


def parse_next_hops(text):
    """``birdc show route [filtered] all``: protocol -> its (prefix, BGP's next hop).

    Also of unreachable routes: a reflector resolves no next hop.
    """
    found, prefix, name = {}, None, None
    for row in text.splitlines():
        start = re.match(r'[0-9.]+/[0-9]+(?=\s)', row)
        by = re.search(r'\[(\S+) ', row)
        hop = re.match(r'\s*BGP\.next_hop: ([0-9.]+)', row)
        prefix = start.group() if start else prefix
        name = by.group(1) if by else name
        if hop and prefix and name:
            found.setdefault(name, []).append((prefix, hop.group(1)))
    return found

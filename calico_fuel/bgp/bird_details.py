"""``birdc show protocols all`` of BIRD 1.x or 2.x: each protocol, with its numbers.

Pure.  Sources: BIRD 1.6.8 and 2.0.12, nest/proto.c (proto_show, channel_show_info).
"""

from __future__ import unicode_literals

import datetime
import re
from collections import namedtuple

from calico_fuel.bgp.bird_replies import parse_protocols

# Of "timeformat protocol iso long", which our bird.conf has; BIRD 2 may add a fraction.
SINCE = re.compile(r'\s(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)')
FORMAT = str('%Y-%m-%d %H:%M:%S')
ROUTES = re.compile(r'(?m)^ +Routes: +(\d+) imported, (?:(\d+) filtered, )?'
                    r'(\d+) exported(?:, (\d+) preferred)?')
FILTER = re.compile(r'(?m)^ +(Input|Output) filter: +(.*\S)')
LIMIT = re.compile(r'(?m)^ +Import limit: +(\d+)')
IPV6 = re.compile(r'(?m)^ +Channel ipv6')


class Details(namedtuple('Details', (
        'protocol since imported filtered exported preferred limit import_filter '
        'export_filter ip_version'))):
    """A Protocol of BIRD with its numbers of routes, 0 where BIRD prints none.

    ``since`` is a text, None in another format; ``limit`` is that of its imports.
    """

    def seconds(self, now):
        """How long it has its state, at the time *now*; 0 if that is unknown."""
        if self.since is None:
            return 0
        begin = datetime.datetime.strptime(str(self.since), FORMAT)
        age = datetime.datetime.fromtimestamp(now) - begin
        return max(0, age.days * 86400 + age.seconds)


def parse_details(text):
    """The Details by name; of a BIRD 2 with several channels those of the first."""
    found = {}
    for block in re.split(r'\n(?=\S)', text):
        for name, protocol in parse_protocols(block.partition('\n')[0]).items():
            found[name] = _details(protocol, block)
    return found


def _details(protocol, block):
    since = SINCE.search(block.partition('\n')[0])
    routes, limit = ROUTES.search(block), LIMIT.search(block)
    filters = dict(FILTER.findall(block))
    return Details(
        protocol, since and since.group(1),
        *[int(number or 0) for number in routes.groups()] if routes else [0] * 4,
        limit=limit and int(limit.group(1)), import_filter=filters.get('Input', ''),
        export_filter=filters.get('Output', ''),
        ip_version='6' if IPV6.search(block) else '4')

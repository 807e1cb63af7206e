"""A route reflector with routes of its clients, and an external peer."""

from __future__ import unicode_literals

import re

from calico_fuel import render
from calico_fuel.bgp.held_announcements import PATH
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.system import Entry, FakeSystem

PEER = 'border 65010 192.0.2.200'
DEFAULT = '0.0.0.0/0 unreachable [reflector_node_9 12:00:02] * (90/-) [i]\n' \
    '\tBGP.next_hop: 192.0.2.201\n'
LEARNED = '{}/32 unreachable [{} 12:00:02] * (100/-) [i]\n\tBGP.next_hop: {}\n'
FIRST, SECOND = '203.0.113.2', '203.0.113.3'


class Reflector(FakeSystem):
    """node-1; each of its clients node-2 and node-3 has an instance.

    ``learned`` has addresses and their next hops, ``clients`` whose those are, and
    ``states`` those of the sessions.
    """

    def __init__(self, dies_at=None, external_peers=PEER):
        super(Reflector, self).__init__(dies_at=dies_at)
        self.external_peers = external_peers
        self.files[CONF] = Entry(self.conf(), 'root:bird', 0o640)
        self.bird = Bird(self)
        self.bird.start()
        self.programs['birdc'] = self.birdc
        self.learned = {FIRST: '192.0.2.12', SECOND: '192.0.2.13'}
        self.clients = {'192.0.2.12': 'client_node_2', '192.0.2.13': 'client_node_3'}
        self.states = {'client_node_2': 'Established', 'client_node_3': 'Established'}
        # What the daemon has of the file; when all sessions and routes come back.
        self.loaded, self.comes_back = '', None
        # Whether another reflector announces a default route.
        self.default = False

    def of(self, **settings):
        return environment(roles(1, 2), external_peers=self.external_peers, **settings)

    def conf(self, **settings):
        wanted = self.of(**settings)
        return render.bird_conf(wanted, wanted.this_node, 1)

    def reset(self, comes_back=None):
        """As after another password, until *comes_back*."""
        self.files[CONF] = Entry(self.conf(bgp_password='new'), 'root:bird', 0o640)
        self.bird.start()
        self.learned, self.comes_back = {}, comes_back
        self.states = dict.fromkeys(self.states, 'Active')

    def pinned(self):
        """What BIRD announces to external peers alone."""
        return dict(re.findall(
            r'route (\S+)/32 unreachable \{ krt_prefsrc = (\S+); \};', self.loaded))

    def birdc(self, argv, text):
        if self.comes_back is not None and self.clock >= self.comes_back:
            self.learned = {FIRST: '192.0.2.12', SECOND: '192.0.2.13'}
            self.states = dict.fromkeys(self.states, 'Established')
        self.bird.sessions = ''.join(
            '{} BGP master up 12:00:01 {}\n'.format(*one)
            for one in sorted(self.states.items()))
        self.bird.routes = DEFAULT * self.default + ''.join(
            LEARNED.format(address, self.clients.get(hop, 'mine'), hop)
            for address, hop in sorted(self.learned.items())) + ''.join(
            '{}/32 unreachable [pinned_routes 12:00:05] * (1)\n'.format(address)
            for address in sorted(self.pinned()))
        answer = self.bird.birdc(argv, text)
        if argv[1:] == ['-v', 'configure']:
            self.loaded = self.text(PATH) if PATH in self.files else ''
        return answer

"""A compute with an instance and routes to two others, as BIRD, ip and etcd tell it."""

from __future__ import unicode_literals

import json

from tests.unit.fake import etcd_keys
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem, good
from tests.unit.fake.verify_node import ESTABLISHED

OWN, ELSEWHERE, ANOTHER = '203.0.113.21', '203.0.113.31', '203.0.113.32'
ENDPOINT = '/calico/v1/host/node-3/workload/openstack/vm/endpoint/{}'
# As BIRD 1.6.8 and 2.0.12 print them on a compute: its instance, two elsewhere, and of
# each the second reflector's; "!" is a route that the kernel has refused.
OF_TAP = {'1': '203.0.113.{0}/32    dev tap{0} [kernel1 07:50:01] * (200)\n'
               '\tType: inherit unicast univ\n\tKernel.source: 3\n',
          '2': '203.0.113.{0}/32      unicast [kernel1 07:48:35.015] * (200)\n'
               '\tdev tap{0}\n\tType: inherit univ\n'}
OF_BGP = {'1': '{0:19}via 192.0.2.14 on br-mgmt [reflector_node_{1} 07:50:02 from '
               '192.0.2.1{1}] {2} (100/0) [i]\n\tType: BGP unicast univ\n'
               '\tBGP.as_path: \n\tBGP.next_hop: 192.0.2.14\n',
          '2': '{0:21}unicast [reflector_node_{1} 2026-11-30 07:48:35.604 from '
               '192.0.2.1{1}] {2} (100) [i]\n\tvia 192.0.2.14 on br-mgmt\n'
               '\tType: BGP univ\n\tBGP.next_hop: 192.0.2.14\n'}
STATIC = {'1': '{}/32    blackhole [ops 07:50:04] * (250)\n\tType: static univ\n',
          '2': '{}/32      blackhole [ops 07:48:35.920] * (250)\n\tType: static univ\n'}
TAP = '203.0.113.{0} dev tap{0}  scope link \n'
VIA = '203.0.113.{} via 192.0.2.14 dev br-mgmt proto bird metric 32 \n'
LINK = ('{0}: tap{0}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast '
        'state UNKNOWN mode DEFAULT group default qlen 500\\    link/ether '
        '02:00:c0:00:02:0d brd ff:ff:ff:ff:ff:ff\n')
HERE, THERE = 'instances of this node', 'routes to instances elsewhere'


class Compute(FakeSystem):
    """node-3, with one instance; two are on node-4.  It has two reflectors."""

    def __init__(self, line='1'):
        super(Compute, self).__init__()
        self.line, self.keys = line, {}
        self.bird = Bird(self)
        self.bird.loaded = 'configuration'
        self.bird.sessions = ''.join(
            ESTABLISHED.format('reflector_node_' + uid) for uid in '12')
        self.bird.routes = OF_TAP[line].format(21) + self.learned(ELSEWHERE) + (
            self.learned(ANOTHER))
        self.links = LINK.format(21)
        self.routes = TAP.format(21) + VIA.format(31) + VIA.format(32)
        self.programs['ip'] = lambda argv, text: good(
            self.links if 'link' in argv else self.routes)
        etcd_keys.serve(self, self.keys)
        self.binds(OWN, 'tap21')

    def learned(self, address):
        return OF_BGP[self.line].format(address + '/32', 1, '*') + (
            OF_BGP[self.line].format('', 2, ''))

    def binds(self, address, tap, state='active'):
        self.keys[ENDPOINT.format(len(self.keys))] = json.dumps(
            {'state': state, 'name': tap, 'ipv4_nets': [address + '/32']}), None

    def replace(self, old, new):
        """In what BIRD and the kernel have."""
        assert old in self.bird.routes + self.routes + self.links
        self.bird.routes = self.bird.routes.replace(old, new)
        self.routes = self.routes.replace(old, new)
        self.links = self.links.replace(old, new)

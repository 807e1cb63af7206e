"""A node of an environment with two instances, and the links that it sees.

node-1 and node-2 are controllers and route reflectors.  node-3 has the instance OWN
(group web), node-4 the instance OTHER (group db).
"""

from __future__ import unicode_literals

import json

from calico_fuel.calico import keys as calico_keys
from calico_fuel.explain import chain, facts
from tests.unit.fake.instances_compute import LINK, OF_BGP, OF_TAP, TAP, VIA
from tests.unit.builders import environment, roles
from tests.unit.fake import etcd_keys
from tests.unit.fake.bird import Bird
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem, good
from tests.unit.fake.verify_node import ESTABLISHED

OWN, OTHER, NOBODY = '203.0.113.21', '203.0.113.31', '203.0.113.99'
ENDPOINT = '/calico/v1/host/{}/workload/openstack/vm/endpoint/{}'
PORTS = {OWN: '21212121-2121-4121-8121-212121212121',
         OTHER: '31313131-3131-4131-8131-313131313131'}
PROFILE = '/calico/v1/policy/profile/openstack-sg-{}/{}'
FELIX = calico_keys.STATUS_KEY
NETWORK = '192.0.2.0/24 dev br-mgmt  proto kernel  scope link  src 192.0.2.1{} \n'
BRIDGE = ('9: br-mgmt: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state '
          'UP mode DEFAULT group default \\    link/ether 02:00:c0:00:02:0d brd '
          'ff:ff:ff:ff:ff:ff\n')
# As BIRD 1.6.8 prints them on a reflector.
OF_CLIENT = ('{0:19}unreachable [client_node_{1} 07:08:54 from 192.0.2.1{1}] {2} '
             '(100/-) [i]\n\tType: BGP unicast univ\n\tBGP.next_hop: 192.0.2.1{1}\n')
# The route, its session, the neighbor, the next hop.
FILTERED = '{:19}unreachable [{} 07:08:54 from {}] * (100/-) [i]\n\tBGP.next_hop: {}\n'


class Node(FakeSystem):
    """The node with this uid, as it is when all links are good."""

    def __init__(self, uid):
        super(Node, self).__init__()
        self.uid, self.keys, self.has_etcd = uid, {}, True
        self.bird = Bird(self)
        self.bird.loaded = 'configuration'
        self.answers = {'192.0.2.14': 'whole', '192.0.2.13': 'whole'}
        self.links, self.routes = BRIDGE, NETWORK.format(uid)
        self.programs.update(sh=self.sh, ip=lambda argv, text: good(
            self.links if 'link' in argv else self.routes))
        self.services = Services(
            self, jobs=['calico-felix'], running=['calico-felix'])
        self.servers.append(lambda method, url, body: etcd_keys.answer(
            self.keys, True, self.clock, method, url, body) if self.has_etcd else None)
        self._write_etcd()
        (self._reflector if uid in '12' else self._compute)()

    def _write_etcd(self):
        self.set('/calico/v1/Ready', 'true')
        self.set(calico_keys.REPORTING_KEY, 'true')
        self.set(calico_keys.ELECTION_KEY, 'node-1:4711')
        for address, host, group in (OWN, '3', 'web'), (OTHER, '4', 'db'):
            self.binds(address, 'node-' + host, group)
            self.set(FELIX.format('node-' + host), '{}')
            self.set(PROFILE.format(group, 'tags'),
                     json.dumps(['openstack-sg-' + group]))
        self.allows('web', [{'protocol': 'tcp', 'dst_ports': [80],
                             'src_net': '0.0.0.0/0'}])
        self.allows('db', [{'protocol': 'icmp', 'src_tag': 'openstack-sg-web'},
                           {'protocol': 'tcp', 'dst_ports': ['3306:3307'],
                            'src_tag': 'openstack-sg-web'}])

    def binds(self, address, host, group, port=None, **more):
        number = address.rpartition('.')[2]
        self.set(ENDPOINT.format(host, port or PORTS[address]), json.dumps(dict({
            'state': 'active', 'name': 'tap' + number, 'ipv4_nets': [address + '/32'],
            'profile_ids': ['openstack-sg-' + group]}, **more)))

    def allows(self, group, inbound, outbound=({'dst_net': '0.0.0.0/0'},)):
        self.set(PROFILE.format(group, 'rules'), json.dumps({
            'inbound_rules': [dict(rule, ip_version=4) for rule in inbound],
            'outbound_rules': [dict(rule, ip_version=4) for rule in outbound]}))

    def set(self, key, value):
        self.keys[key] = value, None

    def _compute(self):
        self.bird.sessions = ''.join(
            ESTABLISHED.format('reflector_node_' + uid) for uid in '12')
        here, there = ('21', OTHER) if self.uid == '3' else ('31', OWN)
        self.links += LINK.format(here)
        self.routes += TAP.format(here)
        self.bird.routes = OF_TAP['1'].format(here)
        self.learns(there, '4' if self.uid == '3' else '3')

    def learns(self, address, host):
        for uid, mark, prefix in ('1', '*', address + '/32'), ('2', '', ''):
            self.bird.routes += OF_BGP['1'].format(prefix, uid, mark).replace(
                '192.0.2.14', '192.0.2.1' + host)
        self.routes += VIA.format(address.rpartition('.')[2]).replace(
            '192.0.2.14', '192.0.2.1' + host)

    def _reflector(self):
        self.bird.sessions = ''.join(map(ESTABLISHED.format, (
            'reflector_node_' + '21'[int(self.uid) - 1], 'client_node_3',
            'client_node_4')))
        self.bird.routes = ''.join(
            OF_CLIENT.format(address + '/32', uid, '*')
            for address, uid in ((OWN, '3'), (OTHER, '4')))
        neutron = Neutron(self)
        for address, host in (OWN, 'node-3'), (OTHER, 'node-4'):
            neutron.objects['port'].append({
                'id': PORTS[address], 'status': 'ACTIVE', 'binding:host_id': host})
        self.neutron = neutron

    def sh(self, argv, text):
        """The script of path_mtu."""
        return good(''.join('{} {}\n'.format(address, self.answers[address])
                            for address in argv[5:] if address in self.answers))

    def replace(self, old, new):
        """In what BIRD and the kernel say."""
        places = 'routes', 'links'
        assert any(old in text for text in [self.bird.routes, self.bird.sessions] + [
            getattr(self, place) for place in places])
        self.bird.routes = self.bird.routes.replace(old, new)
        self.bird.sessions = self.bird.sessions.replace(old, new)
        for place in places:
            setattr(self, place, getattr(self, place).replace(old, new))


def explained(node, receiver, sender=None, **settings):
    """The Links that *node* sees."""
    of = environment(roles(2, 2), uid=node.uid, **settings)
    seen = facts.read(of, of.this_node, node,
                      [name for name in (sender, receiver) if name])
    return chain.links(seen, receiver, sender)


def last(node, *ends, **settings):
    """Name, code, state and fix of the last Link."""
    link = explained(node, *ends, **settings)[-1]
    return link.name, link.code.name if link.code else '', link.state, link.fix


def states(links):
    return [(link.name, link.verdict, link.where) for link in links]

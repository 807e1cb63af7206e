"""A route reflector names who announces the address of an instance elsewhere."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import announced
from tests.unit.bgp.test_reachable import ENDPOINT
from tests.unit.builders import environment, roles
from tests.unit.fake import etcd_keys
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem
from tests.unit.fake.verify_node import ESTABLISHED

# As BIRD 1.6.8 and 2.0.12 print them on a route reflector.
ROUTES = {'1': '''\
203.0.113.32/32    unreachable [client_node_3 07:08:54 from 192.0.2.13] * (100/-) [i]
\tType: BGP unicast univ
\tBGP.origin: IGP
\tBGP.as_path: \n\
\tBGP.next_hop: 192.0.2.13
\tBGP.local_pref: 100
\tBGP.community: \n\
203.0.113.31/32    unreachable [client_node_2 07:08:54 from 192.0.2.12] * (100/-) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.12
\tBGP.local_pref: 100
                   unreachable [client_node_3 07:08:54 from 192.0.2.13] (100/-) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.13
''', '2': '''\
Table master4:
203.0.113.32/32      unreachable [client_node_3 07:08:58.4 from 192.0.2.13] * (100) [i]
\tType: BGP univ
\tBGP.origin: IGP
\tBGP.as_path: \n\
\tBGP.next_hop: 192.0.2.13
\tBGP.local_pref: 100
203.0.113.31/32      unreachable [client_node_2 07:08:58.3 from 192.0.2.12] * (100) [i]
\tType: BGP univ
\tBGP.next_hop: 192.0.2.12
\tBGP.local_pref: 100
                     unreachable [client_node_3 07:08:58.5 from 192.0.2.13] (100) [i]
\tType: BGP univ
\tBGP.next_hop: 192.0.2.13
'''}
VM, ANOTHER = '203.0.113.31', '203.0.113.32'
SESSIONS = ''.join(ESTABLISHED.format('client_node_' + uid) for uid in '23')


class Reflector(FakeSystem):
    """node-1, where node-2 and node-3 announce VM, and node-3 announces ANOTHER."""

    def __init__(self, line='1'):
        super(Reflector, self).__init__()
        self.bird = Bird(self)
        self.bird.loaded, self.bird.sessions = 'configuration', SESSIONS
        self.bird.routes = ROUTES[line]
        self.keys = {}
        etcd_keys.serve(self, self.keys)

    def binds(self, address, host, text='{{"ipv4_nets": ["{}/32"]}}'):
        """Neutron binds a port with this address to a host."""
        self.keys[ENDPOINT.format(host, len(self.keys))] = text.format(address), None


def seen(node, uid='1', of_nodes=None):
    of = environment(of_nodes or roles(1, 3), release='9.2', uid=uid)
    return announced.of_node(of, of.this_node, node)


@pytest.fixture(params='12')
def node(request):
    node = Reflector(request.param)
    node.binds(ANOTHER, 'node-3')
    return node


def test_of_two_that_announce_an_address_the_one_that_neutron_did_not_bind_is_bad(node):
    node.binds(VM, 'node-2.example.com')

    check, = seen(node)

    assert check.is_problem
    assert check.sentence.startswith(
        'WRONG_HOLDER: routes from node-3.example.com: lead to instances elsewhere: '
        '203.0.113.31 (Neutron bound it to node-2.example.com, which announces it '
        'too), expected: to its own. If an instance moves or ends right now, run '
        'this again. ')
    assert '"neutron port-list | grep 203.0.113.31"' in check.fix
    assert '"ip route del 203.0.113.31"' in check.fix


@pytest.mark.parametrize('host, known', [
    ('node-4', 'node-4.example.com'), ('Elsewhere', 'Elsewhere')])
def test_an_address_that_its_host_does_not_announce_is_bad(node, host, known):
    node.binds(VM, host)

    assert [(check.subject, check.state, check.is_problem) for check in seen(node)] == [
        ('routes from node-{}.example.com'.format(uid), 'lead to instances elsewhere: '
         '203.0.113.31 (Neutron bound it to {})'.format(known), True) for uid in '23']


def test_what_a_neighbor_announced_that_restarts_now_may_have_moved(node):
    """BIRD keeps its routes meanwhile."""
    node.binds(VM, 'node-2')
    node.bird.sessions = SESSIONS.replace(
        'client_node_3 BGP master up 12:00:03 Established',
        'client_node_3 BGP master start 12:00:03 Connect')

    assert seen(node) == []


def test_an_address_that_two_instances_have_is_a_note():
    """Any tenant can do that in networks of their own: it must stop no deployment."""
    node = Reflector()
    node.binds(ANOTHER, 'node-3')
    node.binds(VM, 'node-2')
    node.binds(VM, 'node-3')

    check, = seen(node)

    assert not check.is_problem
    assert check.state == ('announced by several: 203.0.113.31 (by node-2.example.com '
                           'and node-3.example.com)')
    assert 'delete a port' in check.fix


def test_an_address_of_no_endpoint_is_a_note_that_names_who_announces_it(node):
    check, = seen(node)

    assert not check.is_problem and check.subject == 'addresses of no instance'
    assert check.state == ('announced: 203.0.113.31 (by node-2.example.com and '
                           'node-3.example.com)')


def test_a_reflector_without_etcd_notes_what_two_announce(node):
    """On Fuel 9, with the role calico-rr alone.  Any tenant can do that, too."""
    def answer(method, url, body):
        raise AssertionError('it has no etcd: whoever answers is somebody else')
    node.servers[:] = [answer]

    check, = seen(node, '5', roles(1, 3, [['calico-rr']]))

    assert not check.is_problem and check.subject == 'addresses of instances'
    assert check.state == ('announced by several: 203.0.113.31 (by node-2.example.com '
                           'and node-3.example.com)')


def test_where_etcd_does_not_answer_two_that_announce_an_address_are_a_note(node):
    del node.servers[:]

    check, = seen(node)

    assert not check.is_problem
    assert 'announced by several: 203.0.113.31' in check.state


def test_few_of_many_addresses_are_named(node):
    node.bird.routes = ''.join(
        ROUTES['1'][:ROUTES['1'].index(VM)].replace(ANOTHER, address)
        for address in ('203.0.113.{}'.format(number) for number in range(100, 109)))
    for number in range(100, 109):
        node.binds('203.0.113.{}'.format(number), 'node-4')

    check, = seen(node)

    assert check.state.count('bound') == 3 and check.state.endswith(' and 6 more')


def test_where_bird_is_silent_or_there_is_no_reflector_nothing_is_said(node):
    assert seen(node, '2') == []
    node.bird.loaded = None
    assert seen(node) == []


def test_sessions_of_the_operator_are_not_compared(node):
    node.bird.routes = node.bird.routes.replace('client_node_', 'anycast_')
    node.bird.sessions += ESTABLISHED.format('anycast_3')

    assert seen(node) == []


@pytest.mark.parametrize('text', [
    '', 'no JSON', '[]', '{{"ipv4_nets": null}}', '{{"ipv4_nets": 7}}',
    '{{"ipv4_nets": "203.0.113.31"}}', '{{"ipv4_nets": [null]}}', '[' * 100000,
    '{{"ipv4_nets": [["203.0.113.31"]]}}', '{{"ipv4_nets": ["999.0.113.31/32"]}}',
    '{{"ipv4_nets": ["\\u0000\\ud800"]}}', '{{"ipv4_nets": {{"a": 1}}}}'])
def test_an_endpoint_that_cannot_be_read_is_a_note_with_its_key(node, text):
    node.binds(VM, 'node-2')
    node.binds('', 'node-3', text)

    problem, note = seen(node)

    assert problem.is_problem and not note.is_problem
    assert note.sentence.startswith(
        'ENDPOINT_UNREADABLE: endpoints in etcd: cannot be read: /calico/v1/host/'
        'node-3/workload/openstack/vm/endpoint/port-2, expected: as Neutron writes '
        'them. ')


@pytest.mark.parametrize('text', ['{{"ipv4_nets": ["{}/32"]}}', 'no JSON'])
def test_names_in_etcd_forge_no_line(text):
    node = Reflector()
    node.binds(VM, 'x\x1b]0;own\x07\nverify: good\u202e', text)

    for check in seen(node):
        assert '\n' not in check.sentence and '\x1b' not in check.sentence
        assert '\u202e' not in check.sentence


@pytest.mark.parametrize('routes', [
    'nonsense', '\tBGP.next_hop: 192.0.2.12', '999.0.0.1/99 x [client_node_2 1] *\n'
    '\tBGP.next_hop: 999.9.9.9\n', '[client_node_2 ]\n\tBGP.next_hop: 1.2', '\x00[[['])
def test_any_text_of_birdc_gives_checks(node, routes):
    node.bird.routes = routes

    assert not [check for check in seen(node) if check.is_problem]

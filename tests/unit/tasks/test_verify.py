"""verify tells every failure of a node at once, with its fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import bird
from calico_fuel.errors import NodeError, RejectedError
from calico_fuel.openstack import options
from calico_fuel.resources.service import LOADED
from calico_fuel.system import Reply
from calico_fuel.tasks import verify
from tests.unit.builders import environment
from tests.unit.fake.system import FakeSystem, good
from tests.unit.fake.verify_node import TASKS, Task, node_of, texts

INSTANCE = {
    '/calico/dhcp/v1/subnet/some': '{"cidr": "203.0.113.0/24"}',
    '/calico/v1/host/node-2/workload/openstack/vm/endpoint/port':
        '{"name": "tap1", "ipv4_subnet_ids": ["some"]}'}
PORT = {'/calico/v1/host/node-2/workload/openstack/vm/endpoint/port': (
    '{"state": "active", "name": "tap1", "ipv4_nets": ["203.0.113.7/32"]}')}
TAP = '7: tap1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n'
ROOTWRAP = FakeSystem({
    options.NEUTRON_CONF: '[agent]\nroot_helper=sudo neutron-rootwrap /etc/wrap\n',
    '/etc/wrap': '[DEFAULT]\nfilters_path=/etc/neutron/rootwrap.d,/usr/share/none\n',
    '/etc/neutron/rootwrap.d/l3.filters': '[Filters]\nip: IpFilter, ip, root\n'}).files
DHCP_FILTERS = '[Filters]\ndnsmasq: CommandFilter, dnsmasq, root\n'


class Stubborn(object):
    """A resource that cannot be as wanted."""

    label = 'network calico'
    is_told = True

    def difference(self, system):
        raise NodeError('network calico: has another subnet. Rename it')


def without_members(method, url, body):
    """As an etcd proxy replies that reaches no member."""
    return Reply(503, '') if url.startswith('http://127.0.0.1:4001') else None


@pytest.mark.parametrize('name, uid', [('controller', '1'), ('compute', '2')])
def test_a_healthy_node_has_no_problem_and_is_done_at_once(golden, name, uid):
    of, node = node_of(uid)
    begin = node.clock

    assert texts(of, node) == []

    assert node.clock - begin < 1
    table, = texts(of, node, is_problem=False)
    golden('verify-{}.txt'.format(name), table + '\n')


@pytest.mark.parametrize('ill, words', [
    (lambda node: setattr(node.bird, 'loaded', None), 'BIRD: does not answer birdc'),
    (lambda node: node.programs.update(birdc=None), 'BIRD: does not answer birdc'),
    (lambda node: setattr(node.bird, 'sessions', ''), 'is not configured'),
    (lambda node: node.silent.add('127.0.0.1:8775'),
     'metadata API on port 8775: does not answer, expected: answers. Run calico-fuel '
     'compute. If nova-api-metadata does not stay up, see /var/log/nova'),
    (lambda node: node.silent.add('127.0.0.1:4001'),
     'etcd on 127.0.0.1:4001: does not answer'),
    (lambda node: node.servers.insert(0, without_members),
     'etcd on 127.0.0.1:4001: replies 503, expected: answers. Run calico-fuel etcd; if '
     'its members answer on controllers, run it there too, and check that TCP port '
     '2389 (2379 without TLS) is open from here to them'),
    (lambda node: setattr(node, 'has_quorum', False),
     'etcd on 127.0.0.1:4001: answers, and has no quorum, expected: answers. Nothing '
     'can be changed until most etcd members run: calico-fuel verify on a controller'),
    (lambda node: node.services.running.clear(),
     'service calico-felix: is stopped, expected: runs. Run calico-fuel compute'),
    (lambda node: node.keys.pop('/calico/felix/v1/host/node-2/status'),
     'Its process runs and hangs: run "service calico-felix restart"'),
    (lambda node: node.iptables.rules['filter']['FORWARD'].pop(),
     'policy of security groups: FORWARD has no jump to felix-FORWARD'),
    (lambda node: node.write(options.NOVA_CONF, '[DEFAULT]\nhost = other\n'),
     'host name of Nova: Nova has other, Felix node-2, expected: node-2'),
    (lambda node: node.keys.update(INSTANCE), 'DHCP of instances: none for tap1'),
    (lambda node: (node.keys.update(PORT), node.programs.update(
        ip=lambda argv, text: good(TAP * ('link' in argv)))),
     'instances of this node: 1 of 1 without a route to the tap: 203.0.113.7 (tap1)'),
    (lambda node: node.write(bird.BIRD_CONF, 'nonsense'),
     'configuration of BIRD: refused: '),
    (lambda node: node.programs.update(
        ip=lambda argv, text: good(
            TAP if 'link' in argv else '192.0.2.0/24 dev tap1 src 192.0.2.12'),
        sh=lambda argv, text: good('192.0.2.11 small')),
     'packets of 1500 bytes, the MTU of tap1: not answered by node-1'),
    (lambda node: node.programs.update(
        ip=lambda argv, text: good(
            TAP.replace('1500', '1400') if 'link' in argv
            else '192.0.2.0/24 dev tap1 src 192.0.2.12'),
        sh=lambda argv, text: good('')),
     'MTU of tap1: 1400, expected: at least 1500, that of instances'),
    (lambda node: node.files.update(ROOTWRAP), 'rootwrap refuses to start it'),
    (lambda node: (node.files.update(ROOTWRAP), node.keys.update(INSTANCE)),
     'rootwrap refuses to start it'),
    (lambda node: node.remove(LOADED + 'calico-felix'), 'has not loaded'),
    (lambda node: node.programs.update(service=None), 'service calico-felix'),
    (lambda node: node.kernel.__setitem__('net.ipv4.ip_forward', '0'),
     'net.ipv4.ip_forward = 1 instead of 0'),
    (lambda node: node.remove('/proc/sys/net/ipv4/ip_forward'),
     'sysctl net.ipv4.ip_forward'),
])
def test_what_is_wrong_on_a_compute_is_one_problem(ill, words):
    of, node = node_of('2')
    ill(node)

    problem, = texts(of, node)

    assert words in problem


def test_an_instance_that_a_dnsmasq_serves_is_no_problem():
    of, node = node_of('2')
    node.keys.update(INSTANCE)
    node.files.update(ROOTWRAP)
    node.write('/etc/neutron/rootwrap.d/dhcp.filters', DHCP_FILTERS)
    node.dnsmasqs = '12 dnsmasq --no-hosts --interface=ns-1 --interface=tap1'

    assert texts(of, node) == []


@pytest.mark.parametrize('name', ['old', 'old.filters'])
def test_a_directory_among_the_filters_of_rootwrap_is_passed_over(name):
    of, node = node_of('2')
    node.files.update(ROOTWRAP)
    node.write('/etc/neutron/rootwrap.d/dhcp.filters', DHCP_FILTERS)
    node.write('/etc/neutron/rootwrap.d/{}/x'.format(name), '')

    assert texts(of, node) == []


@pytest.mark.parametrize('ill, words', [
    (lambda node: node.members.pop(), 'etcd member node-1: is no member'),
    (lambda node: node.silent.add('192.0.2.11:2379'), 'node-1: does not answer'),
    (lambda node: node.members.append(
        {'id': 'f', 'name': 'node-9', 'peerURLs': ['http://192.0.2.19:2380']}),
     'etcd member node-9: is a member, expected: none'),
    (lambda node: (node.write('/var/lib/etcd/member/wal/0.wal', ''),
                   setattr(node, 'space', 99999999)),
     'file system of /var/lib/etcd: 99 MB left, expected: at least 100 MB. etcd serves '
     'until its log needs the next 64 MB, and then ends. Make room there'),
    (lambda node: node.keys.pop('/calico/v1/Ready'), 'has not written its data'),
    (lambda node: node.keys.pop('/calico/openstack/v1/neutron_election'),
     'Calico mechanism driver: was loaded once'),
    (lambda node: node.keys.pop('/calico/felix/v1/host/node-3/status'),
     'Felix on node-3: does not report'),
])
def test_what_is_wrong_in_the_environment_is_seen_by_a_controller(ill, words):
    of, node = node_of('1')
    ill(node)

    problems = texts(of, node)

    assert words in problems[-1]
    # The only member of this environment is its quorum.
    assert [text.split(':')[0] for text in problems[:-1]] == (
        ['ETCD_QUORUM'] if 'node-1: does not answer' in words else [])


def test_without_etcd_a_controller_says_so_and_what_it_cannot_know():
    of, node = node_of('1')
    node.silent.add('127.0.0.1:4001')

    assert [text.split(',')[0] for text in texts(of, node)] == [
        'ETCD_DOWN: etcd cluster: no member answers',
        'ETCD_DOWN: Calico mechanism driver: unknown: etcd does not answer']


@pytest.mark.parametrize('text', ['', '[]', '<html>'])
def test_a_reply_that_is_not_etcds_is_no_crash(text):
    of, node = node_of('1')
    node.servers.insert(0, lambda method, url, body: Reply(200, text))

    assert 'etcd cluster: no member answers' in texts(of, node)[0]


def test_all_problems_are_told_at_once_and_the_table_marks_them():
    of, node = node_of('1')
    node.bird.sessions = node.bird.sessions.replace('client_node_3', 'client_node_7')
    node.keys.pop('/calico/felix/v1/host/node-2/status')
    node.kernel['net.ipv4.ip_forward'] = '0'

    table = texts(of, node, is_problem=False)[0]

    assert len(texts(of, node)) == 4
    assert [row[5:].split()[:2] for row in table.split('\n') if row[:3] == 'BAD'] == [
        ['BGP', 'client_node_3'], ['BGP', 'client_node_7'], ['Felix', 'on'],
        ['sysctl', 'net.ipv4.ip_forward']]


def test_an_item_that_two_tasks_want_is_looked_at_once():
    """A compute has an etcd proxy by its own task, and by that of controllers."""
    of, node = node_of('2')
    node.kernel['net.ipv4.ip_forward'] = '0'

    assert len(texts(of, node)) == 1


@pytest.mark.parametrize('task, words', [
    (Task(Stubborn()), 'NOT_COMPARED: network calico: cannot be as wanted, '
                       'expected: as wanted. network calico: has another '
                       'subnet. Rename it'),
    (Task(RejectedError('BIRD 1.4 is too old. Install 1.6')),
     'NOT_COMPARED: task any: cannot be compared, expected: as wanted. BIRD 1.4')])
def test_a_task_that_cannot_compare_is_a_problem_not_the_end(task, words):
    of, node = node_of('2')
    node.silent.add('127.0.0.1:8775')

    _, problem = texts(of, node, tasks=[('any', task)])

    assert problem.startswith(words)


def test_a_node_without_a_calico_role_has_nothing_to_check():
    of = environment([['primary-controller'], ['compute'], ['cinder']], uid='3')

    found, = verify.checks_of(of, of.this_node, FakeSystem(), TASKS)

    assert not found.is_problem and 'nothing to check' in found.sentence


def test_an_environment_that_cannot_work_is_told_as_such():
    of = environment([['compute'], ['compute']])

    found = verify.checks_of(of, of.this_node, FakeSystem(), TASKS)

    assert [f.is_problem for f in found] == [True, True]
    assert 'there is no route reflector' in found[0].sentence
    assert 'there is no etcd member' in found[1].sentence

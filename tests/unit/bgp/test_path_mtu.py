"""Nodes that packets of full size do not reach are named."""

from __future__ import unicode_literals

import os

import pytest

from calico_fuel import system
from calico_fuel.bgp import path_mtu
from calico_fuel.errors import SlowError
from tests.unit.bgp.test_kernel import LINKS, ROUTES
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem, good

# It takes the first answer, and says *message* of packets of full size that are lost.
PING = """#!/bin/sh
cd {} && read -r answer more < answers; echo "$more" > answers
case "$answer:$*" in
whole:*' -s 1472 '* | small:*' -s 56 '*) exit 0;;
none:*' -s 1472 '*) echo '{}' >&2;;
esac
exit 1
"""


class Node(FakeSystem):
    """node-3, a compute; ``answers`` are those of other nodes to pings."""

    def __init__(self):
        super(Node, self).__init__()
        self.links, self.routes, self.answers = LINKS, ROUTES, {}
        self.tried = None
        self.programs.update(ip=self.ip, sh=self.sh)

    def ip(self, argv, text):
        return good(self.links if 'link' in argv else self.routes)

    def sh(self, argv, text):
        self.tried = argv[4:]
        return good(''.join('{} {}\n'.format(*one) for one in self.answers.items()))


@pytest.fixture
def node():
    return Node()


def rows(node, of_nodes=None, uid='3'):
    of = environment(of_nodes or roles(1, 3), uid=uid)
    return path_mtu.of_node(of, of.this_node, node)


def test_nodes_that_answer_packets_of_full_size_are_one_good_row(node):
    node.answers = {'192.0.2.11': 'whole', '192.0.2.12': 'whole'}

    row, = rows(node)

    assert (row.subject, row.state, row.fix) == (
        'packets of 1500 bytes, the MTU of br-mgmt', 'answered by 2 nodes', '')
    # With the headers of IPv4 and ICMP they have 1500 bytes.
    assert node.tried == ['1472', '192.0.2.11', '192.0.2.12', '192.0.2.14']


def test_a_node_that_answers_shorter_packets_only_is_a_problem(node):
    node.answers = {'192.0.2.11': 'whole', '192.0.2.12': 'small', '192.0.2.14': 'small'}

    row, = rows(node)

    assert row.is_problem and row.state == 'not answered by node-2, node-4'
    assert '"ip link set br-mgmt mtu NUMBER"' in row.fix


@pytest.mark.runs_programs
@pytest.mark.parametrize('answers, expected', [
    ('whole', {'192.0.2.12': 'whole'}),
    ('none small none', {'192.0.2.12': 'small'}),
    # Two lost packets are no smaller MTU.
    ('none small whole', {'192.0.2.12': 'whole'}),
    ('none none', {}),
])
def test_the_script_tries_full_size_twice(tmpdir, monkeypatch, answers, expected):
    assert answered(tmpdir, monkeypatch, answers) == expected


@pytest.mark.runs_programs
def test_a_router_that_says_which_packets_fit_is_no_finding(tmpdir, monkeypatch):
    """Such as between racks: it drops nothing silently, so senders adapt."""
    for message in ('From 192.0.2.1 icmp_seq=1 Frag needed and DF set (mtu = 1300)',
                    'ping: local error: Message too long, mtu=1300'):
        assert answered(tmpdir, monkeypatch, 'none small none', message) == {
            '192.0.2.12': 'routed'}


def answered(directory, monkeypatch, answers, message=''):
    """What the script says of a node that answers *answers*, one to each ping."""
    directory.join('answers').write(answers)
    ping = directory.join('ping')
    ping.write(PING.format(directory, message))
    ping.chmod(0o755)
    monkeypatch.setenv(str('PATH'), '{}:{}'.format(directory, os.environ['PATH']))
    found = path_mtu.answered(system, 1500, ['192.0.2.12'])
    assert not directory.join('answers').read().split()
    return found


def test_nodes_that_answer_nothing_are_no_finding(node):
    """They are down, or a firewall refuses pings."""
    assert rows(node) == []


def test_a_machine_that_is_too_busy_for_pings_is_no_finding(node):
    def sh(argv, text):
        raise SlowError(argv, -9, 5)
    node.programs['sh'] = sh

    assert rows(node) == []


def of_instances(node, uid='3', **settings):
    of = environment(roles(1, 3), uid=uid, **settings)
    return path_mtu.of_instances(of, of.this_node, node)


def test_a_network_that_carries_less_than_instances_send_is_a_problem(node):
    node.links = LINKS.replace('mtu 1500', 'mtu 1400').replace('mtu 1450', 'mtu 1500')

    row, = of_instances(node)

    assert row.is_problem and (row.subject, row.state, row.expected) == (
        'MTU of br-mgmt', '1400', 'at least 1500, that of instances')
    assert '"ip link set br-mgmt mtu 1500"' in row.fix
    assert of_instances(node, uid='1') == []


@pytest.mark.parametrize('of_tap', [1450, 9000, 65000])
def test_a_tap_with_another_mtu_than_new_ones_is_a_note(node, of_tap):
    """65000 is what Fuel has Nova give to taps."""
    node.links = LINKS.replace('mtu 1450', 'mtu {}'.format(of_tap))

    row, = of_instances(node)

    assert not row.is_problem and (row.subject, row.state, row.expected) == (
        'MTU of taps', '{} of tap5'.format(of_tap), '1500, that of new ones')
    assert '"ip link set tap5 mtu 1500"' in row.fix


def test_taps_and_a_network_as_wanted_are_no_finding(node):
    node.links = LINKS.replace('mtu 1450', 'mtu 1400')

    assert of_instances(node, instance_mtu='1400') == []
    node.routes = ''
    assert of_instances(node, instance_mtu='1400') == []


def test_each_node_is_tried_by_as_many_others_however_many_there_are(node):
    tried = []
    for uid in '1', '30', '60':
        of = environment(roles(1, 59), uid=uid)
        tried.append([int(one.uid) for one in path_mtu.tried(of, of.this_node)])

    assert tried == [list(range(2, 34)), list(range(31, 61)) + [1, 2],
                     list(range(1, 33))]


def test_a_node_without_bgp_or_without_its_address_tries_nobody(node):
    assert rows(node, [['primary-controller'], ['compute'], ['cinder']]) == []
    node.routes = 'default via 192.0.2.1 dev br-ex\n'
    assert rows(node) == []
    assert node.tried is None


@pytest.mark.parametrize('text', ['', 'ROUTES', '\x1b[31m', '192.0.2.12'])
def test_any_text_of_ip_gives_rows(node, text):
    node.links = node.routes = text
    assert rows(node) == of_instances(node) == []

"""Texts are masked and cut to size; what could not be read is said."""

from __future__ import unicode_literals

import pytest

from calico_fuel.diag import pieces
from calico_fuel.diag.bounded import Bounded
from calico_fuel.errors import CommandError, SlowError
from tests.unit.builders import environment, roles
from tests.unit.fake.system import bad, good
from tests.unit.fake.verify_node import Node

SECRET = 'pl4nted-password'


@pytest.fixture
def node():
    """A compute on which every program answers with its command line."""
    node = Node(environment(roles(1, 1), uid='2'))
    node.answers = {}
    node.programs['sh'] = lambda argv, text: node.answers.get(
        argv[4], lambda: good(' '.join(argv[4:]) + '\n'))()
    return node


def collected(node, values=()):
    of = environment(roles(1, 1), uid='2')
    texts, missing = pieces.collected(of, set(values), Bounded(node))
    return dict(texts), missing


def test_the_texts_are_what_programs_and_files_say(node):
    node.write('/var/log/calico/felix.log', 'one\ntwo\n')
    node.write('/var/log/syslog', 'Nov 1 bird: x\nNov 1 cron: y\n')

    texts, missing = collected(node)

    assert texts['network/iptables.txt'] == 'iptables-save -c\n'
    assert texts['files/var/log/calico/felix.log'] == 'one\ntwo\n'
    assert texts['files/var/log/syslog'] == 'Nov 1 bird: x\n'
    assert 'InterfacePrefix true' not in texts['etcd/keys.txt']
    assert '/calico/v1/Ready true' in texts['etcd/keys.txt']
    assert 'node-1' in texts['etcd/members.txt']
    assert ('files/etc/nova/nova.conf: /etc/nova/nova.conf: No such file or '
            'directory') in missing


def test_secrets_are_masked_in_each_of_them(node):
    node.write('/var/log/calico/felix.log', 'tried {}\n'.format(SECRET))
    node.write('/etc/nova/nova.conf', 'rabbit_password = other\n')
    node.answers['ss'] = lambda: good(SECRET)
    node.answers['birdc'] = lambda: bad('password "{}"; is wrong'.format(SECRET))
    node.keys['/calico/v1/config/x'] = SECRET

    texts, missing = collected(node, [SECRET])

    assert SECRET not in '{}{}'.format(texts, missing)
    assert 'other' not in texts['files/etc/nova/nova.conf']
    assert texts['network/sockets.txt'] == '********'


def test_a_text_that_is_too_long_is_cut_at_a_line(node, monkeypatch):
    monkeypatch.setattr(pieces, 'MOST_OF_ONE', 1024)
    node.write('/var/log/calico/felix.log', 'password = x\n' + 'line\n' * 300)
    node.answers['ip'] = lambda: good('route\n' * 170 + 'passw')

    texts, missing = collected(node)

    assert len(texts['files/var/log/calico/felix.log']) <= 1024
    assert texts['files/var/log/calico/felix.log'].startswith('line\n')
    assert texts['network/routes.txt'].endswith('route\n')
    assert 'files/var/log/calico/felix.log: only its end' in missing
    assert 'network/routes.txt: only its beginning' in missing


def test_what_fails_is_said_and_the_rest_goes_on(node):
    def slow():
        raise SlowError(['ipset', 'list'], -9, 15)

    def gone():
        raise CommandError(['ss'], 126, 'Permission denied')
    node.answers.update(ipset=slow, ss=gone)

    texts, missing = collected(node)

    assert 'network/ipsets.txt: "ipset list" took too long, and was ended' in missing
    assert 'network/sockets.txt: ss: exit status 126: Permission denied' in missing
    assert 'bird/protocols.txt' in texts and 'network/ipsets.txt' not in texts


def test_what_there_is_no_time_or_room_for_is_said(node, monkeypatch):
    def slow():
        node.clock += 1000
        return good('x')
    node.answers['ipset'] = slow

    texts, missing = collected(node)
    assert 'bird/protocols.txt: left out: the time is over' in missing
    assert 'network/iptables.txt' in texts

    node.answers.clear()
    monkeypatch.setattr(pieces, 'MOST_IN_ALL', 100)
    texts, missing = collected(node)
    assert 'bird/protocols.txt: left out: the archive is full' in missing


def test_the_secrets_of_a_node_are_those_of_its_files_too(node):
    node.write('/root/openrc', "export OS_PASSWORD='{}'\n".format(SECRET))

    values = pieces.secret_values({'x': {'password': 'pl4nted-2'}}, None, node)

    assert values == set([SECRET, 'pl4nted-2'])

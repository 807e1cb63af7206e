"""The certificate of a node: what is wrong with it, and how it is made again."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel import system as real
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.etcd import authority, certificates
from calico_fuel.etcd.certificates import (
    CA, CERTIFICATE, Certificate, Lasting, NoCertificate)
from calico_fuel.fuel.secret import Secret
from calico_fuel.tasks import compared
from tests.unit.builders import environment
from tests.unit.fake.etcd_environment import Environment
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.openssl import DAY, Openssl, speak_tls
from tests.unit.fake.system import FakeSystem, good

SECRET = Secret('secret', 7)
NODE_1 = Certificate('node-1', '192.0.2.11', SECRET, 14)


def empty(dies_at=None):
    node = FakeSystem(dies_at=dies_at)
    node.openssl = Openssl(node)
    return node


def with_certificate():
    node = empty()
    NODE_1.change(node)
    return node


def run(node, wanted=NODE_1):
    return [outcome.state for outcome in converge([wanted], node)]


def test_a_node_makes_its_certificate_once():
    node = empty()

    assert run(node) == [CHANGED]

    before = dict(node.files)
    assert run(node) == [UNCHANGED] and node.files == before
    assert node.owner_and_mode(CERTIFICATE) == ('root:etcd', 0o640)
    assert node.owner_and_mode(CA) == ('root:etcd', 0o644)


def test_two_nodes_of_one_secret_accept_each_other_and_no_other():
    nodes = [empty(), empty(), empty()]
    for node, secret in zip(nodes, (SECRET, SECRET, Secret('other', 7))):
        NODE_1._replace(secret=secret).change(node)

    assert speak_tls(*nodes[:2]) and not speak_tls(*nodes[1:])


@pytest.mark.parametrize('wanted, said', [
    (NODE_1._replace(secret=Secret('other', 7)), 'is signed by the CA of another'),
    (NODE_1._replace(name='node-11'), 'is not for node-11 and 192.0.2.11'),
    (NODE_1._replace(address='192.0.2.1'), 'is not for node-1 and 192.0.2.1'),
    (NODE_1._replace(days=3651), 'ends within 3651 days')])
def test_a_certificate_that_does_not_fit_is_made_again(wanted, said):
    node = with_certificate()

    assert said in wanted.difference(node)

    wanted.change(node)
    assert wanted._replace(days=14).difference(node) == ''


def remove_ca(node):
    del node.files[CA]


def other_ca(node):
    other = empty()
    NODE_1._replace(secret=Secret('other', 7)).change(other)
    node.files[CA] = other.files[CA]


def let_all_read(node):
    node.files[CERTIFICATE] = node.files[CERTIFICATE]._replace(mode=0o644)


def cut_off(node):
    node.files[CERTIFICATE] = node.files[CERTIFICATE]._replace(content=b'')


def other_key(node):
    first, _ = node.text(CERTIFICATE).splitlines()
    node.write(CERTIFICATE, first + '\n' + json.dumps({'key': 'another'}))


@pytest.mark.parametrize('damage, said', [
    (remove_ca, 'ca.pem is not there'),
    (other_ca, 'node.pem is not signed by /etc/calico-fuel/etcd/ca.pem'),
    (let_all_read, 'belongs to root:etcd 0644 instead of root:etcd 0640'),
    (cut_off, 'is not signed by'),
    (other_key, 'has a key that does not match')])
def test_a_damaged_file_is_named_and_replaced(damage, said):
    node = with_certificate()
    damage(node)

    assert said in NODE_1.difference(node)
    assert run(node) == [CHANGED]


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(empty, run):
        assert NODE_1.difference(node) == ''
        assert set(node.files) >= set(whole.files)


def test_the_key_of_the_ca_is_in_no_file_and_no_command_line():
    node, seen = empty(), []

    def openssl(argv, text):
        seen.extend(argv + [entry.text for entry in node.files.values()])
        return node.openssl.openssl(argv, text)
    node.programs['openssl'] = openssl
    NODE_1.change(node)

    # The openssl in memory has a key as the name of who signed.
    key = authority.private_key(SECRET)
    assert not [text for text in seen if key in text]
    assert SECRET.key('etcd-ca') not in ' '.join(seen)


def test_a_missing_openssl_is_named():
    node = empty()
    node.programs['openssl'] = None

    outcome, = converge([NODE_1], node)

    assert outcome.state == FAILED
    assert 'openssl is not installed' in outcome.difference


def test_etcd_can_enter_the_directory_that_a_strict_umask_has_made():
    env = Environment('1')
    node = env.nodes['1']
    node.make_directory('/etc/calico-fuel', 'root:root', 0o700)

    assert ('/etc/calico-fuel: belongs to root:root 0700 instead of root:root 0755'
            in [outcome.difference for outcome in env.run('1')])

    assert node.owner_and_mode('/etc/calico-fuel') == ('root:root', 0o755)
    assert env.is_steady()


def test_without_a_secret_there_is_no_certificate():
    of = environment()

    assert len(certificates.resources(of, of.this_node)) == 5
    assert certificates.resources(of._replace(secret=None), of.this_node) == []


@pytest.mark.parametrize('days, marks', [
    (100, []), (61, []), (59, [False]), (13, [True, False])])
def test_verify_notes_a_certificate_that_ends_and_fails_at_last(days, marks):
    node = with_certificate()
    node.programs['birdc'] = lambda argv, text: good()
    node.clock += (certificates.DAYS - days) * DAY
    of = environment()._replace(secret=SECRET)
    wanted = certificates.resources(of, of.this_node)[2:]

    class Task(object):
        @staticmethod
        def resources(*_):
            return wanted
    found = compared.checks_of(of, of.this_node, node, [('etcd', Task)])

    assert [one.is_problem for one in found if one.fix] == marks
    assert {one.fix for one in found if one.fix} <= {'Run calico-fuel etcd'}


def test_a_certificate_that_does_not_fit_is_one_problem_in_verify():
    of, node = environment()._replace(secret=SECRET), empty()
    wanted = certificates.resources(of, of.this_node)[2:]
    wanted[0].change(node)
    other_key(node)

    assert [bool(one.difference(node)) for one in wanted] == [True, False, False]
    assert [one.change(node) or one.difference(node) for one in wanted] == [''] * 3


def test_members_with_a_new_certificate_restart_one_after_the_other():
    env = Environment('123')
    env.run_all()
    env.world.clock += (certificates.DAYS - 89) * DAY

    env.run_all()

    assert [env.nodes[uid].services.starts for uid in '123'] == [['etcd'] * 2] * 3
    assert env.is_steady()


def test_nothing_of_it_is_kept():
    node = with_certificate()
    node.files['/etc/calico-fuel.paused'] = node.files[CA]

    assert list(converge([NoCertificate()], node))[0].state == CHANGED
    assert list(node.files) == ['/etc/calico-fuel.paused']
    assert list(converge([NoCertificate()], node))[0].state == UNCHANGED


@pytest.mark.runs_programs
def test_the_real_openssl_makes_what_the_nodes_of_the_secret_accept(certificate):
    first, second, other = [certificate(name, secret=secret) for name, secret in (
        ('node-1', 'secret'), ('node-2', 'secret'), ('node-3', 'other'))]

    def accepts(one, another):
        return real.run(['openssl', 'verify', '-CAfile', one[1].ca,
                         another[1].certificate], accept=None).status == 0
    assert other[0].difference(real) == ''
    assert accepts(first, second) and accepts(second, first)
    assert not accepts(first, other) and not accepts(other, first)
    for fault in (dict(name='node-1'), dict(address='127.0.0.2'), dict(days=3651),
                  dict(secret=SECRET)):
        assert other[0]._replace(**fault).difference(real)
    assert [Lasting(*other[0]._replace(days=days)).difference(real) != ''
            for days in (3649, 3651)] == [False, True]
    begin = '-----BEGIN EC'
    own, others = [real.read(one.key).partition(begin) for one in (other[1], first[1])]
    real.write(other[1].key, own[0] + begin + others[2])
    assert 'does not match' in other[0].difference(real)

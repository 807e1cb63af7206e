"""What can be wrong with the members of etcd is told, with its fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd import health
from calico_fuel.etcd.steps import Listed
from calico_fuel.etcd.steps import Peer
from calico_fuel.etcd.steps import Wanted
from tests.unit.fake.system import FakeSystem

URLS = ['http://192.0.2.11:2380', 'http://192.0.2.12:2380', 'http://192.0.2.19:2380']
ADDRESSES = ['192.0.2.11', '192.0.2.12', '192.0.2.19']
WANTED = Wanted([Peer('node-1', ADDRESSES[0], (), ()),
                 Peer('node-2', ADDRESSES[1], (), ())],
                frozenset(['node-8', '192.0.2.17']), frozenset(), False)
MEMBERS = [Listed('a1', 'node-1', (URLS[0],), ()),
           Listed('b2', 'node-2', (URLS[1],), ())]
STRANGER = Listed('c3', 'node-9', (URLS[2],), ())
HEALTHY = dict.fromkeys(ADDRESSES[:2], True)


def etcd(members=MEMBERS, answers=HEALTHY):
    return health.checks_of(WANTED, members, answers)


def test_members_that_answer_and_are_wanted_are_healthy():
    assert [(one.subject, one.state, one.is_problem) for one in etcd()] == [
        ('etcd member node-1', 'healthy', False),
        ('etcd member node-2', 'healthy', False)]


@pytest.mark.parametrize('members, answers, words', [
    (None, {}, 'etcd cluster: no member answers'),
    (MEMBERS, dict(HEALTHY, **{ADDRESSES[1]: None}),
     'etcd member node-2: does not answer'),
    (MEMBERS, dict(HEALTHY, **{ADDRESSES[1]: False}),
     'etcd member node-2: is not healthy'),
    (MEMBERS[:1], HEALTHY, 'etcd member node-2: is no member'),
    (MEMBERS[:1] + [MEMBERS[1]._replace(name='')], HEALTHY,
     'etcd member node-2: was added and never started'),
    (MEMBERS + [STRANGER], HEALTHY, 'etcd member node-9: is a member, expected: none'),
    (MEMBERS + [STRANGER._replace(name='')], HEALTHY,
     'etcd member c3: is a member, expected: none'),
])
def test_members_that_are_missing_ill_or_extra_are_named(members, answers, words):
    problem, = [one.sentence for one in etcd(members, answers) if one.is_problem]

    assert problem.partition(': ')[2].startswith(words)
    assert 'calico-fuel etcd' in problem


def test_without_a_healthy_member_there_is_no_quorum():
    found = etcd(MEMBERS, dict.fromkeys(ADDRESSES[:2], False))
    first, others = found[0], found[1:]

    assert (first.code.name, first.is_problem) == ('ETCD_QUORUM', True)
    assert 'etcd-recover' in first.fix
    assert [one.state for one in others] == ['is not healthy'] * 2


@pytest.mark.parametrize('extra, is_problem', [
    (STRANGER, False), (STRANGER._replace(name='node-8'), True),
    (STRANGER._replace(peer_urls=(URLS[2], 'http://192.0.2.17:2380')), True)])
def test_a_healthy_member_in_no_list_is_noted_until_it_is_forgotten_or_listed(
        extra, is_problem):
    """With the fix; one that is listed for another role is to be removed."""
    check = etcd(MEMBERS + [extra], dict(HEALTHY, **{ADDRESSES[2]: True}))[-1]

    assert check.is_problem == is_problem
    if not is_problem:
        assert check.state == 'is healthy, and in no list of nodes'
        assert 'run calico-fuel forget-node node-9 on each other node' in check.fix


@pytest.mark.parametrize('path', ['/var/lib/etcd/proxy/cluster', '/var/lib/other'])
def test_a_full_disk_without_data_of_a_member_is_no_fault(path):
    node = FakeSystem({path: ''})
    node.space = 0

    assert health.space(node) == []


def test_a_member_whose_disk_has_the_least_space_is_good():
    node = FakeSystem({'/var/lib/etcd/member/wal/0.wal': ''})
    node.space = 10 ** 8

    assert health.space(node) == []

"""etcd members serve the environment, proxies their own node."""

from __future__ import unicode_literals

import pytest

from calico_fuel import etcd
from tests.unit.builders import environment
from tests.unit.builders import roles


def options(env, name):
    return dict(etcd.options(env, env.node(name)))


def test_every_member_and_proxy_names_the_same_members():
    env = environment(roles(3, 1))

    clusters = set(options(env, uid)['ETCD_INITIAL_CLUSTER'] for uid in '1234')
    assert clusters == {
        'node-1=http://192.0.2.11:2380,node-2=http://192.0.2.12:2380,'
        'node-3=http://192.0.2.13:2380'}


def test_a_member_advertises_only_its_own_management_address():
    member = options(environment(roles(3, 1)), '2')

    assert member['ETCD_NAME'] == 'node-2'
    assert member['ETCD_ADVERTISE_CLIENT_URLS'] == 'http://192.0.2.12:2379'
    assert member['ETCD_INITIAL_ADVERTISE_PEER_URLS'] == 'http://192.0.2.12:2380'
    assert '0.0.0.0' not in ''.join(member.values())


def test_a_proxy_listens_on_loopback_only():
    proxy = options(environment(), '2')

    assert proxy['ETCD_PROXY'] == 'on'
    assert proxy['ETCD_LISTEN_CLIENT_URLS'] == (
        'http://127.0.0.1:2379,http://127.0.0.1:4001')
    # etcd 2.0.11 does not start with the one and without the other.
    assert proxy['ETCD_ADVERTISE_CLIENT_URLS'] == proxy['ETCD_LISTEN_CLIENT_URLS']


@pytest.mark.parametrize('uid', '13')
def test_every_node_finds_etcd_at_the_same_local_place(uid):
    assert 'http://' + etcd.LOCAL_ENDPOINT in options(
        environment(), uid)['ETCD_LISTEN_CLIENT_URLS'].split(',')

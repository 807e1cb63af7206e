"""etcd members serve the environment, proxies their own node."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import RenderError
from calico_fuel.etcd import settings
from tests.unit.builders import environment
from tests.unit.builders import roles
from tests.unit.fake.system import FakeSystem, good


def options(env, name, version=None):
    return dict(settings.options(env, env.node(name), version))


def test_a_proxy_names_every_wanted_member():
    assert options(environment(roles(3, 1)), '4')['ETCD_INITIAL_CLUSTER'] == (
        'node-1=http://192.0.2.11:2380,node-2=http://192.0.2.12:2380,'
        'node-3=http://192.0.2.13:2380')


def test_a_member_without_its_log_can_neither_begin_nor_join_an_etcd_cluster():
    """Nobody it could ask, and not "new": etcd refuses to start (a live test)."""
    member = options(environment(roles(3, 1)), '2')

    assert member['ETCD_INITIAL_CLUSTER'] == 'node-2=http://192.0.2.12:2380'
    assert member['ETCD_INITIAL_CLUSTER_STATE'] == 'existing'


def test_settings_of_a_member_do_not_change_when_another_comes():
    assert options(environment(roles(1, 1)), '1') == options(
        environment(roles(1, 1, [['controller']])), '1')


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
    assert 'http://' + settings.LOCAL_ENDPOINT in options(
        environment(), uid)['ETCD_LISTEN_CLIENT_URLS'].split(',')


@pytest.mark.parametrize('version, has_switch', [
    (None, False), ((2, 0), False), ((2, 3), False), ((3, 1), False),
    ((3, 2), True), ((3, 4), True), ((3, 5), True)])
def test_the_api_of_version_2_is_switched_on_where_there_is_a_switch(
        version, has_switch):
    assert ('ETCD_ENABLE_V2' in options(environment(), '1', version)) == has_switch


def test_an_etcd_without_the_api_of_version_2_is_refused():
    with pytest.raises(RenderError) as error:
        options(environment(), '1', (3, 6))
    assert error.value.args[0] == (
        'etcd 3.6 is installed, which no longer has the API of version 2. Calico '
        'needs it: install etcd 2, or 3 before 3.6')


@pytest.mark.parametrize('stdout, version', [
    ('etcd Version: 3.4.23\nGit SHA: Not provided\n', (3, 4)),
    ('etcd Version: 2.3.7\n', (2, 3)), ('etcd version 2.0.11\n', (2, 0))])
def test_the_version_is_what_etcd_says(stdout, version):
    system = FakeSystem()
    system.programs['etcd'] = lambda argv, text: good(stdout)

    assert settings.version(system) == version


def test_what_joins_differs_in_two_initial_lines_only():
    text = '# etcd\nETCD_NAME="a"\nETCD_INITIAL_CLUSTER="a=http://a:2380"\n' \
        'ETCD_INITIAL_CLUSTER_STATE="existing"\nETCD_INITIAL_CLUSTER_TOKEN="t"\n'
    cluster = [('a', 'http://a:2380'), ('b', 'http://b:2380')]

    assert settings.joining(text, cluster, 'new') == (
        '# etcd\nETCD_NAME="a"\n'
        'ETCD_INITIAL_CLUSTER="a=http://a:2380,b=http://b:2380"\n'
        'ETCD_INITIAL_CLUSTER_STATE="new"\nETCD_INITIAL_CLUSTER_TOKEN="t"\n')
    assert settings.lasting(settings.joining(text, cluster, 'new')) == 'ETCD_NAME="a"'


def test_former_members_are_asked_too():
    """The role calico-etcd came later: the controllers were the members."""
    env = environment([['primary-controller'], ['compute'], ['calico-etcd']], '9.2')

    assert [p.name for p in settings.wanted_members(env)] == ['node-3']
    assert [p.name for p in settings.possible_members(env)] == ['node-1', 'node-3']

"""etcd members serve the environment, proxies their own node."""

from __future__ import unicode_literals

import pytest

from calico_fuel import render
from calico_fuel.errors import MetadataError, RenderError
from calico_fuel.etcd import settings
from calico_fuel.etcd.moving import BOTH, HTTP, TLS
from tests.unit.builders import environment
from tests.unit.builders import roles
from tests.unit.fake.system import FakeSystem, good


def options(env, name, version=None, schemes=None):
    return dict(settings.options(env, env.node(name), version, schemes))


def test_a_proxy_names_every_wanted_member():
    assert options(environment(roles(3, 1)), '4')['ETCD_INITIAL_CLUSTER'] == (
        'node-1=https://192.0.2.11:2390,node-2=https://192.0.2.12:2390,'
        'node-3=https://192.0.2.13:2390')


def test_a_member_without_its_log_can_neither_begin_nor_join_an_etcd_cluster():
    """Nobody it could ask, and not "new": etcd refuses to start (a live test)."""
    member = options(environment(roles(3, 1)), '2')

    assert member['ETCD_INITIAL_CLUSTER'] == 'node-2=https://192.0.2.12:2390'
    assert member['ETCD_INITIAL_CLUSTER_STATE'] == 'existing'


def test_settings_of_a_member_do_not_change_when_another_comes():
    assert options(environment(roles(1, 1)), '1') == options(
        environment(roles(1, 1, [['controller']])), '1')


def test_a_member_advertises_only_its_own_management_address():
    member = options(environment(roles(3, 1)), '2')

    assert member['ETCD_NAME'] == 'node-2'
    assert member['ETCD_ADVERTISE_CLIENT_URLS'] == 'https://192.0.2.12:2389'
    assert member['ETCD_INITIAL_ADVERTISE_PEER_URLS'] == 'https://192.0.2.12:2390'
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
    (None, False), ((2, 1), False), ((2, 3), False), ((3, 1), False),
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


FILES = {'CERT_FILE': '/etc/calico-fuel/etcd/node.pem',
         'KEY_FILE': '/etc/calico-fuel/etcd/node.pem',
         'TRUSTED_CA_FILE': '/etc/calico-fuel/etcd/ca.pem'}


@pytest.mark.parametrize('schemes, clients, peer_urls', [
    (HTTP, 'http://192.0.2.12:2379', 'http://192.0.2.12:2380'),
    (BOTH, 'http://192.0.2.12:2379,https://192.0.2.12:2389',
     'http://192.0.2.12:2380,https://192.0.2.12:2390'),
    (TLS, 'https://192.0.2.12:2389', 'https://192.0.2.12:2390')])
def test_a_member_listens_with_its_schemes_and_on_loopback_with_http(
        schemes, clients, peer_urls):
    text = render.etcd_environment(
        environment(roles(3)), environment(roles(3)).node('2'), schemes=schemes)
    member = options(environment(roles(3)), '2', schemes=schemes)

    assert member['ETCD_LISTEN_CLIENT_URLS'] == (
        'http://127.0.0.1:2379,http://127.0.0.1:4001,' + clients)
    assert member['ETCD_LISTEN_PEER_URLS'] == peer_urls
    assert settings.listens(text) == schemes
    for prefix in 'ETCD_', 'ETCD_PEER_':
        assert all((member.get(prefix + option) == path) == ('https' in schemes)
                   for option, path in FILES.items())
        assert member.get(prefix + 'CLIENT_CERT_AUTH') == (
            'true' if 'https' in schemes else None)


def test_a_proxy_asks_members_with_its_certificate():
    """By the options for peers: a proxy has no others for what it asks."""
    proxy = options(environment(), '2')

    assert all(proxy['ETCD_PEER_' + option] == path for option, path in FILES.items())
    assert 'ETCD_CERT_FILE' not in proxy


@pytest.mark.parametrize('uid', '12')
def test_without_a_secret_all_is_http(uid):
    found = options(environment()._replace(secret=None), uid)

    assert not [name for name in found if 'CERT' in name or 'CA_FILE' in name]
    assert not [value for value in found.values() if 'https' in value]
    assert 'http://192.0.2.11:2380' in found['ETCD_INITIAL_CLUSTER']


def test_an_etcd_that_cannot_speak_both_is_refused_where_tls_is_wanted():
    with pytest.raises(RenderError) as error:
        options(environment(), '2', (2, 0))

    assert error.value.args[0] == (
        'etcd 2.0 is installed, which cannot speak TLS and HTTP at once. Put 2.1 or '
        "newer into the plugin's repository (make packages)")
    assert options(environment()._replace(secret=None), '2', (2, 0))


@pytest.mark.parametrize('uid', '12')
def test_metadata_that_lost_the_secret_is_refused_where_etcd_speaks_tls(uid):
    env = environment()
    text = render.etcd_environment(env, env.node(uid))

    with pytest.raises(MetadataError) as error:
        settings.demand_secret(env._replace(secret=None), text)

    assert error.value.args[0].startswith(
        '{}: cinder.fixed_key or heat.auth_encryption_key: is missing, and etcd of '
        'this node speaks TLS'.format(env.source))
    settings.demand_secret(env, text)
    settings.demand_secret(env._replace(secret=None), None)


@pytest.mark.parametrize('text', [None, '', 'ETCD_NAME="a"\n', (
    'ETCD_LISTEN_PEER_URLS="http://0.0.0.0:2380"\n')])
def test_other_settings_are_those_of_a_member_that_speaks_http(text):
    assert settings.listens(text) == HTTP

"""Members that speak HTTP come to speak TLS alone, by the task "etcd" of each node."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.errors import MetadataError
from calico_fuel.etcd import client, proxy, readiness, settings
from calico_fuel.etcd.moving import BOTH, HTTP, TLS
from calico_fuel.system import Reply
from calico_fuel.tasks import etcd as task
from calico_fuel.tasks import compared
from tests.unit.fake.etcd import ENVIRONMENT, MEMBER_LOG
from tests.unit.fake.etcd_environment import Environment, failure, states
from tests.unit.fake.etcd_moving import (
    http_environment, is_moved, listed, listening, why)
from tests.unit.fake.etcd_proxy import PROXY_CACHE
from tests.unit.fake.system import good

KEY = '/calico-fuel/tls/node-8'


def test_a_new_etcd_cluster_speaks_tls_from_the_first_moment():
    env = Environment('1238')

    env.run_all()

    assert set(listed(env)) == {TLS} and env.nodes['8'].is_proxy
    assert [env.nodes[uid].services.starts for uid in '1238'] == [['etcd']] * 4
    assert not [key for key in env.world.clusters[0].keys if 'tls' in key]
    assert env.is_steady()


def test_members_speak_both_until_the_proxies_have_a_certificate():
    env = http_environment()
    for uid in '123':
        assert FAILED not in states(env.run(uid))

    assert listed(env) == [BOTH] * 3 and KEY not in env.world.clusters[0].keys
    for uid in '123':
        assert set(states(env.run(uid))) == {UNCHANGED}
    assert why(env) == 'accepts HTTP: no TLS yet between the members and node-8'

    env.run('8')
    assert env.world.clusters[0].keys[KEY] == ('yes', None)
    for uid in '123':
        env.run(uid)

    assert is_moved(env)
    assert [len(env.nodes[uid].services.starts) for uid in '1238'] == [3, 3, 3, 2]
    assert env.is_steady()
    assert env.resources('1', lambda of, node, system: readiness.notes(
        of, node, system)) == []


def test_verify_notes_what_the_next_run_of_a_member_that_still_accepts_http_ends():
    env = http_environment()
    for uid in '1238':
        env.run(uid)
    env.nodes['1'].programs['birdc'] = lambda argv, text: good()

    found = [check for check in env.resources('1', lambda of, node, system: (
        compared.checks_of(of, node, system, [('etcd', task)]))) if check.fix]

    assert [(check.subject, check.is_problem) for check in found] == [
        ('lasting settings in ' + ENVIRONMENT, False), (ENVIRONMENT, False),
        ('service etcd', False)]
    assert why(env) == 'accepts HTTP: no node needs it any more'


def a_proxy_with_an_old_list():
    """It has a certificate, and read the list before node-2 had a TLS URL."""
    env = http_environment('128')
    for uid in '182':
        env.run(uid)
    assert listed(env) == [BOTH] * 2
    return env


def test_http_does_not_end_before_each_proxy_has_read_the_tls_urls():
    """The proxy would answer 503 for good."""
    env = a_proxy_with_an_old_list()

    env.run('1')
    env.run('2')

    assert listed(env) == [BOTH] * 2
    assert why(env) == 'accepts HTTP: no TLS yet between the members and node-8'
    begin = env.world.clock
    assert states(env.run('8')).count(CHANGED) == 1
    assert 0 < env.world.clock - begin < proxy.SECONDS_TO_LEARN
    env.run('1')
    env.run('2')
    assert is_moved(env)
    assert client.members(env.nodes['8'])
    assert env.is_steady()


def test_a_proxy_that_never_reads_the_list_again_is_named():
    env = a_proxy_with_an_old_list()
    env.nodes['8'].proxy.read = lambda: None

    message = failure(env.run('8'))

    assert message == (
        PROXY_CACHE + ': after 40 s it does not have https://192.0.2.12:2390. Look '
        'into the log of etcd on this node, and run this again')
    assert KEY not in env.world.clusters[0].keys


def test_a_proxy_that_cannot_ask_the_members_is_not_ready(monkeypatch):
    """An etcd that is slow answers a write, which has more time than a read."""
    env = a_proxy_with_an_old_list()
    ask = client.members
    asked = []

    def members(system, url=client.LOCAL):
        asked.append(url)
        return ask(system, url) if len(asked) == 1 or url != client.LOCAL else None
    wanted = [one for one in env.resources('8') if isinstance(one, readiness.Ready)]
    monkeypatch.setattr(client, 'members', members)

    outcome, = converge(wanted, env.nodes['8'])

    assert 'it does not have a member that answers' in outcome.difference
    assert KEY not in env.world.clusters[0].keys


@pytest.mark.parametrize('uids', ['18', '128', '1', '12345'])
def test_however_many_members_there_are_they_move(uids):
    env = http_environment(uids)

    env.run_all()
    env.run_all()

    assert is_moved(env)
    assert env.is_steady()


def test_one_member_that_speaks_http_only_keeps_the_others_from_tls_alone():
    env = http_environment('123')

    for _ in range(2):
        env.run('1')
        env.run('2')

    assert listed(env) == [HTTP, BOTH, BOTH]
    assert 'node-3 not reached by TLS' in why(env)
    env.run_all()
    env.run_all()
    assert is_moved(env)


def test_a_member_that_is_not_healthy_keeps_the_others_from_tls_alone():
    env = http_environment('123')
    env.run_all()
    env.nodes['3'].switch_off()

    assert set(states(env.run('1'))) == {UNCHANGED}

    assert 'node-3 not healthy' in why(env) and listed(env) == [BOTH] * 3


def test_a_mistake_that_all_nodes_share_stops_the_first_member():
    """A certificate that no other node accepts, say, or a port that is closed."""
    env = http_environment('123')
    env.run_all()
    node = env.nodes['1']
    node.servers[:] = [lambda method, url, body: None if ':2390/' in url else (
        node.ask(method, url, body))]

    assert set(states(env.run('1'))) == {UNCHANGED}

    assert listening(env)['1'] == BOTH
    assert 'node-1, node-2, node-3 not reached by TLS' in why(env)


def test_a_new_member_waits_for_those_that_speak_http_only():
    env = http_environment('12')
    env.add('3')

    message = failure(env.run('3'))

    assert 'node-1, node-2 speaks HTTP only, and this node TLS' in message
    for uid in '123':
        env.run(uid)
    assert listed(env) == [BOTH, BOTH, TLS]
    env.run_all()
    assert is_moved(env)


def test_a_deleted_proxy_is_not_waited_for():
    env = http_environment()
    for uid in '123':
        env.run(uid)
    env.uids.remove('8')

    env.run_all()

    assert all(listening(env)[uid] == TLS for uid in '123')


def test_a_proxy_in_error_that_fuel_omits_is_waited_for():
    env = http_environment()
    env.uids.remove('8')
    env.in_error = env.metadata.nodes[7:8]

    env.run_all()
    env.run_all()

    assert listed(env) == [BOTH] * 3 and 'node-8' in why(env)


def test_a_member_that_speaks_tls_alone_gives_up_no_data_for_a_stranger_with_http():
    """He answers with the address of each member that is down."""
    env = Environment('123')
    env.run_all()
    node = env.nodes['1']
    for uid in '23':
        env.nodes[uid].switch_off()

    def stranger(method, url, body):
        if url.startswith('http://192.0.2.12:'):
            return Reply(200, '{"health": "true", "members": [{"id": "a", "name": '
                         '"node-2", "peerURLs": ["http://192.0.2.12:2380"]}]}')
        return None
    node.servers.insert(0, stranger)

    message = failure(env.run('1'))

    assert 'has no quorum' in message and MEMBER_LOG in node.files


def test_settings_stay_where_the_secret_is_gone_from_the_metadata():
    env = Environment('18')
    env.run_all()
    env.metadata = env.metadata._replace(secret=None)

    for uid in '18':
        with pytest.raises(MetadataError):
            env.run(uid)

    assert settings.listens(env.nodes['1'].text(ENVIRONMENT)) == TLS

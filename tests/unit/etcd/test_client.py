"""What etcd says is understood, and what it does not say is no error."""

from __future__ import unicode_literals

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.etcd import client
from calico_fuel.etcd.steps import Listed
from calico_fuel.etcd.steps import Peer
from calico_fuel.system import Reply
from tests.unit.fake.system import FakeSystem

# As etcd 3.4 wrote it.
MEMBERS = (
    '{"members":[{"id":"fb47c00196681486","name":"","peerURLs":'
    '["http://192.0.2.12:2380"],"clientURLs":[]},{"id":"9e737febb6b99eee","name":"n1",'
    '"peerURLs":["http://192.0.2.11:2380"],"clientURLs":["http://192.0.2.11:2379"]}]}')
PEER = Peer('n1', 'http://192.0.2.11:2380', 'http://192.0.2.11:2379')


def answering(**replies):
    """A node that gets a Reply for the last part of a path."""
    system = FakeSystem()
    system.asked = []

    def serve(method, url, body):
        system.asked.append((method, url, body))
        return replies.get(url.split('?')[0].rpartition('/')[2].replace('-', '_'))
    system.servers.append(serve)
    return system


def test_members_are_listed_with_those_that_have_not_started():
    assert client.parse_members(MEMBERS) == (
        Listed('9e737febb6b99eee', 'n1', ('http://192.0.2.11:2380',),
               ('http://192.0.2.11:2379',)),
        Listed('fb47c00196681486', '', ('http://192.0.2.12:2380',), ()))


@pytest.mark.parametrize('text, is_healthy', [
    ('{"health": "true"}', True), ('{"health":true}', True),
    ('{"health": "false"}', False), ('', False), ('[]', False), ('404', False)])
def test_health_is_what_etcd_calls_it(text, is_healthy):
    assert client.parse_health(text) is is_healthy


@given(st.text() | st.sampled_from([
    '{}', '{"members": null}', '{"members": [1]}', '{"members": [{}]}',
    '{"members": [{"id": "a", "peerURLs": 5}]}', '{"members": {}}']))
def test_any_other_text_lists_nobody(text):
    assert client.parse_members(text) is None


def test_who_answers_is_seen_and_who_does_not_is_not():
    assert client.look(answering(), [PEER]) == ()

    told, = client.look(answering(
        health=Reply(503, '{"health":"false"}'), members=Reply(200, MEMBERS)), [PEER])
    assert (told.is_member, told.is_healthy, len(told.members)) == (True, False, 2)


def test_an_etcd_without_the_api_of_version_2_tells_nothing():
    system = answering(health=Reply(200, '{"health":"true"}'), members=Reply(404, ''))

    assert client.look(system, [PEER]) == ()


def test_members_that_metadata_does_not_know_are_asked_too():
    extra = MEMBERS.replace('"clientURLs":[]',
                            '"clientURLs":["http://192.0.2.12:2379"]')
    system = answering(
        health=Reply(200, '{"health":"true"}'), members=Reply(200, extra))

    told = client.look(system, [PEER])

    assert [one.client_url for one in told] == [
        'http://192.0.2.11:2379', 'http://192.0.2.12:2379']


def test_nobody_is_asked_whom_only_a_stray_etcd_knows():
    """With its package's defaults etcd lists localhost, which is each node's own."""
    stray = MEMBERS.replace('192.0.2.11', '127.0.0.1')
    system = answering(
        health=Reply(200, '{"health":"true"}'), members=Reply(200, stray))

    told, = client.look(system, [PEER])

    assert not told.is_member
    assert not [url for _, url, _ in system.asked if '127.0.0.1' in url]


def refused(node):
    """What the lock says, and what etcd was asked, where it answers so."""
    system = answering(member_change=Reply(412, '{"node": %s}' % node))
    return client.lock(system, 'http://a:2379', 'node-1'), system.asked


def test_why_the_lock_cannot_be_had_names_its_holder():
    why, asked = refused(
        '{"value": "node-9", "ttl": 97, "expiration": "x", "modifiedIndex": 7}')

    assert why == ('node-9 is changing the members (the key /v2/keys/calico-fuel/'
                   'member-change says so, for 97 s more)')
    assert not [url for _, url, _ in asked if 'prevIndex' in url]
    assert client.lock(answering(), 'http://a:2379', 'node-1') == (
        'http://a:2379 does not give the lock, the key '
        '/v2/keys/calico-fuel/member-change: no answer')


def test_a_lock_without_an_end_is_replaced_only_as_it_was_seen():
    """Somebody may have taken it over at the same time."""
    why, asked = refused('{"value": "nobody", "modifiedIndex": 7}')

    assert 'nobody is changing the members' in why
    method, url, body = asked[-1]
    assert method == 'PUT' and body == 'value=node-1'
    assert url.endswith('?ttl=120&prevIndex=7')


def test_a_directory_in_the_place_of_the_lock_is_to_be_removed():
    why, _ = refused('{"dir": true}')

    assert 'etcdctl rm --recursive /calico-fuel/member-change' in why


def test_a_change_that_nobody_answers_may_be_tried_again():
    assert client.remove_member(answering(), 'http://a:2379', 'b1') == (
        'DELETE http://a:2379/v2/members/b1: no answer')

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
PEER = Peer(
    'n1', '192.0.2.11', ('http://192.0.2.11:2380',), ('http://192.0.2.11:2379',))


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
    '{"members": [{"id": "a", "peerURLs": 5}]}', '{"members": {}}',
    '{"members": [{"id": "a", "peerURLs": [5]}]}',
    '{"members": [{"id": "a", "peerURLs": []}]}']))
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


def test_a_change_that_nobody_answers_may_be_tried_again():
    assert client.remove_member(answering(), 'http://a:2379', 'b1') == (
        'DELETE http://a:2379/v2/members/b1: no answer')

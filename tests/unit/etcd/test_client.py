"""What etcd says is understood, and what it does not say is no error."""

from __future__ import unicode_literals

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.etcd import client
from calico_fuel.etcd.steps import Listed
from calico_fuel.system import Reply
from tests.unit.fake.system import FakeSystem

# As etcd 3.4 wrote it.
MEMBERS = (
    '{"members":[{"id":"fb47c00196681486","name":"","peerURLs":'
    '["http://192.0.2.12:2380"],"clientURLs":[]},{"id":"9e737febb6b99eee","name":"n1",'
    '"peerURLs":["http://192.0.2.11:2380"],"clientURLs":["http://192.0.2.11:2379"]}]}')


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
    '{"members": [{"id": "a", "peerURLs": []}]}',
    '{"members": [{"id": ["a"], "peerURLs": ["http://a"]}]}',
    '{"members": [{"id": "a", "peerURLs": [{}]}]}']))
def test_any_other_text_lists_nobody(text):
    assert client.parse_members(text) is None


def test_a_change_that_nobody_answers_may_be_tried_again():
    assert client.remove_member(answering(), 'http://a:2379', 'b1') == (
        'DELETE http://a:2379/v2/members/b1: no answer')


def test_urls_of_a_member_are_changed_by_its_id():
    system = answering(b1=Reply(204, ''))

    assert client.update_member(system, 'http://a:2379', 'b1', ('https://b:1',)) == ''

    assert system.asked == [
        ('PUT', 'http://a:2379/v2/members/b1', '{"peerURLs": ["https://b:1"]}')]


def test_of_several_urls_the_first_that_answers_counts():
    system = FakeSystem()
    system.servers.append(lambda method, url, body: Reply(
        503, '{"health":"false"}') if '//b' in url or '//c' in url else None)

    assert client.first_health(system, ('http://a', 'http://b', 'http://c')) == (
        'http://b', False)
    assert client.first_health(system, ()) == (None, None)


def test_what_is_no_text_in_an_entry_is_left_out():
    listed, = client.parse_members(
        '{"members": [{"id": "a", "name": ["x"], "peerURLs": ["http://a:2380", 5],'
        ' "clientURLs": [{}, "http://a:2379"]}]}')

    assert listed == Listed('a', '', ('http://a:2380',), ('http://a:2379',))


def test_a_reply_makes_no_line_of_its_own():
    why = client.remove_member(answering(b1=Reply(500, 'x\nverify: good')),
                               'http://a:2379', 'b1')

    assert why.endswith('etcd answered 500 x\\x0averify: good')

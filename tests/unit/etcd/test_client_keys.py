"""Keys of any text are read, written and removed."""

from __future__ import unicode_literals

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.errors import NodeError
from calico_fuel.etcd import client
from calico_fuel.system import Reply
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.system import FakeSystem

# As etcd 3.4 wrote it.
LISTED = (
    '{"action":"get","node":{"dir":true,"nodes":[{"key":"/calico","dir":true,"nodes":['
    '{"key":"/calico/v1","dir":true,"nodes":[{"key":"/calico/v1/Ready","value":"true",'
    '"modifiedIndex":9,"createdIndex":9}],"modifiedIndex":9,"createdIndex":9},'
    '{"key":"/calico/empty","dir":true,"modifiedIndex":8,"createdIndex":8}],'
    '"modifiedIndex":4,"createdIndex":4},{"key":"/lock","value":"node-1","expiration":'
    '"2026-11-25T11:03:17.1Z","ttl":120,"modifiedIndex":7,"createdIndex":7}]}}')
TEXTS = st.text(st.characters(blacklist_categories=('Cs',)), max_size=20)


def replying(reply):
    system = FakeSystem()
    system.servers.append(lambda method, url, body: reply)
    return system


def test_all_that_is_below_a_directory_is_listed():
    assert sorted(client.entries(replying(Reply(200, LISTED)), '/')) == [
        ('/calico', None, False), ('/calico/empty', None, False),
        ('/calico/v1', None, False), ('/calico/v1/Ready', 'true', False),
        ('/lock', 'node-1', True)]


def test_what_is_no_key_is_left_out():
    odd = ('{"node": {"nodes": [5, [], null, {"key": 5}, {"key": ["/a"]}, {"key": "/b",'
           ' "value": 5}, {"nodes": {}}, {"nodes": 5}, {"key": "/c", "value": "x"}]}}')

    assert client.entries(replying(Reply(200, odd)), '/') == (('/c', 'x', False),)


@pytest.mark.parametrize('reply', [
    None, Reply(503, ''), Reply(404, '404 page not found'), Reply(200, '<html>'),
    Reply(200, '[]'), Reply(200, '{}'), Reply(500, '{"errorCode": 300}'),
    Reply(200, '[' * 100000)])
def test_a_directory_that_nobody_tells_of_is_not_an_empty_one(reply):
    assert client.entries(replying(reply), '/') is None
    assert client.entries(EtcdStore(), '/calico') == ()


@given(TEXTS.map(lambda text: '/any' + text.replace('/', '.')), TEXTS)
def test_what_is_written_is_read_again(key, value):
    """On the wire is ASCII, of which form and URL take nothing for their own."""
    system = EtcdStore()

    assert client.write(system, key, value)

    assert client.entries(system, key) == ((key, value, False),)


def test_a_key_that_is_there_stays():
    system = EtcdStore()
    system.put(key='old')

    assert not client.write(system, '/key', 'new')
    assert system.values() == {'/key': 'old'}


def test_a_directory_is_removed_with_all_below_it_and_nothing_else():
    system = EtcdStore()
    system.put(a__b='1', a__c__d='2', ab='3')

    client.remove(system, '/a')
    client.remove(system, '/a')

    assert system.values() == {'/ab': '3'}


@pytest.mark.parametrize('change', [
    lambda system: client.write(system, '/key', 'secret'),
    lambda system: client.remove(system, '/key')])
def test_a_change_without_quorum_is_an_error_that_names_the_key_and_no_value(change):
    system = EtcdStore()
    system.has_quorum = False

    with pytest.raises(NodeError) as error:
        change(system)

    assert 'etcd key /key: was not ' in error.value.args[0]
    assert 'etcd answered 500' in error.value.args[0]
    assert 'secret' not in error.value.args[0]

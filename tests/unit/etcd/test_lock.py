"""One node at a time changes the members, and who that is can be read."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd import lock
from calico_fuel.system import Reply
from tests.unit.etcd.test_client import answering
from tests.unit.fake.etcd_keys import serve
from tests.unit.fake.system import FakeSystem

KEY = '/calico-fuel/member-change'


def refused(node):
    """What the lock says, and what etcd was asked, where it answers so."""
    system = answering(member_change=Reply(412, '{"node": %s}' % node))
    return lock.lock(system, 'http://a:2379', 'node-1'), system.asked


def test_why_the_lock_cannot_be_had_names_its_holder():
    why, asked = refused(
        '{"value": "node-9", "ttl": 97, "expiration": "x", "modifiedIndex": 7}')

    assert why == ('node-9 is changing the members (the key /v2/keys/calico-fuel/'
                   'member-change says so, for 97 s more)')
    assert not [url for _, url, _ in asked if 'prevIndex' in url]
    assert lock.lock(answering(), 'http://a:2379', 'node-1') == (
        'http://a:2379 does not give the lock, the key '
        '/v2/keys/calico-fuel/member-change: no answer')


@pytest.mark.parametrize('end', [
    '', '"ttl": 5, ', '"expiration": "x", ', '"ttl": 3721, "expiration": "x", '])
def test_a_lock_that_does_not_end_soon_is_replaced_only_as_it_was_seen(end):
    """Somebody may have taken it over at the same time."""
    why, asked = refused('{%s"value": "nobody", "modifiedIndex": 7}' % end)

    assert 'nobody is changing the members' in why
    method, url, body = asked[-1]
    assert method == 'PUT' and body == 'value=node-1'
    assert url.endswith('?ttl=120&prevIndex=7')


@pytest.mark.parametrize('seconds', [-3000, 0, 3720])
def test_a_lock_stays_where_the_clocks_of_members_differ_by_less_than_an_hour(seconds):
    """etcd counts what is left by the clock of the member that answers."""
    _, asked = refused(
        '{"value": "node-9", "ttl": %s, "expiration": "x", "modifiedIndex": 7}'
        % seconds)

    assert not [url for _, url, _ in asked if 'prevIndex' in url]


def locked(value, end=1448000060.0):
    """A node whose etcd has a lock of *value*, and the keys there."""
    system, keys = FakeSystem(), {KEY: (value, end)} if value else {}
    serve(system, keys)
    return system, keys


def test_a_lock_that_is_renewed_lives_as_long_again():
    system, keys = locked('node-1')

    assert lock.renew(system, 'http://a:2379', 'node-1') == ''
    assert keys == {KEY: ('node-1', system.clock + lock.SECONDS_OF_LOCK)}


@pytest.mark.parametrize('value, said', [
    (None, '404 {"errorCode": 100}'), ('node-9', '412 {"errorCode": 101}')])
def test_a_lock_that_is_lost_is_not_renewed_and_another_s_stays(value, said):
    system, keys = locked(value)
    before = dict(keys)

    assert lock.renew(system, 'http://a:2379', 'node-1') == (
        'http://a:2379 does not renew the lock of node-1, the key '
        '/v2/keys/calico-fuel/member-change: etcd answered ' + said)
    assert keys == before


def test_a_directory_in_the_place_of_the_lock_is_to_be_removed():
    why, _ = refused('{"dir": true}')

    assert 'etcdctl rm --recursive /calico-fuel/member-change' in why


@pytest.mark.parametrize('node', [
    '[]', '"x"', '5', '{"ttl": [], "expiration": 1}', '{"ttl": "9", "expiration": 1}',
    '{"ttl": 1e999, "expiration": 1}', '{"value": {}, "ttl": 5, "expiration": ""}'])
def test_a_reply_of_another_shape_gives_no_lock(node):
    why, _ = refused(node)

    assert 'is changing the members' in why or 'does not give the lock' in why


def test_a_holder_makes_no_line_of_its_own():
    why, _ = refused('{"value": "x\\ny", "ttl": 5, "expiration": ""}')

    assert why.startswith('x\\x0ay is changing')

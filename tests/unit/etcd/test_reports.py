"""Who answers is seen, and who does not is not."""

from __future__ import unicode_literals

from calico_fuel.etcd import reports
from calico_fuel.etcd.steps import Peer
from calico_fuel.system import Reply
from tests.unit.etcd.test_client import MEMBERS, answering

PEER = Peer(
    'n1', '192.0.2.11', ('http://192.0.2.11:2380',), ('http://192.0.2.11:2379',))


def test_who_answers_is_seen_and_who_does_not_is_not():
    assert reports.of(answering(), [PEER]) == ()

    told, = reports.of(answering(
        health=Reply(503, '{"health":"false"}'), members=Reply(200, MEMBERS)), [PEER])
    assert (told.is_member, told.is_healthy, len(told.members)) == (True, False, 2)


def test_an_etcd_without_the_api_of_version_2_tells_nothing():
    system = answering(health=Reply(200, '{"health":"true"}'), members=Reply(404, ''))

    assert reports.of(system, [PEER]) == ()


def test_members_that_metadata_does_not_know_are_asked_too():
    extra = MEMBERS.replace('"clientURLs":[]',
                            '"clientURLs":["http://192.0.2.12:2379"]')
    system = answering(
        health=Reply(200, '{"health":"true"}'), members=Reply(200, extra))

    told = reports.of(system, [PEER])

    assert [one.client_url for one in told] == [
        'http://192.0.2.11:2379', 'http://192.0.2.12:2379']


def test_nobody_is_asked_whom_only_a_stray_etcd_knows():
    """With its package's defaults etcd lists localhost, which is each node's own."""
    stray = MEMBERS.replace('192.0.2.11', '127.0.0.1')
    system = answering(
        health=Reply(200, '{"health":"true"}'), members=Reply(200, stray))

    told, = reports.of(system, [PEER])

    assert not told.is_member
    assert not [url for _, url, _ in system.asked if '127.0.0.1' in url]

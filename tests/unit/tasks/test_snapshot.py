"""A node that is asked each question once, and not for long."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import bird
from calico_fuel.errors import CommandError, SlowError
from calico_fuel.system import Reply
from calico_fuel.tasks.snapshot import Snapshot
from tests.unit.fake.system import FakeSystem, good

URL = 'http://192.0.2.11:2379/health'


@pytest.fixture
def node():
    system = FakeSystem()
    system.asked = []
    return system


def test_a_program_runs_once_for_each_question(node):
    node.programs['ip'] = lambda argv, text: node.asked.append(argv) or good('x')
    seen = Snapshot(node)

    assert [seen.run(['ip', 'route']).stdout for _ in range(3)] == ['x'] * 3
    seen.run(['ip', 'link'])

    assert node.asked == [['ip', 'route'], ['ip', 'link']]


def test_who_accepts_no_failure_gets_an_error(node):
    node.programs['ip'] = lambda argv, text: good()._replace(status=2)
    seen = Snapshot(node)

    assert seen.run(['ip', 'x'], accept=None).status == 2
    with pytest.raises(CommandError):
        seen.run(['ip', 'x'])


def test_a_program_that_hangs_is_not_started_again(node):
    def slow(argv, text):
        node.asked.append(argv)
        raise SlowError(argv, -9, 3)
    node.programs['birdc'] = slow
    seen = Snapshot(node)

    for words in ['show', 'status'], ['show', 'protocols']:
        with pytest.raises(SlowError):
            seen.run(['birdc'] + words)

    assert node.asked == [['birdc', 'show', 'status']]


def test_a_service_that_hangs_hides_no_other_service(node):
    def slow(argv, text):
        if argv[1] == 'etcd':
            raise SlowError(argv, -9, 3)
        return good(argv[1])
    node.programs['service'] = slow
    seen = Snapshot(node)

    with pytest.raises(SlowError):
        seen.run(['service', 'etcd', 'status'])
    assert seen.run(['service', 'bird', 'status']).stdout == 'bird'


def test_what_takes_long_by_itself_has_more_time():
    """All routes of a reflector: else BIRD would seem to hang."""
    bounds = []

    class System(object):
        def run(self, argv, text, accept, timeout):
            bounds.append(timeout)
    seen = Snapshot(System())

    seen.run(['birdc', 'show', 'status'], timeout=bird.SECONDS_TO_ANSWER)
    seen.run(['birdc', 'show', 'route', 'all'], timeout=bird.SECONDS_FOR_MUCH)

    assert bounds == [3, 15]


def test_a_url_is_asked_once_and_gives_the_same_reply(node):
    node.servers.append(lambda method, url, body: node.asked.append(url) or Reply(
        200, 'text'))
    seen = Snapshot(node)

    assert seen.http('GET', URL) == seen.http('GET', URL, timeout=9) == Reply(
        200, 'text')
    assert node.asked == [URL]


def test_a_server_that_was_silent_for_a_second_is_asked_nothing_more(node):
    """One that refuses a connection says so at once; other ports are other servers."""
    def answer(method, url, body):
        node.asked.append(url)
        node.clock += url.startswith('http://192.0.2.11:2379') * 1.0
    node.servers.append(answer)
    seen = Snapshot(node)

    for url in (URL, 'http://192.0.2.11:2379/other', 'http://192.0.2.11:8775/',
                'http://192.0.2.12:2379/', 'http://192.0.2.12:2379/other'):
        assert seen.http('GET', url) is None

    assert node.asked == [URL, 'http://192.0.2.11:8775/', 'http://192.0.2.12:2379/',
                          'http://192.0.2.12:2379/other']


def test_the_rest_is_the_node_itself(node):
    Snapshot(node).write('/etc/x', 'text')

    assert node.text('/etc/x') == 'text'

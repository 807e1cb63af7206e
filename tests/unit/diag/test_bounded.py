"""Nothing takes long: programs, HTTP and waits have a bound, and so has all of it."""

from __future__ import unicode_literals

import time

import pytest

from calico_fuel import system
from calico_fuel.diag import bounded
from calico_fuel.errors import SlowError
from tests.unit.fake.system import FakeSystem, good


class Node(FakeSystem):
    """Each program needs ten seconds."""

    def __init__(self):
        super(Node, self).__init__()
        self.asked = []

    def run(self, argv, text=None, accept=(0,), timeout=120):
        self.asked.append(timeout)
        self.clock += 10
        return good()

    def http(self, method, url, body=None, content_type='application/json', timeout=5,
             tls=None):
        self.asked.append(timeout)


def test_a_program_gets_no_more_than_what_is_left():
    node = Node()
    limited = bounded.Bounded(node)

    for _ in range(12):
        limited.run(['x'], timeout=300)
    with pytest.raises(SlowError):
        limited.run(['x'])

    assert node.asked[:2] == [15, 15] and node.asked[-1] == 10
    assert len(node.asked) == 12 and limited.left() == 0


def test_http_is_bounded_and_not_asked_when_the_time_is_over():
    node = Node()
    limited = bounded.Bounded(node)

    limited.http('GET', 'http://x', timeout=30)
    node.clock += 1000
    assert limited.http('GET', 'http://x') is None

    assert node.asked == [4]


def test_nobody_waits_for_a_better_state():
    node = Node()

    assert bounded.Bounded(node).eventually(lambda: 'bad', 75, until=bool) == 'bad'
    assert not node.asked


def test_the_rest_is_that_of_the_node():
    assert bounded.Bounded(Node()).host_name() == 'node-1'


@pytest.mark.runs_programs
def test_a_program_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(bounded, 'SECONDS_FOR_ONE', 0.2)
    begin = time.time()

    with pytest.raises(SlowError):
        bounded.Bounded(system).run(['sleep', '600'])

    assert time.time() - begin < 60

"""A proxy that knows only members that are gone is told of those that are there."""

from __future__ import unicode_literals

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.etcd import client, settings
from calico_fuel.etcd.proxy import ProxyCache
from calico_fuel.resources.service import Service
from calico_fuel.system import Reply
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.system import MODE, OWNER, Entry, FakeSystem

CACHE = settings.PROXY_DIR + '/cluster'
URL = 'http://192.0.2.11:2379'
WANTED = ProxyCache((URL,), Service('etcd', ()))


class Node(FakeSystem):
    """A node whose proxy goes by its cache; a new one asks the members."""

    def __init__(self, dies_at=None, member_answers=True):
        super(Node, self).__init__({CACHE: 'gone'}, dies_at)
        self.member_answers = member_answers
        self.answers_at = 0
        self.services = Services(self, jobs=['etcd'], running=['etcd'])
        self.programs['service'] = self.service
        self.servers.append(self.answer)

    def service(self, argv, text):
        answer = self.services.service(argv, text)
        if argv[2] == 'start' and CACHE not in self.files:
            self.write(CACHE, 'there')
        return answer

    def answer(self, method, url, body):
        if url == URL + '/health' and self.member_answers:
            return Reply(200, '{"health": "true"}')
        if url == client.LOCAL + '/v2/members' and 'etcd' in self.services.running:
            return Reply(200, '{"members": []}') if (
                self.read_if_exists(CACHE) == 'there'
                and self.clock > self.answers_at) else Reply(503, '')
        return None


def states(node):
    return [outcome.state for outcome in converge([WANTED], node)]


def test_its_cache_is_made_anew_and_once():
    node = Node()

    assert states(node) == [CHANGED]

    assert node.text(CACHE) == 'there'
    assert states(node) == [UNCHANGED]
    assert node.services.starts == ['etcd']


def test_a_proxy_that_answers_some_seconds_later_keeps_its_cache():
    """It was started just now, or its member has just ended."""
    node = Node()
    node.files[CACHE] = Entry('there', OWNER, MODE)
    node.answers_at = node.clock + 5

    assert states(node) == [CHANGED]

    assert not node.services.starts


def test_while_no_member_answers_the_cache_stays():
    """The members will be back."""
    node = Node(member_answers=False)

    assert states(node) == [UNCHANGED]

    assert node.text(CACHE) == 'gone'


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for _, node in at_every_change(Node, states):
        assert node.text(CACHE) == 'there' and 'etcd' in node.services.running

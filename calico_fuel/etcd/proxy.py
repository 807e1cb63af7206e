"""The members that an etcd proxy knows."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.etcd import client
from calico_fuel.etcd import membership
from calico_fuel.etcd import settings
from calico_fuel.etcd.steps import View
from calico_fuel.etcd.walk import Place
from calico_fuel.resources.base import Resource

MEMBERS = 'http://{}/v2/members'.format(settings.LOCAL_ENDPOINT)
# A proxy reads the list of members every 30 s, from the members that it knows.
SECONDS_TO_ANSWER = 10
SECONDS_BETWEEN_LOOKS = 1


class ProxyCache(Resource, namedtuple('ProxyCache', 'client_urls service')):
    """The proxy of this node reaches the etcd cluster, if that is reachable.

    A proxy caches the members, and prefers its cache to its settings.  If all cached
    members have left before it learned their successors, it answers 503 for good.
    ``client_urls`` are those of the wanted members, ``service`` is the proxy's.
    """

    __slots__ = ()
    label_format = 'members that the etcd proxy knows'

    def difference(self, system):
        if system.eventually(lambda: _answers(system), SECONDS_TO_ANSWER,
                             SECONDS_BETWEEN_LOOKS):
            return ''
        if not any(client.is_healthy(system, url) for url in self.client_urls):
            return ''
        return '{}: has no member that answers, but {} would'.format(
            self.service.label, ', '.join(self.client_urls))

    def change(self, system):
        system.run(['service', self.service.name, 'stop'])
        system.remove(settings.PROXY_DIR)
        self.service.change(system)


def _answers(system):
    reply = system.http('GET', MEMBERS, timeout=2)
    return reply is not None and reply.status == 200


class NoMember(Place, namedtuple('NoMember', 'me peers service')):
    """The node has no data of a member, so its etcd can be a proxy.

    A member that is no longer wanted runs until it has been removed.
    """

    __slots__ = ()
    label_format = 'no etcd member {0.me.name}'

    def _view(self, system):
        has_data = system.exists(settings.MEMBER_DIR)
        return View(client.look(system, self.peers) if has_data else (),
                    has_data, True, False)

    def _step(self, view):
        return membership.step_of_others(view, self.me)

    def _take(self, system, view, step):
        return self.archive(system)

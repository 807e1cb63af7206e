"""The members that an etcd proxy knows."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import etcd
from calico_fuel import etcd_api
from calico_fuel.resources.resource import Resource

MEMBERS = 'http://{}/v2/members'.format(etcd.LOCAL_ENDPOINT)
# A proxy asks for the members every 30 s, but of those it knows.
SECONDS_TO_ANSWER = 10
SECONDS_BETWEEN_LOOKS = 1


class ProxyCache(Resource, namedtuple('ProxyCache', 'client_urls service')):
    """The proxy of this node reaches the etcd cluster, if that can be reached.

    A proxy caches the members, and believes its cache before its settings.
    When all of them have left before it heard of their successors, it answers
    503 for good.  ``client_urls`` are those of the wanted members, ``service``
    is that of the proxy.
    """

    __slots__ = ()

    @property
    def label(self):
        return 'members that the etcd proxy knows'

    def difference(self, system):
        if system.eventually(lambda: _answers(system), SECONDS_TO_ANSWER,
                             SECONDS_BETWEEN_LOOKS):
            return ''
        if not any(etcd_api.is_healthy(system, url) for url in self.client_urls):
            return ''
        return '{}: knows none that answers, while {} would'.format(
            self.service.label, ', '.join(self.client_urls))

    def change(self, system):
        system.run(['service', self.service.name, 'stop'])
        system.remove(etcd.PROXY_DIR)
        self.service.change(system)


def _answers(system):
    reply = system.http('GET', MEMBERS, timeout=2)
    return reply is not None and reply.status == 200

"""The members that an etcd proxy knows."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.etcd import client, settings
from calico_fuel.fuel.yaml_values import texts
from calico_fuel.resources.base import Resource
from calico_fuel.resources.service import control

# What a proxy knows: {"PeerURLs": [...]}.  It starts with that.
CACHE = settings.PROXY_DIR + '/cluster'
# A proxy reads the list of members every 30 s, from the members that it knows.
SECONDS_TO_LEARN = 40
SECONDS_TO_ANSWER = 10
SECONDS_BETWEEN_POLLS = 1


def unknown(system):
    """The TLS URLs of members that the proxy has not read yet; texts."""
    members = client.members(system)
    if members is None:
        return ['a member that answers']
    known = texts(client.json_object(system.read_if_exists(CACHE) or ''), 'PeerURLs')
    return sorted(url for one in members for url in one.peer_urls
                  if url.startswith('https:') and url not in known)


class ProxyCache(Resource, namedtuple('ProxyCache', 'client_urls service')):
    """The proxy of this node reaches the etcd cluster, if that is reachable.

    A proxy caches the members, and prefers its cache to its settings.  If all cached
    members have left before it learned their successors, it answers 503 for good.
    ``client_urls`` are those of the wanted members, ``service`` is the proxy's.
    """
    label_format = 'members that the etcd proxy knows'

    seconds_to_settle = SECONDS_TO_ANSWER

    def difference(self, system):
        if client.members(system) is not None or not any(
                client.health(system, url) for url in self.client_urls):
            return ''
        return '{}: has no member that answers, but {} would'.format(
            self.service.label, ', '.join(self.client_urls))

    def change(self, system):
        """Delete the cache, unless the proxy answers after a while."""
        if system.eventually(
                lambda: client.members(system) is not None, SECONDS_TO_ANSWER,
                SECONDS_BETWEEN_POLLS):
            return
        control(system, self.service.name, 'stop')
        system.remove(settings.PROXY_DIR)
        self.service.change(system)

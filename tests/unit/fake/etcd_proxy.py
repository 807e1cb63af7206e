"""The etcd of a node as a proxy: which members it knows, and reaches."""

from __future__ import unicode_literals

import json

from tests.unit.fake.system import Entry

PROXY_CACHE = '/var/lib/etcd/proxy/cluster'
SECONDS_BETWEEN_READS = 30


class EtcdProxy(object):
    """It goes by the client URLs that it read last, by the peer URLs in its cache."""

    def __init__(self, node):
        self._node = node
        self._client_urls = []
        self._read_at = 0

    def start(self):
        self._client_urls = []

    def remember(self, peer_urls):
        self._node.files[PROXY_CACHE] = Entry(
            json.dumps({'PeerURLs': peer_urls}), 'etcd:etcd', 0o600)

    def member(self):
        """The node whose member answers for this proxy, None if none does."""
        if not self._client_urls or (
                self._node.clock - self._read_at >= SECONDS_BETWEEN_READS):
            self.read()
        return next((node for node in self._reached(self._client_urls)
                     if node.cluster.has_quorum()), None)

    def read(self):
        """Read the list of members from one that answers."""
        self._read_at = self._node.clock
        cluster = next((node.cluster for node in self._reached(json.loads(
            self._node.text(PROXY_CACHE))['PeerURLs'])), None)
        if cluster is None:
            self._client_urls = []
            return
        cluster.publish()
        members = cluster.members.values()
        self.remember(sum([peers for _, peers, _ in members], []))
        self._client_urls = sum([clients for _, _, clients in members], [])

    def _reached(self, urls):
        """The nodes with members there to which this proxy can connect."""
        world = self._node.world
        return [world.at(url) for url in urls
                if world.at(url) and world.at(url).cluster and world.at(url).is_up
                and self._node.reaches(world.at(url), [url])]

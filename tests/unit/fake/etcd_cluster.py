"""The etcd clusters of an environment: their members, their quorum, their keys.

What etcd would do, and Raft does not bear, is a ``Catastrophe``: no code of ours
may make it happen.
"""

from __future__ import unicode_literals

import json
import re


class Catastrophe(BaseException):
    """An etcd cluster lost its quorum, or a member came back without its log."""


class EtcdWorld(object):
    """``clusters`` has the etcd clusters that were begun, in their order.

    ``refusals`` is how many changes of members etcd still refuses for now, and
    ``meanwhile`` has functions to call while a node waits, the first one first.
    """

    def __init__(self):
        self.clock = 1448000000.0
        self.nodes = {}
        self.clusters = []
        self.refusals = 0
        self.meanwhile = []
        self.ids = 0

    def new_id(self):
        self.ids += 1
        return '{:x}'.format(0xa0 + self.ids)

    def at(self, url):
        """The node that a URL leads to."""
        return self.nodes.get(re.match('https?://([0-9.]+):', url).group(1))


class EtcdCluster(object):
    """``members`` maps an id to a list: name, peer URLs, client URLs."""

    def __init__(self, world):
        self.world = world
        self.members = {}
        self.keys = {}

    def add(self, peer_urls):
        number = self.world.new_id()
        self.members[number] = ['', sorted(peer_urls), []]
        return number

    def running(self):
        return [node.member_id for node in self.world.nodes.values()
                if node.cluster is self and node.member_id in self.members]

    def has_quorum(self):
        return len(self.running()) > len(self.members) // 2

    def change(self, action):
        """Carry out a change of the members."""
        size = len(self.members)
        action()
        # A second member has to start before anything else is possible.
        if not self.has_quorum() and (size, len(self.members)) != (1, 2):
            raise Catastrophe('no quorum any more: {}'.format(self.members))
        for node in self.world.nodes.values():
            if node.cluster is self and node.member_id not in self.members:
                node.end_etcd()

    def publish(self):
        """Members that run tell the others their names and client URLs."""
        here = [node for node in self.world.nodes.values() if node.cluster is self]
        for node in here:
            for other in here:
                if not node.reaches(other, self.members[other.member_id][1]):
                    raise Catastrophe('{} does not reach {}: {}'.format(
                        node.name, other.name, self.members))
            if self.has_quorum():
                self.members[node.member_id][::2] = [
                    node.settings['ETCD_NAME'],
                    node.settings['ETCD_ADVERTISE_CLIENT_URLS'].split(',')]

    def listed(self):
        return json.dumps({'members': [
            {'id': number, 'name': name, 'peerURLs': peers, 'clientURLs': clients}
            for number, (name, peers, clients) in self.members.items()]})

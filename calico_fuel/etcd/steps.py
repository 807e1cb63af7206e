"""What a node sees of the etcd cluster, what is wanted, and the steps in between.

Each step has ``text``, which says in words what is not as wanted.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.fuel.model import short
from calico_fuel.resources.base import Kind


class Step(Kind):
    """Base of the kinds of steps."""


class Bootstrap(Step, namedtuple('Bootstrap', '')):
    text = 'starts a new etcd cluster'


class Start(Step, namedtuple('Start', 'initial_cluster')):
    """Pairs of a name and a peer URL to join; empty: start with its own data."""

    @property
    def text(self):
        return 'joins the etcd cluster of {}'.format(', '.join(
            name for name, _ in self.initial_cluster)
        ) if self.initial_cluster else 'etcd does not run with its settings'


class Add(Step, namedtuple('Add', '')):
    text = 'is not added to the etcd cluster yet'


class Remove(Step, namedtuple('Remove', 'member')):
    """``member`` is a Listed."""

    @property
    def text(self):
        return '{} has to be removed from the etcd cluster'.format(
            self.member.name or self.member.peer_urls[0])


class Update(Step, namedtuple('Update', 'member peer_urls')):
    """``member`` is the Listed of this node."""

    @property
    def text(self):
        return 'the etcd cluster lists {} instead of {}'.format(
            ', '.join(self.member.peer_urls), ', '.join(self.peer_urls))


class Archive(Step, namedtuple('Archive', '')):
    text = ('has data of a member that has left the etcd cluster: the directory gets '
            'the suffix .archived-TIME, and can be deleted')


class Delete(Step, namedtuple('Delete', '')):
    text = 'has its data, which will be deleted: this cannot be undone'


class ForceNewCluster(Step, namedtuple('ForceNewCluster', '')):
    text = ('has an etcd cluster without quorum, because members are lost for good: '
            'continues alone, with its data')


class Wait(Step, namedtuple('Wait', 'text')):
    """Do nothing now; poll again later."""


class Refuse(Step, namedtuple('Refuse', 'text')):
    """Do nothing until the operator fixes it."""


class Peer(namedtuple('Peer', 'name address peer_urls client_urls')):
    """A node that is a member, was one or will be one, from metadata.

    Its ``address`` tells which entry of etcd's list it is: the URLs there may be older
    than the node's settings.  The first of ``client_urls`` that answers counts.
    """


class Listed(namedtuple('Listed', 'id name peer_urls client_urls')):
    """An entry of etcd's list of members; without a name it never started."""

    @property
    def addresses(self):
        return frozenset(host(url) for url in self.peer_urls)


def host(url):
    return re.match(r'(?:\w+://)?(\[[^\]]*\]|[^:/]*)', url).group(1)


class Report(namedtuple('Report', 'address client_url is_healthy members')):
    """The reply of the etcd of a node: its health, and a Listed per member."""

    @property
    def is_member(self):
        """Whether it is in its own list.

        If not, it is a stray: its package started it with its defaults, or it is
        about to learn that it has been removed.
        """
        return any(self.address in member.addresses for member in self.members)


class Wanted(namedtuple('Wanted', 'members leaving known may_begin')):
    """What metadata and the operator say.

    ``members`` has the Peers of the wanted members, in uid order.  ``leaving`` has the
    addresses of nodes that are listed for other roles, and the short names of those
    that ``forget-node`` named: their members are removed even if they are healthy.
    ``known`` has the addresses of the nodes in this node's own metadata, which omits a
    node only after Fuel has deleted it.  ``may_begin``: this node may start a new etcd
    cluster if no etcd answers.
    """

    def has(self, member):
        return any(peer.address in member.addresses for peer in self.members)

    def may_leave(self, member):
        """Whether to remove the Listed *member* even if it is healthy."""
        return bool(self.leaving & (member.addresses | {short(member.name)}))


class View(namedtuple('View', 'reports has_log has_directory runs is_loaded')):
    """The facts from which the next step is decided.

    ``reports`` has a Report for each etcd that answers.  ``has_directory``: this node
    has the data directory of a member; ``has_log``: with a log in it, with which etcd
    starts as that member.  ``runs``: the etcd of this node runs; ``is_loaded``: with
    the wanted settings.
    """

    @property
    def lists(self):
        """The Reports of members; other etcds are strays."""
        return [report for report in self.reports if report.is_member]

    @property
    def healthy(self):
        return [report for report in self.lists if report.is_healthy]

"""The steps of a node towards its place in the etcd cluster.

Each has ``text``, which says in words what is not as wanted.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources.base import Kind


class Step(Kind):
    """Base of the kinds of steps."""

    __slots__ = ()


class Bootstrap(Step, namedtuple('Bootstrap', '')):
    __slots__ = ()
    text = 'starts a new etcd cluster'


class Start(Step, namedtuple('Start', 'initial_cluster')):
    """Pairs of a name and a peer URL to join; empty: start with its own data."""

    __slots__ = ()

    @property
    def text(self):
        return 'joins the etcd cluster of {}'.format(', '.join(
            name for name, _ in self.initial_cluster)
        ) if self.initial_cluster else 'etcd does not run with its settings'


class Add(Step, namedtuple('Add', '')):
    __slots__ = ()
    text = 'is not added to the etcd cluster yet'


class Remove(Step, namedtuple('Remove', 'member')):
    """``member`` is a Listed."""

    __slots__ = ()

    @property
    def text(self):
        return '{} has to be removed from the etcd cluster'.format(
            self.member.name or self.member.peer_urls[0])


class Archive(Step, namedtuple('Archive', '')):
    __slots__ = ()
    text = ('has data of a member that has left the etcd cluster: the directory gets '
            'the suffix .archived-TIME, and can be deleted')


class Delete(Step, namedtuple('Delete', '')):
    __slots__ = ()
    text = 'has its data, which will be deleted: this cannot be undone'


class ForceNewCluster(Step, namedtuple('ForceNewCluster', '')):
    __slots__ = ()
    text = ('has an etcd cluster without quorum, because members are lost for good: '
            'continues alone, with its data')


class Wait(Step, namedtuple('Wait', 'text')):
    """Do nothing now; look again later."""

    __slots__ = ()


class Refuse(Step, namedtuple('Refuse', 'text')):
    """Do nothing until the operator fixes it."""

    __slots__ = ()


class Peer(namedtuple('Peer', 'name peer_url client_url')):
    """A node that is a member, was one or will be one, from metadata."""

    __slots__ = ()


class Listed(namedtuple('Listed', 'id name peer_urls client_urls')):
    """An entry of etcd's list of members; without a name it never started."""

    __slots__ = ()


class Report(namedtuple('Report', 'peer_url client_url is_healthy members')):
    """The reply of the etcd with these URLs: its health, and a Listed per member."""

    __slots__ = ()

    @property
    def is_member(self):
        """Whether it is in its own list.

        If not, it is a stray: its package started it with its defaults, or it is
        about to learn that it has been removed.
        """
        return any(self.peer_url in member.peer_urls for member in self.members)


class View(namedtuple('View', 'reports has_data is_loaded may_begin')):
    """The facts from which the next step is decided.

    ``reports`` has a Report for each etcd that answers.  ``has_data``: the node's
    data directory has the log of a member.  ``is_loaded``: its etcd runs with
    the wanted settings.  ``may_begin``: it may bootstrap an etcd cluster if none
    answers, or continue alone if the other members are lost.
    """

    __slots__ = ()

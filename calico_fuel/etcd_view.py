"""What a node knows of the etcd cluster: who can be a member, and what etcd says."""

from __future__ import unicode_literals

from collections import namedtuple


class Peer(namedtuple('Peer', 'name peer_url client_url')):
    """A node that is a member, was one or will be one, as metadata knows it."""

    __slots__ = ()


class Listed(namedtuple('Listed', 'id name peer_urls client_urls')):
    """An entry of etcd's list of members; without a name it never started."""

    __slots__ = ()


class Told(namedtuple('Told', 'peer_url client_url is_healthy members')):
    """What the etcd with these URLs said: its health, the Listed that it knows."""

    __slots__ = ()

    @property
    def is_member(self):
        """Whether it is in its own list.

        Any other etcd is a stray: its package started it with its defaults, or
        it is about to learn that it has been removed.
        """
        return any(self.peer_url in member.peer_urls for member in self.members)


class View(namedtuple('View', 'told has_data is_loaded may_begin')):
    """What a node knows when it decides.

    ``told`` has a Told for each etcd that answers.  ``has_data``: the node's
    data directory has the log of a member.  ``is_loaded``: its etcd runs with
    the wanted settings.  ``may_begin``: it may begin an etcd cluster where none
    answers, or go on alone where others are gone.
    """

    __slots__ = ()

"""How the members of an etcd cluster move from HTTP to TLS.  Pure.

A member listens with HTTP, then with both, then with TLS alone, and etcd lists the URLs
with which it listens.  docs/design/etcd-tls.md has the order, and why no pass costs the
quorum.
"""

from __future__ import unicode_literals

from calico_fuel.etcd import quorum
from calico_fuel.etcd.steps import Update, Wait

# The schemes of the URLs with which a member listens to other nodes.
HTTP, BOTH, TLS = ('http',), ('http', 'https'), ('https',)
FIX = 'Run calico-fuel etcd there'


def schemes_of(urls):
    """Those of BOTH that *urls* have; HTTP if none."""
    found = set(url.partition(':')[0] for url in urls)
    return tuple(one for one in BOTH if one in found) or HTTP


def speaks_tls(member):
    """Whether the Listed *member* listens with TLS, and so also connects with it."""
    return 'https' in schemes_of(member.peer_urls)


def strangers(members, peer_urls):
    """Wait: some *members* could not connect to one with these URLs; or None."""
    plain = [member for member in members if not speaks_tls(member)]
    if plain and schemes_of(peer_urls) == TLS:
        return Wait('{} speaks HTTP only, and this node TLS. {}'.format(
            quorum.names(plain), FIX))
    return None


def schemes(listens, why_http):
    """The schemes of a member with a log: TLS alone, once nothing needs HTTP.

    *listens* are the schemes in its settings, *why_http* are ``obstacles``.
    """
    return BOTH if why_http and listens != TLS else TLS


def step_of_urls(me, view):
    """The step of a member that serves, and listens with the URLs of *me*."""
    members = view.healthy[0].members if view.healthy else ()
    mine = quorum.entry(members, me)
    if (mine is None or not view.is_loaded
            or set(mine.peer_urls) == set(me.peer_urls)
            or not any(report.address == me.address for report in view.healthy)):
        return None
    return strangers([one for one in members if one != mine], me.peer_urls) or Update(
        mine, me.peer_urls)


def obstacles(members, healthy, over_tls, late):
    """Why a member goes on listening with HTTP, as sentences; () if nothing needs it.

    *members* are listed, *healthy* has Reports; *over_tls* are the addresses of members
    that have answered this one by TLS at their peer URLs, *late* the names of nodes
    whose proxies have not said that they speak TLS.
    """
    if not healthy:
        return ('no member is healthy',)
    return tuple(text.format(names) for text, names in (
        ('{} not healthy', quorum.names(quorum.dead(members, healthy))),
        ('{} not reached by TLS', quorum.names(
            [one for one in members
             if not speaks_tls(one) or not one.addresses & over_tls])),
        ('no TLS yet between the members and {}', ', '.join(sorted(late)))) if names)

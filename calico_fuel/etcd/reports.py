"""What the etcd of each node reports."""

from __future__ import unicode_literals

from calico_fuel.etcd import client
from calico_fuel.etcd.steps import Report


def of(system, peers):
    """The Report of each of *peers* that answers, and of members besides them."""
    reports = [_ask(system, peer.address, peer.client_urls) for peer in peers]
    known = set(peer.address for peer in peers)
    for member in [m for one in reports if one and one.is_member for m in one.members]:
        if known.isdisjoint(member.addresses):
            known.update(member.addresses)
            reports.append(_ask(system, min(member.addresses), member.client_urls))
    return tuple(one for one in reports if one)


def _ask(system, address, client_urls):
    """The Report of one etcd; None if it does not answer or does not speak v2.

    Health is asked first: it waits for the quorum, so a healthy member then knows
    every earlier change of the members.
    """
    client_url, is_good = client.first_health(system, client_urls)
    listed = None if is_good is None else client.members(system, client_url)
    return None if listed is None else Report(address, client_url, is_good, listed)

"""Replies of etcd members -> Checks.

Pure.  A reply is None if a member did not answer.
"""

from __future__ import unicode_literals

from calico_fuel.checks import bad
from calico_fuel.checks import good


def checks_of(wanted, members, answers):
    """The members of the etcd cluster, as one of them lists them.

    *wanted* are Peers, *members* has a Listed for each member or is None, *answers*
    maps each wanted name to True (healthy), False (not) or None (no answer).
    """
    if members is None:
        return [bad('etcd cluster', 'no member answers', 'lists its members', (
            'Run calico-fuel etcd; then see /var/log/upstart/etcd.log and '
            '/var/log/syslog'))]
    by_url = dict((url, member) for member in members
                  for url in member.peer_urls)
    found = [_member(peer.name, by_url.get(peer.peer_url), answers.get(peer.name))
             for peer in wanted]
    urls = set(peer.peer_url for peer in wanted)
    for member in members:
        if urls.isdisjoint(member.peer_urls):
            found.append(bad(
                'etcd member ' + (member.name or member.id),
                'is a member', 'none: it is not in this environment',
                'Run calico-fuel etcd: it removes members of nodes that are gone'))
    return found


def _member(name, member, answer):
    subject = 'etcd member ' + name
    if member is None:
        return bad(subject, 'is no member', 'healthy',
                   'Run calico-fuel etcd on {}'.format(name))
    if not member.name:
        return bad(subject, 'was added and never started', 'healthy', (
            'It counts for the quorum already. Run calico-fuel etcd on {} soon'
            .format(name)))
    if not answer:
        return bad(subject, 'does not answer' if answer is None else 'is not healthy',
                   'healthy', 'Check that {0} is up, and run calico-fuel etcd '
                   'there'.format(name))
    return good(subject, 'healthy')

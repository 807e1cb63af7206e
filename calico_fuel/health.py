"""What the daemons of a Calico network replied -> Checks.

Pure.  A reply is None where the daemon did not answer.
"""

from __future__ import unicode_literals

import re

from calico_fuel import bird
from calico_fuel import checks
from calico_fuel import topology
from calico_fuel.checks import bad
from calico_fuel.checks import good
from calico_fuel.checks import note

# Names that topology.sessions gives; others are the operator's.
OUR_SESSION = re.compile(r'{}\Z|{}_'.format(
    topology.NODE_SESSION, topology.EXTERNAL))
PEOPLE_SAY = {topology.CLIENT: 'compute', topology.REFLECTOR: 'route reflector',
              topology.EXTERNAL: 'external peer'}
ESTABLISHED = 'Established'
# Keys in etcd: Calico 1.0-1.4, networking-calico 1.0-1.4.
READY_KEY = '/calico/v1/Ready'
ELECTION_KEY = '/calico/openstack/v1/neutron_election'


def bgp(sessions, protocols, task, kept=()):
    """The wanted Sessions and BIRD's Protocols by name; *task* configures them.

    *kept* has the full names of neighbors that are in no list of nodes.
    """
    if protocols is None:
        return [bad('BIRD', 'does not answer birdc', 'runs', (
            'Run calico-fuel {}; if BIRD does not stay up, see /var/log/syslog'
            .format(task)))]
    found = [good('BIRD', 'runs')]
    for relation in (topology.REFLECTOR, topology.CLIENT, topology.EXTERNAL):
        of_kind = [s for s in sessions if s.relation == relation]
        down = [s for s in of_kind if not bird.is_established(protocols, s.name)]
        if len(of_kind) > len(down):
            found.append(good('BGP to ' + checks.counted(
                len(of_kind) - len(down), PEOPLE_SAY[relation]), ESTABLISHED))
        found += [_down(session, protocols.get(session.name), task, kept)
                  for session in down]
    wanted = set(session.name for session in sessions)
    return found + [
        bad('BGP {}'.format(name), 'is there', 'none: its node is gone',
            'Run calico-fuel {}'.format(task))
        for name, protocol in sorted(protocols.items())
        if protocol.proto == 'BGP' and OUR_SESSION.match(name) and name not in wanted]


def _down(session, protocol, task, kept):
    subject = 'BGP {} to {} ({})'.format(
        session.name, session.neighbor, session.address)
    if protocol is None:
        return bad(subject, 'is not configured', ESTABLISHED,
                   'Run calico-fuel {}'.format(task))
    state = ' '.join('{} {}'.format(protocol.state, protocol.info).split())
    if session.neighbor in kept:
        return note(subject, state, ESTABLISHED, (
            'The list of nodes lacks that node. See to it, and deploy it again'))
    if session.relation == topology.EXTERNAL:
        return note(subject, state, ESTABLISHED, (
            'Calico works without it; workloads are reached from outside through it. '
            'See to its AS number, password and peers on that router'))
    if protocol.has_no_socket:
        return bad(subject, state, ESTABLISHED, (
            '{}{}. Then run calico-fuel {}'.format(
                bird.PORT_IS_TAKEN[0].upper(), bird.PORT_IS_TAKEN[1:], task)))
    return bad(subject, state, ESTABLISHED, (
        'Look whether that node is up and let it run calico-fuel verify; whether TCP '
        'port 179 is open between the two; and whether both have the same AS number '
        'and password: deploy changes if not'))


def ghost(session):
    """A compute whose *session* is down and that does not answer ping."""
    name = session.neighbor
    return bad('{} ({})'.format(name, session.address), 'does not answer ping',
               'answers, or is no node any more', (
                   'If it has been removed from the environment (which Fuel 6.1 does '
                   'not tell the nodes that stay), run calico-fuel forget {} on each '
                   'controller; else see to the node'.format(name)))


def etcd(wanted, members, answers):
    """The members of the etcd cluster, as one of them lists them.

    *wanted* are Peers, *members* has a Listed for each or is None, *answers*
    tells for each wanted name whether that etcd says that it is healthy.
    """
    if members is None:
        return [bad('etcd cluster', 'nobody answers for it', 'lists its members', (
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
                'Run calico-fuel etcd; it removes members of nodes that are gone'))
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
                   'healthy', 'Look whether {0} is up, and run calico-fuel etcd '
                   'there'.format(name))
    return good(subject, 'healthy')


def driver(keys):
    """Whether a neutron-server has the Calico mechanism driver loaded.

    One that could not load it runs all the same.  The driver writes Ready
    when it has written all its data, and the one that leads keeps its name
    in a key of 60 s to live (Calico 1.0-1.4, networking-calico 1.0-1.4).
    *keys* is None where etcd does not answer.
    """
    subject, expected = 'Calico mechanism driver', 'loaded and ready'
    cure = (
        'Neutron runs without its driver too: look for "Could not load" and for '
        '"mechanism driver" in the newest log of neutron-server under /var/log; run '
        'calico-fuel packages, then calico-fuel neutron-server')
    if keys is None:
        return bad(subject, 'unknown: etcd does not answer', expected,
                   'Mend etcd first: calico-fuel etcd')
    if keys.get(READY_KEY) != 'true':
        return bad(subject, 'has not written its data', expected, cure)
    leader = keys.get(ELECTION_KEY)
    if not leader:
        return bad(subject, 'was loaded once, and is no longer', expected, cure)
    return good(subject, '{}, leader {}'.format(
        expected, leader.rpartition(':')[0] or leader), expected)

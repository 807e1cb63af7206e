"""The etcd of a node and the members of the cluster -> Checks."""

from __future__ import unicode_literals

from calico_fuel.checks import fault, good
from calico_fuel.codes.cluster import (
    ETCD_DISK_FULL, ETCD_DOWN, ETCD_MEMBER_DOWN, ETCD_MEMBER_LEFT,
    ETCD_MEMBER_NOT_LISTED, ETCD_QUORUM)
from calico_fuel.etcd import client, peers, settings
from calico_fuel.etcd.quorum import entry

# A member writes its log into files of 64 MB, and allocates each beforehand (etcd,
# wal/wal.go).  So it serves on a full file system until its last one is used up.
LEAST_MEGABYTES = 100


def local(system, key):
    """A Check of the etcd that Felix and the DHCP agent use: a proxy, or a member.

    *key* is one of Calico's.  Without a quorum a member answers with old values, unless
    a quorum is asked for.
    """
    subject = 'etcd on ' + settings.LOCAL_ENDPOINT
    url = client.LOCAL + '/v2/keys' + key
    reply = system.http('GET', url, timeout=client.SECONDS_TO_ASK)
    # 404: etcd answers, but Neutron's driver has not written the key yet.
    if not reply or reply.status not in (200, 404):
        return fault(
            ETCD_DOWN, subject,
            'replies {}'.format(reply.status) if reply else 'does not answer',
            'answers', 'Run calico-fuel etcd; if its members answer on controllers, '
            'run it there too, and check that TCP port {https} ({http} without TLS) is '
            'open from here to them'.format(**peers.CLIENT_PORTS))
    reply = system.http('GET', url + '?quorum=true', timeout=client.SECONDS_TO_CHANGE)
    if not reply or reply.status not in (200, 404):
        return fault(
            ETCD_QUORUM, subject, 'answers, and has no quorum', 'answers',
            'Nothing can be changed until most etcd members run: calico-fuel verify on '
            'a controller names those that do not')
    return good(ETCD_DOWN, subject, 'answers')


def cluster(environment, system):
    """Checks of the members, as the etcd of this node lists them."""
    members, wanted = client.members(system), peers.wanted(environment)
    asked = [(peer.address, peer.client_urls) for peer in wanted.members] + [
        (min(member.addresses), member.client_urls) for member in members or ()
        if not wanted.has(member)]
    return checks_of(wanted, members, dict(
        (address, client.first_health(system, urls)[1])
        for address, urls in asked if members is not None))


def checks_of(wanted, members, answers):
    """The members of the etcd cluster, as one of them lists them.

    *wanted* is a Wanted, *members* has a Listed for each member or is None, *answers*
    maps the addresses of members to True (healthy), False (not) or None (no answer).
    """
    if members is None:
        return [fault(
            ETCD_DOWN, 'etcd cluster', 'no member answers', 'lists its members', (
                'Run calico-fuel etcd; then see /var/log/upstart/etcd.log and '
                '/var/log/syslog'))]
    return _quorum(members, answers) + [
        _member(peer.name, entry(members, peer), answers.get(peer.address))
        for peer in wanted.members] + [
        _unwanted(member, wanted, any(map(answers.get, member.addresses)))
        for member in members if not wanted.has(member)]


def space(system):
    """A Check if the file system of this member's data has little space left."""
    left = system.space_left(settings.MEMBER_DIR)
    if left is None or left >= LEAST_MEGABYTES * 10 ** 6:
        return []
    return [fault(
        ETCD_DISK_FULL, 'file system of {}'.format(settings.DATA_DIR),
        '{} MB left'.format(left // 10 ** 6),
        'at least {} MB'.format(LEAST_MEGABYTES), (
            'etcd serves until its log needs the next 64 MB, and then ends. Make room '
            'there ("df {0}" and "df -i {0}"). {0}/member.archived-* is data that no '
            'etcd uses'.format(settings.DATA_DIR)))]


def _quorum(members, answers):
    """A Check if none of *members* is healthy: one that is has a quorum."""
    if not members or any(answers.get(address) for one in members
                          for address in one.addresses):
        return []
    return [fault(
        ETCD_QUORUM, 'etcd cluster', 'has no quorum', 'has one', (
            'Nothing can be changed until most members run: start etcd on them. If '
            'most of them have lost their data, run calico-fuel etcd-recover'))]


def _unwanted(member, wanted, is_healthy):
    subject = 'etcd member ' + (member.name or member.id)
    if is_healthy and not wanted.may_leave(member):
        return fault(
            ETCD_MEMBER_NOT_LISTED, subject, 'is healthy, and in no list of nodes',
            'in the list', (
                'It stays a member, because Fuel omits nodes in error. Deploy it '
                'again, or if it has left the environment, run calico-fuel '
                'forget-node {} on each other node, the primary controller '
                'last'.format(member.name)))
    return fault(ETCD_MEMBER_LEFT, subject, 'is a member',
                 'none: it is not in this environment',
                 'Run calico-fuel etcd: it removes members of nodes that are gone')


def _member(name, member, answer):
    subject = 'etcd member ' + name
    if member is None:
        return fault(ETCD_MEMBER_DOWN, subject, 'is no member', 'healthy',
                     'Run calico-fuel etcd on {}'.format(name))
    if not member.name:
        return fault(
            ETCD_MEMBER_DOWN, subject, 'was added and never started', 'healthy', (
                'It counts for the quorum already. Run calico-fuel etcd on {} soon'
                .format(name)))
    if not answer:
        return fault(
            ETCD_MEMBER_DOWN, subject,
            'does not answer' if answer is None else 'is not healthy', 'healthy',
            'Check that {0} is up, and run calico-fuel etcd there'.format(name))
    return good(ETCD_MEMBER_DOWN, subject, 'healthy')

"""The lock of an etcd cluster: one node at a time changes or restarts members."""

from __future__ import unicode_literals

from calico_fuel.etcd import client
from calico_fuel.etcd.certificates import TLS
from calico_fuel.fuel.yaml_values import mapping, text

# The key expires when its holder is gone.  Any client can write a key there that does
# not expire: a key with a longer TTL than this is no node's.  The hour allows for
# members whose clocks differ, because etcd computes the TTL by its own clock.
LOCK = '/v2/keys/calico-fuel/member-change'
SECONDS_OF_LOCK = 120
MOST_SECONDS_OF_LOCK = SECONDS_OF_LOCK + 3600


def lock(system, client_url, holder):
    """Take the lock, also if *holder* has it already -> why not yet, or ''.

    A key in its place that does not expire soon is replaced, if it has not changed
    meanwhile.
    """
    if (not _refused(system, client_url, holder, 'prevExist=false')
            or not renew(system, client_url, holder)):
        return ''
    reply = system.http(
        'GET', client_url + LOCK, timeout=client.SECONDS_TO_ASK, tls=TLS)
    node = mapping(client.json_object(reply.text), 'node') if reply else None
    if not node:
        return '{} does not give the lock, the key {}: {}'.format(
            client_url, LOCK, client.said(reply))
    if node.get('dir'):
        return ('{} is a directory, where a node has to write a key: remove it '
                '("etcdctl rm --recursive {}")'.format(LOCK, LOCK[len('/v2/keys'):]))
    as_seen = 'prevIndex={}'.format(node.get('modifiedIndex'))
    if not _vanishes(node) and not _refused(system, client_url, holder, as_seen):
        return ''
    return '{} is changing the members (the key {} says so, for {} s more)'.format(
        text(node, 'value'), LOCK, node.get('ttl'))


def renew(system, client_url, holder):
    """Let the lock that *holder* has live as long again -> why it does not, or ''.

    Right before a change: a run that was paused may have lost the lock, and its clock,
    that of a virtual machine, may have stood still.
    """
    refusal = _refused(system, client_url, holder, 'prevValue=' + holder)
    return refusal and '{} does not renew the lock of {}, the key {}: {}'.format(
        client_url, holder, LOCK, refusal)


def _refused(system, client_url, holder, condition):
    """What etcd says if *holder* does not get the lock on this condition, or ''."""
    reply = system.http(
        'PUT', '{}{}?ttl={}&{}'.format(client_url, LOCK, SECONDS_OF_LOCK, condition),
        'value=' + holder, client.FORM, client.SECONDS_TO_CHANGE, TLS)
    return '' if reply and reply.status in (200, 201) else client.said(reply)


def _vanishes(node):
    """Whether a key expires as soon as the lock of a node does."""
    seconds = node.get('ttl')
    return ('expiration' in node and isinstance(seconds, int)
            and seconds <= MOST_SECONDS_OF_LOCK)


def unlock(system, client_url, holder):
    system.http('DELETE', '{}{}?prevValue={}'.format(client_url, LOCK, holder),
                timeout=client.SECONDS_TO_CHANGE, tls=TLS)

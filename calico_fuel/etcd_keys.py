"""The keys of etcd: what is below a directory, written, removed.

Source: etcd 2.x, "Client API" (3.x with ETCD_ENABLE_V2 has the same).  A key
whose name begins with an underscore is hidden: nobody lists it.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import etcd
from calico_fuel import etcd_api
from calico_fuel.errors import NodeError

# A member, or a proxy to one.
LOCAL = 'http://' + etcd.LOCAL_ENDPOINT
FORM = 'application/x-www-form-urlencoded'
# Thousands of workloads make some megabytes.
SECONDS_TO_READ, SECONDS_TO_WRITE = 30, 8
NOT_FOUND = 100
# RFC 3986, 2.3, and what stands between the names of a key.
UNRESERVED = frozenset(bytearray(
    b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/'))


class Entry(namedtuple('Entry', 'key value expires')):
    """A key, or a directory: its ``value`` is None.  ``expires``: by itself."""

    __slots__ = ()


def entries(system, directory, url=LOCAL, seconds=SECONDS_TO_READ):
    """The Entries below *directory*, in no order; None where etcd does not answer.

    What the etcd at *url* itself has: for that no quorum is needed.
    """
    reply = system.http('GET', '{}/v2/keys{}?recursive=true'.format(
        url, quoted(directory)), timeout=seconds)
    said = etcd_api.json_object(reply.text) if reply else {}
    if said.get('errorCode') == NOT_FOUND:
        return ()
    if not reply or reply.status != 200 or not isinstance(said.get('node'), dict):
        return None
    return tuple(_below(said['node']))


def _below(root):
    todo = [root]
    while todo:
        one = todo.pop()
        todo += one.get('nodes') or ()
        if one.get('key'):
            yield Entry(one['key'], None if one.get('dir') else one.get('value', ''),
                        'ttl' in one)


def write(system, key, value, overwrite=False, url=LOCAL):
    """Write a key -> whether it was; not where it is there already, unless told."""
    address = '{}/v2/keys{}{}'.format(
        url, quoted(key), '' if overwrite else '?prevExist=false')
    body = 'value=' + quoted(value, UNRESERVED - {ord('/')})
    reply = system.http('PUT', address, body, FORM, timeout=SECONDS_TO_WRITE)
    if reply and reply.status == 412:
        return False
    _demand(reply, (200, 201), 'written', key)
    return True


def remove(system, key, url=LOCAL):
    """Remove a key, or a directory with all below it at once; none there is fine."""
    reply = system.http('DELETE', '{}/v2/keys{}?recursive=true'.format(
        url, quoted(key)), timeout=SECONDS_TO_WRITE)
    if not (reply and etcd_api.json_object(reply.text).get('errorCode') == NOT_FOUND):
        _demand(reply, (200,), 'removed', key)


def _demand(reply, statuses, done, key):
    if not reply or reply.status not in statuses:
        raise NodeError(
            'etcd key {}: was not {}: {}. See to the etcd cluster (calico-fuel etcd, '
            'calico-fuel verify), and run this again'.format(
                key, done, 'etcd answered {} {}'.format(
                    reply.status, reply.text.strip()) if reply else 'nobody answered'))


def quoted(text, unreserved=UNRESERVED):
    """*text* as a part of a URL or of a form (RFC 3986, 2.1)."""
    return ''.join('{:c}'.format(byte) if byte in unreserved else
                   '%{:02X}'.format(byte) for byte in bytearray(text.encode('utf-8')))

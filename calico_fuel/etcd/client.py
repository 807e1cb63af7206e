"""etcd over HTTP: its members and its keys.

The API of version 2 is that of etcd 2.0 to 2.3, and of 3.x with
ETCD_ENABLE_V2; etcdctl prints for people, and differently in each version.
Source: etcd 2.x, "Members API", "Client API" and "Administration" (/health).
"""

from __future__ import unicode_literals

import json
from collections import namedtuple

from calico_fuel.checks import one_line
from calico_fuel.errors import NodeError
from calico_fuel.etcd import settings
from calico_fuel.etcd.certificates import TLS
from calico_fuel.etcd.steps import Listed
from calico_fuel.fuel.yaml_values import entries as maps, text as text_at, texts

# etcd's own timeout for requests that need a quorum is 5 s.
SECONDS_TO_ASK, SECONDS_TO_CHANGE = 2, 8
FORM = 'application/x-www-form-urlencoded'
# A member, or a proxy to one.
LOCAL = 'http://' + settings.LOCAL_ENDPOINT
# The keys of thousands of workloads are some megabytes.
SECONDS_TO_READ, SECONDS_TO_WRITE = 30, 8
NOT_FOUND = 100
# RFC 3986, 2.3, and the separator of the names in a key.
UNRESERVED = frozenset(bytearray(
    b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/'))


def first_health(system, client_urls):
    """The first of *client_urls* that answers, and whether that etcd is healthy; or
    None, None."""
    for url in client_urls:
        is_good = health(system, url)
        if is_good is not None:
            return url, is_good
    return None, None


def health(system, client_url):
    """Whether the etcd at *client_url* is healthy, None if it does not answer."""
    reply = system.http(
        'GET', client_url + '/health', timeout=SECONDS_TO_ASK, tls=TLS)
    return parse_health(reply.text) if reply else None


def members(system, client_url=LOCAL):
    """Listed for each member that the etcd there knows, by id; None without an answer.

    A proxy asks a member.
    """
    reply = system.http(
        'GET', client_url + '/v2/members', timeout=SECONDS_TO_ASK, tls=TLS)
    return parse_members(reply.text) if reply and reply.status == 200 else None


def answers(system, url):
    """Whether a GET of *url* is answered and good."""
    reply = system.http('GET', url, timeout=SECONDS_TO_ASK, tls=TLS)
    return bool(reply and reply.status == 200)


def parse_health(text):
    return json_object(text).get('health') in ('true', True)


def parse_members(text):
    """The reply of ``GET /v2/members`` -> Listed, by id; None for another text."""
    reply = json_object(text)
    found = tuple(sorted(
        Listed(text_at(one, 'id'), text_at(one, 'name'),
               tuple(texts(one, 'peerURLs')), tuple(texts(one, 'clientURLs')))
        for one in maps(reply, 'members')))
    is_list = isinstance(reply.get('members'), list)
    return found if is_list and all(one.id and one.peer_urls for one in found) else None


def json_object(text):
    """The mapping in a reply of etcd, an empty one in another text."""
    value = json_value(text)
    return value if isinstance(value, dict) else {}


def json_value(text):
    """The value that a text of JSON has, None for another text."""
    try:
        return json.loads(text)
    except (ValueError, RuntimeError):
        # Thousands of brackets are a RuntimeError, of recursion.
        return None


def add_member(system, client_url, peer_urls):
    """Ask the member at *client_url* to add one -> why it does not yet, or ''.

    NodeError if it never will.
    """
    return _change(system, 'POST', client_url + '/v2/members',
                   '{}'.format(json.dumps({'peerURLs': peer_urls})), (201, 409))


def update_member(system, client_url, member_id, peer_urls):
    """Ask the member at *client_url* to list other URLs -> why not yet, or ''."""
    return _change(system, 'PUT', '{}/v2/members/{}'.format(client_url, member_id),
                   '{}'.format(json.dumps({'peerURLs': peer_urls})), (204,))


def remove_member(system, client_url, member_id):
    """Ask the member at *client_url* to remove one -> why it does not yet, or ''."""
    return _change(system, 'DELETE', '{}/v2/members/{}'.format(client_url, member_id),
                   None, (204, 404, 410))


def _change(system, method, url, body, good):
    reply = system.http(method, url, body, timeout=SECONDS_TO_CHANGE, tls=TLS)
    if reply and reply.status in good:
        return ''
    why = '{} {}: {}'.format(method, url, said(reply))
    # etcd 3 answers "Internal Server Error" to a change that is not safe yet:
    # the members have to be connected for 5 s.
    if reply and reply.status < 500:
        raise NodeError(why + '. Look into the log of etcd there, fix what it names, '
                        'and run this again')
    return why


def said(reply):
    return 'etcd answered {} {}'.format(
        reply.status, one_line(reply.text.strip())) if reply else 'no answer'


class Entry(namedtuple('Entry', 'key value expires')):
    """A key, or a directory (``value`` is None).  ``expires``: it has a TTL."""


def entries(system, directory, seconds=SECONDS_TO_READ):
    """The Entries below *directory*, in no order; None where etcd does not answer.

    etcd answers from its own data: that needs no quorum.
    """
    reply = system.http('GET', '{}/v2/keys{}?recursive=true'.format(
        LOCAL, quoted(directory)), timeout=seconds)
    found = json_object(reply.text) if reply else {}
    if found.get('errorCode') == NOT_FOUND:
        return ()
    if not reply or reply.status != 200 or not isinstance(found.get('node'), dict):
        return None
    return tuple(_below(found['node']))


def _below(root):
    todo = [root]
    while todo:
        one = todo.pop()
        todo += maps(one, 'nodes')
        key, value = one.get('key'), one.get('value', '')
        if key and isinstance(key, type('')) and isinstance(value, type('')):
            yield Entry(key, None if one.get('dir') else value, 'ttl' in one)


def write(system, key, value):
    """Write a key, unless it exists -> whether it was written."""
    reply = system.http(
        'PUT', '{}/v2/keys{}?prevExist=false'.format(LOCAL, quoted(key)),
        'value=' + quoted(value, UNRESERVED - {ord('/')}), FORM,
        timeout=SECONDS_TO_WRITE)
    if reply and reply.status == 412:
        return False
    _demand(reply, 201, 'written', key)
    return True


def remove(system, key):
    """Remove a key, or a directory with all below it, at once, if it exists."""
    reply = system.http('DELETE', '{}/v2/keys{}?recursive=true'.format(
        LOCAL, quoted(key)), timeout=SECONDS_TO_WRITE)
    if not (reply and json_object(reply.text).get('errorCode') == NOT_FOUND):
        _demand(reply, 200, 'removed', key)


def _demand(reply, status, done, key):
    if not reply or reply.status != status:
        raise NodeError(
            'etcd key {}: was not {}: {}. Fix the etcd cluster (calico-fuel etcd, '
            'calico-fuel verify), and run this again'.format(
                one_line(key), done, said(reply)))


def quoted(text, unreserved=UNRESERVED):
    """*text* as a part of a URL or of a form (RFC 3986, 2.1)."""
    return ''.join('{:c}'.format(byte) if byte in unreserved else
                   '%{:02X}'.format(byte) for byte in bytearray(text.encode('utf-8')))

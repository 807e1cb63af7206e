"""The keys of an etcd cluster, as its API of version 2 tells and changes them."""

from __future__ import unicode_literals

import json
import re
import zlib

from calico_fuel.system import Reply
from tests.unit.fake.system import UnknownCommand

NOT_FOUND = Reply(404, '{"errorCode": 100}')


def serve(system, keys):
    """Let an etcd with these *keys* answer the node in memory, before its others."""
    system.servers.insert(0, lambda method, url, body: answer(
        keys, True, system.clock, method, url, body))


def answer(keys, has_quorum, clock, method, url, body):
    """The Reply to a request; *keys* maps a key to a value and when it expires."""
    path, _, query = re.sub('^https?://[^/]+/v2/keys', '', url).partition('?')
    path, options = unquoted(path), dict(
        pair.split('=') for pair in query.split('&') if pair)
    for key in [key for key, (_, end) in keys.items() if end and end < clock]:
        del keys[key]
    if method == 'GET':
        node = tree(keys, path.rstrip('/'), clock)
        return Reply(200, json.dumps({'action': 'get', 'node': node})) if (
            node) else NOT_FOUND
    if not has_quorum:
        return Reply(500, '{"errorCode": 300}')
    value = keys.get(path, (None, None))[0]
    if options.get('prevExist') == 'false' and tree(keys, path):
        return Reply(412, '{"errorCode": 105}')
    if ('prevValue' in options or 'prevIndex' in options) and value is None:
        return NOT_FOUND
    if 'prevIndex' in options and int(options['prevIndex']) != index(keys[path]):
        return Reply(412, '{"errorCode": 101}')
    if 'prevValue' in options and value != options['prevValue']:
        return Reply(412, '{"errorCode": 101}')
    if method == 'DELETE':
        gone = [key for key in keys if key == path or (
            options.get('recursive') == 'true' and key.startswith(path + '/'))]
        for key in gone:
            del keys[key]
        return Reply(200, '{}') if gone else NOT_FOUND
    if method == 'PUT':
        if value is None and tree(keys, path):
            return Reply(403, '{"errorCode": 102, "message": "Not a file"}')
        keys[path] = (unquoted(body[len('value='):]), clock + int(options['ttl'])
                      if 'ttl' in options else None)
        return Reply(201 if value is None else 200, '{}')
    raise UnknownCommand(method + ' ' + path)


def index(entry):
    """A number that another value, or another end, changes."""
    return zlib.crc32('{}'.format(entry).encode('utf-8')) & 0xffffffff


def tree(keys, path, clock=0):
    """The node of *path*, with all below it; None where there is none."""
    if path in keys:
        value, end = keys[path]
        node = {'key': path, 'value': value, 'modifiedIndex': index(keys[path])}
        return dict(node, ttl=int(end - clock) + 1, expiration=(
            '2015-11-20T06:15:00Z')) if end else node
    names = sorted(set(key[len(path) + 1:].split('/')[0]
                       for key in keys if key.startswith(path + '/')))
    if not names and path:
        return None
    node = {'dir': True}
    if path:
        node['key'] = path
    if names:
        node['nodes'] = [tree(keys, path + '/' + name, clock) for name in names]
    return node


def unquoted(text):
    return re.sub(b'%([0-9A-F]{2})', lambda found: bytes(bytearray(
        [int(found.group(1), 16)])), text.encode('ascii')).decode('utf-8')

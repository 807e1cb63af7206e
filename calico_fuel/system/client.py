"""A question to an HTTP server."""

from __future__ import unicode_literals

import socket
import ssl
import threading
from collections import namedtuple

from calico_fuel.system.clock import timer, uptime

try:
    from http import client as http_client
    from urllib.parse import urlsplit
except ImportError:
    import httplib as http_client
    from urlparse import urlsplit

# All keys of a large environment are a few MB: an endpoint takes about 500 bytes.
MOST_BYTES = 32 * 1024 * 1024


class Reply(namedtuple('Reply', 'status text')):
    """What an HTTP server said: its status code and the body as text.

    Status 0: the body is larger than MOST_BYTES; the text says so.
    """


def http(method, url, body=None, content_type='application/json', timeout=5, tls=None):
    """Ask an HTTP server -> Reply, or None without an answer in time.

    For a URL of https *tls* has the paths of three PEM files: of the CA that has to
    have signed the server's certificate, of our certificate, and of its key.
    *timeout*, in seconds, is for the whole request, even if the server sends slowly.
    It uses no proxy and follows no redirect: the node's own networks have neither.
    A URL may come from etcd's list of members: nobody answers at one that is none.
    """
    end = uptime() + timeout
    try:
        parts = urlsplit(url)
        # Python 2 would join unicode headers with the bytes of the body.
        connection = http_client.HTTPConnection(
            str(parts.hostname), parts.port, timeout=timeout)
    except (ValueError, http_client.HTTPException):
        return None
    try:
        connection.connect()
        # The connection may close its own socket object before the body is read.
        same = socket.fromfd(
            connection.sock.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        late = threading.Event()
        has_ended = timer(end - uptime(), lambda: _hang_up(same, late))
        try:
            if parts.scheme == 'https':
                connection.sock = _encrypted(connection.sock, *tls)
            connection.request(
                str(method), str(url[url.index(parts.netloc) + len(parts.netloc):]),
                None if body is None else body.encode('utf-8'),
                {} if body is None else {str('Content-Type'): str(content_type)})
            reply = connection.getresponse()
            content = reply.read(MOST_BYTES + 1)
        finally:
            has_ended.set()
            same.close()
        if len(content) > MOST_BYTES:
            return Reply(0, '{}: the reply is larger than {} MB'.format(
                url, MOST_BYTES // 1024 // 1024))
        # The rest of the announced length.
        if late.is_set() or reply.length:
            return None
        return Reply(reply.status, content.decode('utf-8', 'replace'))
    except (EnvironmentError, ValueError, http_client.HTTPException):
        return None
    finally:
        connection.close()


def _encrypted(connected, ca, certificate, key):
    """TLS on a connected socket.

    The server's name is not compared: who has a certificate of the CA has its key.
    """
    if not hasattr(ssl, 'create_default_context'):  # Python 2.7.6 to 2.7.8
        # The newest version of TLS that both sides have.
        return ssl.wrap_socket(connected, key, certificate, False, ssl.CERT_REQUIRED,
                               ssl.PROTOCOL_SSLv23, ca)
    context = ssl.create_default_context(cafile=ca)
    context.check_hostname = False
    context.load_cert_chain(certificate, key)
    return context.wrap_socket(connected)


def _hang_up(connected, late):
    late.set()
    try:
        # A reader gets the end of the stream; a write would be a SIGPIPE.
        connected.shutdown(socket.SHUT_RD)
    except EnvironmentError:
        pass

"""HTTP servers are asked, and what they say is bounded in time and in size."""

from __future__ import unicode_literals

import contextlib
import itertools
import socket
import ssl
import subprocess
import sys
import threading

import pytest

from calico_fuel import system

pytestmark = [pytest.mark.runs_programs, pytest.mark.filterwarnings('ignore:ssl')]


def test_nobody_at_an_address_is_no_reply():
    assert system.http('GET', 'http://127.0.0.1:9/health', timeout=1) is None


@pytest.mark.parametrize('url', [
    '', '/health', 'http://', 'http://[::1/health', 'http://127.0.0.1:abc/health',
    'http://127.0.0.1:99999/health', 'http://127.0.0.1:\u0661/', 'http://\xe4:9/\xe4',
    'http://127.0.0.1:9/\xe4', 'http://127.0.0.1:9/a b\r\nX: y',
    'http://{}:9/'.format('x' * 300), 'http://a\0b:9/'])
def test_nobody_answers_at_what_is_no_url(url):
    """Etcd's list of members may have it."""
    assert system.http('GET', url, timeout=1) is None


def test_an_http_server_is_asked_and_errors_are_replies(tmpdir):
    server = ('import sys\ntry:\n from http.server import *\nexcept ImportError:\n'
              ' from BaseHTTPServer import *\n'
              'class H(BaseHTTPRequestHandler):\n'
              ' def do_PUT(self):\n'
              '  n = int(self.headers["Content-Length"])\n'
              '  self.send_response(404 if "missing" in self.path else 201)\n'
              '  self.end_headers(); self.wfile.write(self.rfile.read(n))\n'
              ' def log_message(self, *a): pass\n'
              's = HTTPServer(("127.0.0.1", 0), H)\n'
              'print(s.server_port); sys.stdout.flush()\n'
              's.handle_request(); s.handle_request()\n')
    process = subprocess.Popen([sys.executable, '-c', server], stdout=subprocess.PIPE)
    url = 'http://127.0.0.1:{}/'.format(int(process.stdout.readline()))
    try:
        assert system.http('PUT', url, 'value=\xe4') == (201, 'value=\xe4')
        assert system.http('PUT', url + 'missing', '') == (404, '')
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def server(parts, tls=None):
    """A server on loopback that sends *parts*, pauses for None; its URL.

    With *tls* it demands a certificate of that CA.
    """
    listening = socket.socket()
    listening.bind((str('127.0.0.1'), 0))
    listening.listen(1)
    is_over = threading.Event()

    def serve():
        connected, _ = listening.accept()
        try:
            if tls:
                connected = encrypted(connected, tls)
            connected.recv(1000)
            for part in parts:
                if is_over.is_set():
                    break
                if part is None:
                    is_over.wait(0.1)
                else:
                    connected.send(part)
        except EnvironmentError:
            pass
        connected.close()
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield '{}://127.0.0.1:{}/path'.format(
            'https' if tls else 'http', listening.getsockname()[1])
    finally:
        is_over.set()
        thread.join()
        listening.close()


CONTEXT = ssl.create_default_context


def encrypted(connected, tls):
    context = CONTEXT(ssl.Purpose.CLIENT_AUTH, cafile=tls.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(tls.certificate, tls.key)
    return context.wrap_socket(connected, server_side=True)


def drip(text):
    return itertools.chain.from_iterable(
        (text[n:n + 1], None) for n in range(len(text)))


ENDLESS = b'x' * 100000


@pytest.mark.parametrize('parts', [
    drip(b'HTTP/1.0 200 OK\r\nX: ' + ENDLESS),
    itertools.chain([b'HTTP/1.0 200 OK\r\n\r\n'], drip(ENDLESS)),
    itertools.chain([b'HTTP/1.0 200 OK\r\nContent-Length: 99999\r\n\r\n'],
                    drip(ENDLESS)),
    itertools.chain([b'HTTP/1.0 500 Error\r\n\r\n'], drip(ENDLESS)),
    itertools.chain([b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
                    drip(b'9999\r\n' + ENDLESS))],
    ids=['headers', 'to the end', 'with a length', 'an error', 'in chunks'])
def test_a_server_that_drips_is_no_reply_after_the_timeout(parts):
    """Its last byte would come after hours."""
    with server(parts) as url:
        assert system.http('GET', url, timeout=1) is None


@pytest.mark.parametrize('status', [b'200 OK', b'500 Error'])
def test_a_reply_without_an_end_is_cut_off_and_told(status):
    head = b'HTTP/1.0 ' + status + b'\r\n\r\n'
    with server(itertools.chain([head], itertools.repeat(ENDLESS))) as url:
        reply = system.http('GET', url, timeout=50)

    assert reply == (0, url + ': the reply is larger than 32 MB')


def test_a_reply_that_is_cut_short_is_none():
    with server([b'HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf']) as url:
        assert system.http('GET', url, timeout=50) is None


REPLY = b'HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\ngood'
# Python 2.7.8 and older know only the first; 3.12 and newer only the second.
WAYS = ['wrap_socket', 'create_default_context']


@pytest.fixture(params=[way for way in WAYS if hasattr(ssl, way)])
def way(request, monkeypatch):
    if request.param == 'wrap_socket':
        monkeypatch.delattr(ssl, 'create_default_context')


@pytest.mark.parametrize('of_server, of_client, reply', [
    ('secret', 'secret', (200, 'good')),
    ('secret', 'other', None),
    ('other', 'secret', None)])
def test_both_sides_demand_a_certificate_of_their_authority(
        way, certificate, of_server, of_client, reply):
    _, served = certificate('node-1', secret=of_server)
    _, tls = certificate('node-2', '192.0.2.12', of_client)

    with server([REPLY], served) as url:
        assert system.http('GET', url, timeout=50, tls=tls) == reply


def test_a_client_without_a_certificate_gets_no_reply(way, certificate):
    _, served = certificate('node-1')

    with server([REPLY], served) as url:
        assert system.http(
            'GET', url, timeout=50, tls=served._replace(key='/none')) is None


def test_a_server_that_says_nothing_of_tls_is_no_reply_after_the_timeout(
        way, certificate):
    _, tls = certificate('node-1')

    with server(itertools.repeat(None)) as url:
        assert system.http('GET', url.replace('http', 'https'), timeout=1, tls=tls
                           ) is None


def test_a_server_with_tls_that_drips_is_no_reply_after_the_timeout(way, certificate):
    _, tls = certificate('node-1')

    with server(drip(b'HTTP/1.0 200 OK\r\nX: ' + ENDLESS), tls) as url:
        assert system.http('GET', url, timeout=1, tls=tls) is None

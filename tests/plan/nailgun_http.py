"""The stand-in for Nailgun over HTTP: which method and path ask it for what."""

import contextlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.plan.nailgun import Nailgun, Refusal

ROUTES = [
    ('GET', 'version', Nailgun.version),
    ('GET', 'plugins/', Nailgun.list_plugins),
    ('POST', 'plugins/', Nailgun.create_plugin),
    ('POST', 'plugins/sync/', Nailgun.sync_plugins),
    ('PUT', r'plugins/(\d+)', Nailgun.update_plugin),
    ('DELETE', r'plugins/(\d+)', Nailgun.delete_plugin),
    ('GET', 'clusters/', Nailgun.list_environments),
    ('POST', 'clusters/', Nailgun.create_environment),
    ('GET', r'clusters/(\d+)/', Nailgun.show_environment),
    ('DELETE', r'clusters/(\d+)/', Nailgun.delete_environment),
    ('GET', r'clusters/(\d+)/attributes', Nailgun.show_settings),
    ('PUT', r'clusters/(\d+)/attributes', Nailgun.change_settings),
]


@contextlib.contextmanager
def served(nailgun):
    """The port of 127.0.0.1 on which *nailgun* answers."""
    with _Server(nailgun) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    def __init__(self, nailgun):
        super().__init__(('127.0.0.1', 0), _Handler)
        self._nailgun = nailgun
        self._lock = threading.Lock()

    def answer(self, method, path, data):
        """Status and JSON of the answer."""
        for wanted_method, pattern, function in ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == wanted_method:
                with self._lock:
                    return function(self._nailgun, *map(int, match.groups()),
                                    *[data] if method in ('POST', 'PUT') else [])
        raise Refusal(501, 'the stand-in does not know {} {}'.format(method, path))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        path = self.path.partition('?')[0]
        try:
            status, data = self.server.answer(
                self.command, re.sub('^/api/(v1/)?', '', path),
                json.loads(body) if body else None)
        except Refusal as refusal:
            status, message = refusal.args
            data = {'message': message, 'errors': []}
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        if status != 204:
            self.wfile.write(json.dumps(data).encode())
    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass

"""A list of plugins and one environment behind Nailgun's API: as much as is asked for.

It checks nothing, so no test can be about what it accepts.
"""

import contextlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextlib.contextmanager
def served(release, answers=None):
    """Such a server on a port of 127.0.0.1, for a master of the Fuel *release*.

    *answers* has what it says of an environment: path and query -> data.
    """
    with _Server(('127.0.0.1', 0), _Handler) as server:
        server.release, server.plugins, server.refusal = release, {}, ''
        server.answers, server.saved, server.asked = answers or {}, [], []
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """``refusal`` is the answer to whoever wants to delete or change something.

    ``plugins`` is what the client has told of each, by its id; ``saved`` has pairs of
    path and data of what it has changed in the environment, ``asked`` pairs of method
    and path of every request.
    """

    def answer(self, method, path, data):
        """Status and JSON of the answer."""
        self.asked.append((method, path))
        number = int('0' + re.sub(r'\D', '', path.partition('?')[0]))
        if path == 'version':
            return 200, {'api': '1.0', 'release': self.release,
                         'auth_required': False, 'feature_groups': []}
        if path in self.answers:
            return self._of_environment(method, path, data)
        path = path.partition('?')[0]
        if (method, path) == ('GET', 'plugins/'):
            return 200, list(self.plugins.values())
        if (method, path) == ('POST', 'plugins/sync/'):
            return 200, {}
        if (method, path) == ('POST', 'plugins/'):
            number = len(self.plugins) + 1
            self.plugins[number] = dict(data, id=number)
            return 201, self.plugins[number]
        if method == 'PUT' and number in self.plugins:
            self.plugins[number].update(data)
            return 200, self.plugins[number]
        if method == 'DELETE' and number in self.plugins:
            if self.refusal:
                return 400, {'message': self.refusal, 'errors': []}
            del self.plugins[number]
            return 204, None
        return 501, {'message': 'not known here: {} {}'.format(method, path)}

    def _of_environment(self, method, path, data):
        if method == 'PUT':
            if self.refusal:
                return 400, {'message': self.refusal, 'errors': []}
            self.saved.append((path, data))
        return 200, self.answers[path]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        status, data = self.server.answer(
            self.command, re.sub('^/api/(v1/)?', '', self.path),
            json.loads(body) if body else None)
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        if data is not None:
            self.wfile.write(json.dumps(data).encode())
    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass

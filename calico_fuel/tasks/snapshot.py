"""A node at one moment: each question is asked once, and no answer is waited for long.

``status`` asks through it.  Changes go to the node itself.
"""

from __future__ import unicode_literals

from calico_fuel.bgp.bird import SECONDS_TO_ANSWER
from calico_fuel.errors import SlowError

# What did not answer in this time is not asked again.
SECONDS_FOR_HTTP, SECONDS_FOR_PROGRAM = 1, 3
# A question with a larger bound of its own, such as all routes of a reflector.
SECONDS_FOR_MUCH = 15


class Snapshot(object):
    """The functions of *system*; programs and HTTP answer the same again."""

    def __init__(self, system):
        self._system = system
        self._known = {}
        self._slow = {}

    def __getattr__(self, name):
        return getattr(self._system, name)

    def run(self, argv, text=None, accept=(0,), timeout=120):
        asked = _asked(argv)
        if asked in self._slow:
            raise self._slow[asked]
        bound = SECONDS_FOR_MUCH if timeout > SECONDS_TO_ANSWER else SECONDS_FOR_PROGRAM
        return self._once((tuple(argv), text, accept), lambda: self._run(
            argv, text, accept, min(timeout, bound)))

    def _run(self, argv, text, accept, timeout):
        try:
            return self._system.run(
                argv, text=text, accept=accept, timeout=timeout)
        except SlowError as error:
            self._slow[_asked(argv)] = error
            raise

    def http(self, method, url, body=None, content_type='application/json', timeout=5,
             tls=None):
        server = url.partition('//')[2].partition('/')[0]
        if server in self._slow:
            return None
        return self._once((method, url, body), lambda: self._http(
            server, method, url, body=body, content_type=content_type,
            timeout=min(timeout, SECONDS_FOR_HTTP), tls=tls))

    def _http(self, server, *arguments, **options):
        begin = self._system.uptime()
        reply = self._system.http(*arguments, **options)
        if reply is None and self._system.uptime() - begin >= SECONDS_FOR_HTTP:
            self._slow[server] = True
        return reply

    def _once(self, key, ask):
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


def _asked(argv):
    """Who answers: one program, or one of the services behind "service"."""
    return tuple(argv[:2]) if argv[0] == 'service' else argv[0]

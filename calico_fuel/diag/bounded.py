"""A node on which nothing takes long, and nobody waits for a better state."""

from __future__ import unicode_literals

from calico_fuel.errors import SlowError

# Of one program, and of all of them.
SECONDS_FOR_ONE, SECONDS_IN_ALL = 15, 120
SECONDS_FOR_HTTP = 4


class Bounded(object):
    """The *system*, for as long as SECONDS_IN_ALL from now."""

    def __init__(self, system):
        self._system = system
        self._end = system.uptime() + SECONDS_IN_ALL

    def __getattr__(self, name):
        return getattr(self._system, name)

    def left(self):
        """The seconds that are left, 0 if there are none."""
        return max(0, self._end - self._system.uptime())

    def run(self, argv, text=None, accept=(0,), timeout=SECONDS_FOR_ONE):
        seconds = min(timeout, SECONDS_FOR_ONE, self.left())
        if not seconds:
            raise SlowError(argv, -9, 0)
        return self._system.run(argv, text, accept, seconds)

    def http(self, method, url, *arguments, **options):
        seconds = min(options.get('timeout', SECONDS_FOR_HTTP), SECONDS_FOR_HTTP,
                      self.left())
        return self._system.http(
            method, url, *arguments, **dict(options, timeout=seconds)
        ) if seconds else None

    def eventually(self, poll, seconds, interval=0.25, until=bool):
        """What *poll* returns now."""
        return poll()

"""BIRD does not run, and none of its routes is left."""

from __future__ import unicode_literals

from calico_fuel.resources.service import Disabled

# BIRD's number of the kernel's routing protocols (RTPROT_BIRD).
PROTOCOL = '12'
SECONDS_TO_STOP = 10


class NoBird(Disabled):
    """Stopped cleanly, so that its neighbors drop its routes at once.

    Its routes in the kernel stay when it stops (``persist``), which is for
    restarts; here they go too.
    """

    __slots__ = ()

    def difference(self, system):
        routes = _routes(system)
        lines = [super(NoBird, self).difference(system), routes and (
            '{}: has left {} routes in the kernel'.format(
                self.name, len(routes.splitlines())))]
        return '\n'.join(filter(None, lines))

    def change(self, system):
        super(NoBird, self).change(system)
        system.eventually(lambda: not self.is_running(system), SECONDS_TO_STOP)
        if _routes(system):
            system.run(['ip', 'route', 'flush', 'proto', PROTOCOL])


def _routes(system):
    return system.run(['ip', 'route', 'show', 'proto', PROTOCOL]).stdout.strip()

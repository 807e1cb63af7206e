"""BIRD as a service of the node, and its absence."""

from __future__ import unicode_literals

from calico_fuel.bgp import bird
from calico_fuel.errors import NodeError
from calico_fuel.resources.service import Disabled, SECONDS_TO_START, Service

# Numbers of the kernel's routing protocols: that of BIRD (RTPROT_BIRD), and ours for
# pinned routes (rtnetlink(7): below 186 or unassigned).
PROTOCOL, PINNED = '12', '202'
SECONDS_TO_STOP = 10


class NoBird(Disabled):
    """Stopped cleanly, so that its neighbors drop its routes at once.

    BIRD leaves its routes in the kernel when it stops (``persist``), for restarts;
    here they are deleted too, and pinned routes with them.
    """

    def difference(self, system):
        routes = _routes(system)
        lines = [super(NoBird, self).difference(system), routes and (
            '{}: has left {} routes in the kernel'.format(
                self.name, len(routes)))]
        return '\n'.join(filter(None, lines))

    def change(self, system):
        if self.is_running(system):
            bird.close_sessions(system)
        super(NoBird, self).change(system)
        system.eventually(lambda: not self.is_running(system), SECONDS_TO_STOP)
        for protocol in PROTOCOL, PINNED:
            system.run(['ip', 'route', 'flush', 'proto', protocol])

    def is_running(self, system):
        return bird.is_running(system)


def _routes(system):
    """The rows of ``ip`` about routes that BIRD or a pin has left in the kernel."""
    return [row for protocol in (PROTOCOL, PINNED) for row in system.run(
        ['ip', 'route', 'show', 'proto', protocol]).stdout.splitlines()]


class Bird(Service):
    """BIRD, which loads a new configuration without losing a session.

    A running BIRD of another version than the installed one may not understand the
    written file, so it is restarted.  It is killed, not stopped: neighbors keep its
    routes until the new one is up, and no packet is lost.  A BIRD without a listening
    socket tries again when it reads its configuration.
    """

    def difference(self, system):
        found = super(Bird, self).difference(system)
        if not found and bird.lacks_socket(system):
            return '{}: has no listening socket, because {}'.format(
                self.label, bird.PORT_IS_TAKEN)
        return found

    def change(self, system):
        super(Bird, self).change(system)
        if bird.lacks_socket(system):
            raise NodeError('{}: runs and has no session, because {}. Then run this '
                            'again'.format(self.label, bird.PORT_IS_TAKEN))

    def reload(self, system):
        if bird.is_outdated(system):
            bird.kill(system)
            system.eventually(
                lambda: self._is_back(system), SECONDS_TO_START, interval=1)
        else:
            bird.configure(system)

    def is_running(self, system):
        """Ask the daemon: the status of its SysV script says nothing."""
        return bird.is_running(system)

    def _is_back(self, system):
        # Fails where upstart has started it already.
        system.run(['service', self.name, 'start'], accept=None)
        return self.is_running(system)

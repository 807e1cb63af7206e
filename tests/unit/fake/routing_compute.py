"""A compute with routes of BIRD, beside those of its own."""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel.converge import converge
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.system import Entry, FakeSystem, UnknownCommand, bad, good

# To instances, by the addresses of computes; this one's own is 192.0.2.12.
ROUTE = '203.0.113.{} via 192.0.2.{} dev br-mgmt'
TAP = '203.0.113.1 dev tap1 scope link'
SHOW = ['-4', 'route', 'show']
LEARNED = '{} on br-mgmt [{} 12:00:02] * (100) [i]\n'


class Compute(FakeSystem):
    """node-2, with an instance, and each a route to one on node-3 and on node-4.

    ``of_bird`` and ``pinned`` are the routes in the kernel.  ``learned`` is what BIRD
    has from its reflector, which has the state ``session``; ``from_kernel`` what it has
    from the kernel.
    """

    def __init__(self, dies_at=None, metric=''):
        super(Compute, self).__init__(dies_at=dies_at)
        self.files[CONF] = Entry(conf(), 'root:bird', 0o640)
        self.bird = Bird(self)
        self.bird.start()
        self.own = ['default via 192.0.2.1 dev br-mgmt', TAP]
        self.of_bird = [ROUTE.format(2, 13) + metric, ROUTE.format(3, 14) + metric]
        self.pinned, self.learned, self.from_kernel = [], list(self.of_bird), []
        self.session = 'Established'
        # When BIRD learns, and tells the kernel, all routes again.
        self.comes_back = None
        # Addresses to which the kernel takes no second route.
        self.refused = set()
        self.programs.update({'ip': self.ip, 'birdc': self.birdc, 'service': None})

    def ip(self, argv, text):
        if argv[1:] == SHOW:
            return good('\n'.join(self.own + self.of_bird + self.pinned))
        if argv[1:] in (SHOW + ['proto', '12'], SHOW + ['proto', '202']):
            return good('\n'.join(self.of_bird if argv[5] == '12' else self.pinned))
        if argv[1:] != ['-force', '-batch', '-']:
            raise UnknownCommand(' '.join(argv))
        return bad('RTNETLINK answers: Network is unreachable\n', 1) if [
            row for row in text.splitlines() if not self._obeys(row)] else good()

    def _obeys(self, row):
        self.about_to_change()
        kind, verb, route = row.split(' ', 2)
        route, rest = route.split(' proto')
        address = route.split()[0]
        assert (kind == 'route' and verb in ('replace', 'del')
                and rest == ' 202 metric 20200'), row
        self.pinned = [one for one in self.pinned if one != route and (
            verb == 'del' or one.split()[0] != address or address in self.refused)]
        if verb == 'replace' and address not in self.refused:
            self.pinned.append(route)
        return address not in self.refused

    def birdc(self, argv, text):
        if self.comes_back is not None and self.clock >= self.comes_back:
            self.of_bird = self.learned = [ROUTE.format(2, 13), ROUTE.format(3, 14)]
        self.bird.sessions = (
            'reflector_node_1 BGP master up 12:00:01 {}\n'
            'kernel1 Kernel master up 12:00:01\n'.format(self.session))
        self.bird.routes = ''.join(
            LEARNED.format(route.replace(' via', '/32 via').split(' dev')[0], name)
            for name, some in (('reflector_node_1', self.learned),
                               ('kernel1', self.from_kernel)) for route in some)
        return self.bird.birdc(argv, text)


def of(**settings):
    return environment(roles(1, 3), uid='2', cleanup_ovs=False, **settings)


def conf(**settings):
    wanted = of(**settings)
    return render.bird_conf(wanted, wanted.this_node, 1)


def outcomes(task, system, dry_run=False, **settings):
    """What became of the resources of *task*."""
    wanted = of(**settings)
    return list(converge(
        task.resources(wanted, wanted.this_node, system), system, dry_run))


def states(task, system, **settings):
    return [outcome.state for outcome in outcomes(task, system, **settings)]

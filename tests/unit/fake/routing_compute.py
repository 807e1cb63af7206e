"""A compute with routes of BIRD, beside those of its own."""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel.converge import converge
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.system import Entry, FakeSystem, UnknownCommand, bad, good

# To workloads, by the addresses of computes; this one's own is 192.0.2.12.
OF_BIRD = '203.0.113.{} via 192.0.2.{} dev br-mgmt'
TAP = '203.0.113.1 dev tap1 scope link'
BATCH = ['-force', '-batch', '-']
KEPT = 'RTNETLINK answers: {}\nCommand failed -:1\n'


class Compute(FakeSystem):
    """node-2, with a workload, and each a route to one on node-3 and on node-4."""

    def __init__(self, dies_at=None, metric=''):
        super(Compute, self).__init__(dies_at=dies_at)
        self.files[CONF] = Entry(conf(), 'bird:bird', 0o640)
        self.bird = Bird(self)
        self.bird.start()
        self.own = ['default via 192.0.2.1 dev br-mgmt', TAP]
        self.of_bird = [OF_BIRD.format(2, 13) + metric, OF_BIRD.format(3, 14) + metric]
        self.held = []
        # Last bytes of addresses of workloads, and of the computes that tell BIRD.
        self.told = [(2, 13), (3, 14)]
        self.session = 'Established'
        # Looks at BIRD, and the one from which on it is told of both.
        self.looks = 0
        self.comes_back = None
        birdc = self.programs['birdc']

        def telling(argv, text):
            self._look()
            return birdc(argv, text)
        self.programs['birdc'] = telling
        # Addresses to which the kernel takes no second route, and lets go of none.
        self.refused = set()
        self.programs.update({'ip': self.ip, 'service': None})

    def ip(self, argv, text):
        if argv[1:] == BATCH:
            self.about_to_change()
            return self._batch(text.splitlines())
        if argv[1:] == ['-4', 'route', 'show']:
            return good('\n'.join(
                self.own + [row + ' proto bird' for row in self.of_bird]
                + [row + ' proto 202 metric 20200' for row in self.held]))
        if argv[1:5] == ['-4', 'route', 'show', 'proto']:
            return good('\n'.join({'12': self.of_bird, '202': self.held}[argv[5]]))
        raise UnknownCommand(' '.join(argv))

    def _look(self):
        self.looks += 1
        if self.comes_back is not None and self.looks >= self.comes_back:
            self.told = [(2, 13), (3, 14)]
            self.of_bird = [OF_BIRD.format(*pair) for pair in self.told]
        self.bird.sessions = (
            'reflector_node_1 BGP master up 12:00:01 {}\n'
            'kernel1 Kernel master up 12:00:01\n'.format(self.session))
        self.bird.routes = ''.join(
            '203.0.113.{}/32  via 192.0.2.{} on br-mgmt [reflector_node_1 12:00:02] * '
            '(100) [i]\n'.format(*pair) for pair in self.told) + (
            # A floating address, which BIRD has learned from the route that is held.
            '198.51.100.7/32 via 192.0.2.13 on br-mgmt [kernel1 12:00:03] * (10)\n')

    def _batch(self, rows):
        complaint = ''
        for row in rows:
            _, verb, route = row.split(' ', 2)
            assert route.endswith(' proto 202 metric 20200')
            address, route = route.split()[0], route.partition(' proto')[0]
            if address in self.refused:
                complaint = KEPT.format('Network is unreachable')
            elif verb == 'replace':
                self.held = [
                    one for one in self.held if one.split()[0] != address] + [route]
            elif verb == 'del':
                if route in self.held:
                    self.held.remove(route)
                else:
                    complaint = KEPT.format('No such process')
            else:
                raise UnknownCommand(row)
        return bad(complaint, 1) if complaint else good()


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

"""make bench-convergence: how soon all other computes route to an instance.

An instance starts on a compute, then moves to the next one, and so on.  Measured is
from the route in the kernel of its compute, as Felix makes it, until the last other
compute has the route to that compute in its own kernel: `ip monitor` on each of them
says when.  BIRDs have the rendered configs, with one route reflector.
"""

import datetime
import re
import statistics

from lab import terminal
from lab.machine import programs, run
from lab.measure import load, scale

ADDRESS = '203.0.113.61'
# What `ip -tshort monitor` prints of a route that comes, not of one that goes.
EVENT = re.compile(r'(?m)^\[(\S+)\] {} (?:via (\S+) )?'.format(re.escape(ADDRESS)))
TAP = ('link add name tap1 type veth peer name workload', 'link set dev workload up',
       'link set dev tap1 up')
ROW = '{:>14} {:>7} {:>12} {:>12} {:>12} {:>7}'


def main():
    options = parse_arguments()
    terminal.demand('bench-convergence', [options.bird])
    rows = []
    with terminal.reporting('bench-convergence'):
        run.remove_remains()
        for others in options.routes:
            with load.Load() as meanwhile, run.Run() as this_run:
                seconds = measure(this_run, options, others)
            rows.append((others, seconds, meanwhile.others))
    print('\nBIRD {}, {} computes: an instance starts or moves, until all other '
          'computes route to it, in ms\n'.format(options.bird, options.clients))
    print(ROW.format('other routes', 'samples', 'median', 'p90', 'worst', 'others'))
    for others, seconds, used in rows:
        found = sorted(1000 * each for each in seconds)
        print(ROW.format(others, len(found), *map('{:.1f}'.format, (
            statistics.median(found), found[len(found) * 9 // 10], found[-1], used))))


def parse_arguments():
    parser = scale.parser('bench-convergence', __doc__, 5)
    parser.add_argument(
        '--samples', type=int, choices=range(1, 10001), default=100, metavar='N',
        help='how often it moves (default: 100)')
    parser.add_argument(
        '--routes', nargs='+', type=int, default=[0, 500], metavar='N',
        help='to other instances (default: 0, then 500)')
    return parser.parse_args()


def measure(this_run, options, others):
    """Seconds of each sample."""
    with terminal.step('{} other routes: make the nodes'.format(others)):
        network = scale.prepare(this_run, options)
        computes = [node for name, node in network.nodes.items() if name != 'node-1']
        for number, node in enumerate(computes):
            node.configure(*TAP, *(
                'route add 10.65.{}.{}/32 dev tap1'.format(n // 250, n % 250)
                for n in range(number, others, len(computes))))
        network.start()
        scale.seconds_to_established(network.birds['node-1'], options.clients)
        await_routes(computes, others)
        logs = {node: this_run.directory / (node.name + '.events') for node in computes}
        for node, log in logs.items():
            this_run.start(node.inside('ip', '-tshort', '-oneline', 'monitor',
                                       'route'), log)
    with terminal.step('{} samples'.format(options.samples)):
        return [sample(logs, computes[number % len(computes)],
                       computes[(number + 1) % len(computes)])
                for number in range(options.samples)]


def await_routes(computes, others):
    if not programs.eventually(lambda: all(
            len(re.findall(r'(?m)^10\.65\.', node.routes())) == others
            for node in computes), 60):
        raise programs.LabError('not every compute has {} routes'.format(others))


def sample(logs, old, new):
    """Seconds until all others route to *new*, where the instance of *old* now is."""
    before = {node: len(log.read_text()) for node, log in logs.items()}
    if 'tap1' in old.routes(ADDRESS):
        old.configure('route del {}/32 dev tap1'.format(ADDRESS))
    new.configure('route replace {}/32 dev tap1'.format(ADDRESS))

    def times():
        found = {}
        for node, log in logs.items():
            for when, hop in EVENT.findall(log.read_text()[before[node]:]):
                if hop == ('' if node == new else new.address):
                    found.setdefault(node, datetime.datetime.fromisoformat(when))
        return len(found) == len(logs) and found
    found = programs.eventually(times, 60, interval=0.02)
    if not found:
        raise programs.LabError('not all computes route to {} on {} within 60 s'.format(
            ADDRESS, new.name))
    return (max(found.values()) - found[new]).total_seconds()


if __name__ == '__main__':
    main()

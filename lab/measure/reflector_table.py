"""The table of make bench-reflector."""

import statistics
from collections import namedtuple

from lab.measure import load

KINDS = OURS, MINIMAL, EARLIER = 'ours', 'minimal', 'earlier'
HEADINGS = ('clients', 'config', 'Estab. s', 'routes s', 'CPU s', 'MiB', 'log kB',
            'Estab. s', 'routes s', 'CPU s', 'limit', 'others')
TITLES = '{:>7} {:>8} ' + '{:>8} {:>8} {:>7} ' + '{:>6} {:>7} ' + (
    '{:>8} {:>8} {:>7} {:>15} {:>6}')
ROW = '{:>7} {:>8} ' + '{:8.1f} {:8.1f} {:7.2f} ' + '{:6.1f} {:7.0f} ' + (
    '{:8.1f} {:8.1f} {:7.2f} {:>15} {:6.2f}')


class Start(namedtuple('Start', 'established complete cpu clients')):
    """Seconds until all are Established, until all have all routes, and those of CPU
    until then: of the reflector, and of the process that is all clients."""


class Round(namedtuple('Round', 'start memory log restart others')):
    """A Start, MiB, kB, the Start after SIGKILL, and processors that others used."""


def show(line, rows, options):
    """*rows*: number of clients -> kind -> Rounds."""
    print('\nBIRD {}, {} routes a client: medians of {} rounds; after a start, and '
          'after SIGKILL and another start\n'.format(
              line, options.routes, options.rounds))
    print(TITLES.format(*HEADINGS))
    cpu = {}
    for number, rounds in rows.items():
        medians = {kind: median(rounds[kind]) for kind in KINDS}
        for kind, (start, memory, log, restart, others) in medians.items():
            print(ROW.format(number, kind, *start[:3], memory, log, *restart[:3],
                             limit(start, restart), others))
            cpu[kind, number] = start.cpu
        print('{:>7} clients, CPU: ours / minimal {:.2f}, ours / earlier {:.2f}'.format(
            number, *(cpu[OURS, number] / cpu[kind, number]
                      for kind in (MINIMAL, EARLIER))))
    if len(rows) > 1:
        before, after = sorted(rows)[-2:]
        print('CPU from {} to {} clients: {} (routes x clients: n^2)'.format(
            before, after, ', '.join('{} n^{:.2f}'.format(kind, load.exponent(
                before, cpu[kind, before], after, cpu[kind, after]))
                for kind in KINDS)))


def median(rounds):
    start, memory, log, restart, others = zip(*rounds)
    return Round(median_start(start), statistics.median(memory), statistics.median(log),
                 median_start(restart), statistics.median(others))


def median_start(starts):
    return Start(*map(statistics.median, zip(*starts)))


def limit(start, restart):
    """Whose CPU took more of the time, and how much of it; a low one waited."""
    seconds = start.complete + restart.complete
    return '{1} {0:.0%}'.format(*max(
        ((start.cpu + restart.cpu) / seconds, 'reflector'),
        ((start.clients + restart.clients) / seconds, 'clients')))

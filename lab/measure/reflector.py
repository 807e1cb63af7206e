"""make bench-reflector: what a route reflector's filters, limits and passwords cost.

The rendered configs against a control: the same configs where the reflector has no
filter and no limit, and no session a password.  Both run in turns, in the same
namespaces.  Every client is a BIRD of its own, with routes to its workloads.  Take
the ratios as the result; the seconds are those of this machine.
"""

import os
import re
import statistics
from collections import namedtuple
from pathlib import Path

from lab import terminal
from lab.machine import programs, run
from lab.measure import scale

REFLECTOR = 'node-1'
KINDS = RENDERED, CONTROL = 'rendered', 'control'
# Clients learn all routes, and spare their kernels: here they are on one machine.
SPARE_KERNEL = ('export where source = RTS_BGP;', 'export none;')
UNFILTERED = (
    (r'(?m)^ *(import keep filtered|receive limit|import limit) .*;\n', ''),
    (r'\b(im|ex)port (filter|where) .*;', r'\1port all;'))
PASSWORD = (r'(?m)^ *password .*;\n', '')
TICKS = os.sysconf('SC_CLK_TCK')
IDLE = slice(3, 5)
PATIENCE = 600


class Round(namedtuple('Round', 'established reflector clients others')):
    """Seconds until all are Established, and of CPU until all have all routes.

    *others*: of all that runs on this machine but the BIRDs.
    """


def main():
    options = parse_arguments()
    terminal.demand('bench-reflector', [options.bird])
    with terminal.reporting('bench-reflector'):
        run.remove_remains()
        with run.Run() as this_run:
            rounds = measure(this_run, options)
    print('\nBIRD {}, {} clients with {} routes each: medians of {} rounds, in '
          'seconds\n'.format(options.bird, options.clients, options.routes,
                             options.rounds))
    print('{:36} {:>8} {:>8} {:>8}'.format('', *KINDS, 'ratio'))
    for title, rendered, control in zip(
            ('until all are Established', 'CPU of the reflector', 'CPU of the clients',
             'CPU of others'), *(median(rounds[kind]) for kind in KINDS)):
        print('{:36} {:8.2f} {:8.2f} {:8.2f}'.format(
            title, rendered, control, rendered / control))


def parse_arguments():
    parser = scale.parser('bench-reflector', __doc__, 250)
    parser.add_argument(
        '--routes', type=int, choices=range(1, 101), default=20, metavar='N',
        help='of each client: 1 to 100 (default: 20)')
    parser.add_argument(
        '--rounds', type=int, choices=range(1, 100), default=5, metavar='N',
        help='of each configuration (default: 5)')
    return parser.parse_args()


def median(rounds):
    return Round(*map(statistics.median, zip(*rounds)))


def measure(this_run, options):
    """The Rounds of each kind."""
    with terminal.step('render and make the nodes'):
        network = scale.prepare(this_run, options)
        texts = {kind: {} for kind in KINDS}
        for name, daemon in network.birds.items():
            text = daemon.config.read_text()
            if name != REFLECTOR:
                add_workloads(network.nodes[name], options.routes)
                text = text.replace(*SPARE_KERNEL)
            texts[RENDERED][name] = text
            texts[CONTROL][name] = control(text, is_reflector=name == REFLECTOR)
    rounds = {kind: [] for kind in KINDS}
    for number in range(options.rounds):
        for kind in KINDS if number % 2 else KINDS[::-1]:
            for name, daemon in network.birds.items():
                daemon.config.write_text(texts[kind][name])
            with terminal.step('round {}: {}'.format(number + 1, kind)):
                rounds[kind].append(one_round(network, options))
            print('    {0.established:.1f} s; CPU: reflector {0.reflector:.2f} s, '
                  'clients {0.clients:.1f} s, others {0.others:.1f} s'.format(
                      rounds[kind][-1]))
    return rounds


def add_workloads(node, number):
    """Routes to a tap interface, as Felix makes them."""
    _, _, third, fourth = node.address.split('.')
    node.configure(
        'link add name tap1 type veth peer name workload',
        'link set dev workload up', 'link set dev tap1 up',
        *('route add 10.{}.{}.{}/32 dev tap1'.format(n, third, fourth)
          for n in range(number)))


def control(text, is_reflector):
    for pattern, new in (PASSWORD,) + UNFILTERED * is_reflector:
        text, found = re.subn(pattern, new, text)
        if not found:
            raise programs.LabError('no config has "{}"'.format(pattern))
    return text


def one_round(network, options):
    """Start all daemons, and end them when all clients have learned all routes."""
    reflector, *clients = network.birds.values()
    busy = cpu_of_machine()
    network.start()
    established = scale.seconds_to_established(reflector, options.clients)
    wanted = (options.clients - 1) * options.routes
    for client in clients:
        if not programs.eventually(lambda: learned(client) == wanted, PATIENCE):
            raise programs.LabError('{}: has learned {} of {} routes after {} s'.format(
                client.node.name, learned(client), wanted, PATIENCE))
    of_reflector, of_clients = cpu_of(reflector.pid), sum(
        cpu_of(client.pid) for client in clients)
    others = cpu_of_machine() - busy - of_reflector - of_clients
    for daemon in network.birds.values():
        daemon.kill()
    return Round(established, of_reflector, of_clients, others)


def learned(client):
    """How many routes the client has from the reflector."""
    found = re.search(r'(?m)^(\d+) of ', client.birdc(
        'show', 'route', 'protocol', 'reflector_node_1', 'count'))
    return int(found.group(1)) if found else 0


def cpu_of(pid):
    """Seconds that a process has used: utime and stime of proc(5)."""
    stat = Path('/proc/{}/stat'.format(pid)).read_text()
    return sum(map(int, stat.rpartition(')')[2].split()[11:13])) / TICKS


def cpu_of_machine():
    """Seconds that all processes have used."""
    fields = list(map(int, Path('/proc/stat').read_text().split('\n')[0].split()[1:9]))
    return (sum(fields) - sum(fields[IDLE])) / TICKS


if __name__ == '__main__':
    main()

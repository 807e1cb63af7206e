"""make bench-status: what one ``calico-fuel status`` costs on a busy node.

A route reflector of many clients and a compute of many instances, each against one of
an environment with one client and one instance.  BIRD and etcd are real; every client
is a BIRD of its own.  Take the ratios as the result; the seconds are those of this
machine.  (A node of this benchmark has no services and no Neutron.)
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections import namedtuple

from lab import terminal
from lab.fuel import fuel_metadata
from lab.machine import programs, run
from lab.measure import scale
from lab.network import bird, bird_network

REFLECTOR, COMPUTE = 'node-1', 'node-2'
ETCD = bird.PROJECT / '.cache/etcd/usr/bin/etcd'
PORT = 4001
# Clients learn all routes, and spare their kernels: here they are on one machine.
SPARE_KERNEL = 'export where source = RTS_BGP && net != 0.0.0.0/0;', 'export none;'
KEY = 'calico/v1/host/{}/workload/openstack/vm{}/endpoint/port'
BIRDC = '#!/bin/sh\nexec {} {} {} "$@"\n'
BIRD = '#!/bin/sh\nexec {} "$@"\n'
PUT = '''
import sys, urllib.parse, urllib.request
for line in sys.stdin:
    key, value = line.rstrip().split(' ', 1)
    urllib.request.urlopen(urllib.request.Request(
        'http://127.0.0.1:{}/v2/keys/' + key, method='PUT',
        data=urllib.parse.urlencode({{'value': value}}).encode()), timeout=10)
'''.format(PORT)


class Cost(namedtuple('Cost', 'seconds cpu')):
    """Of one run: seconds until its end, and of CPU with all that it started."""


def main():
    options = parse_arguments()
    terminal.demand('bench-status', [options.bird], [str(ETCD)])
    with terminal.reporting('bench-status'):
        run.remove_remains()
        few = measure(argparse.Namespace(**dict(
            vars(options), clients=1, instances=1)))
        many = measure(options)
    print('\nBIRD {}: medians of {} runs of calico-fuel status, in seconds\n'.format(
        options.bird, options.rounds))
    print('{:40} {:>8} {:>8}'.format('', 'seconds', 'CPU'))
    for name, title, number in (
            (REFLECTOR, 'route reflector, {} clients', options.clients),
            (COMPUTE, 'compute, {} instances', options.instances)):
        print('{:40} {:8.2f} {:8.2f}'.format(title.format(number), *many[name]))
        print('{:40} {:8.2f} {:8.2f}'.format(title.format(1), *few[name]))
        print('{:40} {:8.2f} {:8.2f}'.format('ratio', *(
            a / b for a, b in zip(many[name], few[name]))))


def parse_arguments():
    parser = scale.parser('bench-status', __doc__, 250)
    parser.add_argument(
        '--instances', type=int, choices=range(1, 1001), default=100, metavar='N',
        help='of the compute: 1 to 1000 (default: 100)')
    parser.add_argument(
        '--rounds', type=int, choices=range(1, 100), default=5, metavar='N',
        help='of each node (default: 5)')
    return parser.parse_args()


def measure(options):
    """The Cost of each node by its name."""
    clients, instances = options.clients, options.instances
    with run.Run() as this_run:
        with terminal.step('{} clients, {} instances'.format(clients, instances)):
            network = scale.prepare(this_run, options)
            add_instances(this_run, network.nodes[COMPUTE], instances)
            for name, daemon in network.birds.items():
                if name not in (REFLECTOR, COMPUTE):
                    bird_network.edit(daemon.config, *SPARE_KERNEL)
            network.start()
            scale.seconds_to_established(network.birds[REFLECTOR], clients)
            await_routes(network.birds[REFLECTOR], instances)
        found = {}
        for name in REFLECTOR, COMPUTE:
            metadata = this_run.directory / (name + '.yaml')
            metadata.write_text(fuel_metadata.text(
                '6.1', scale.roles(clients), name.partition('-')[2]))
            with terminal.step('{}: {} runs'.format(name, options.rounds)):
                found[name] = cost(this_run, network.birds[name], metadata,
                                   options.rounds)
        return found


def add_instances(this_run, compute, number):
    """Taps with a route each, as Felix makes them, and their endpoints in etcd."""
    this_run.serve(compute, PORT, ETCD, '--data-dir', this_run.directory / 'etcd',
                   '--listen-client-urls', 'http://127.0.0.1:{}'.format(PORT),
                   '--advertise-client-urls', 'http://127.0.0.1:{}'.format(PORT),
                   '--enable-v2')
    lines, keys = [], []
    for n in range(number):
        tap, address = 'tap{}'.format(n), '203.0.{}.{}'.format(112 + n // 250, n % 250)
        lines += ['link add name {} type veth peer name instance{}'.format(tap, n),
                  'link set dev instance{} up'.format(n),
                  'link set dev {} up'.format(tap),
                  'route add {}/32 dev {}'.format(address, tap)]
        keys.append('{} {}'.format(
            KEY.format(compute.name + '.example.com', n), json.dumps(
                {'state': 'active', 'name': tap, 'ipv4_nets': [address + '/32']})))
    compute.configure(*lines)
    compute.run(sys.executable, '-c', PUT, text='\n'.join(keys) + '\n')


def await_routes(daemon, number):
    """Return when a BIRD has *number* routes."""
    def count():
        return daemon.birdc('show', 'route', 'count').split('\n')[-2]
    # BIRD 2 has tables for IPv4 and IPv6.
    if not programs.eventually(lambda: count().replace('Total: ', '').startswith(
            '{} of '.format(number)), 60):
        raise programs.LabError('{}: {} in place of {}'.format(
            daemon.node.name, count(), number))


def cost(this_run, daemon, metadata, rounds):
    """The Cost of status on the node of *daemon*, the median of *rounds*."""
    programs_of_node = this_run.directory / 'bin-{}'.format(daemon.node.name)
    programs_of_node.mkdir()
    for name, script in (('birdc', BIRDC.format(*daemon.birdc_command())),
                         ('bird', BIRD.format(bird.program('bird', daemon.line)))):
        (programs_of_node / name).write_text(script)
        (programs_of_node / name).chmod(0o755)
    found = [one_run(daemon.node, metadata, programs_of_node) for _ in range(rounds)]
    return Cost(*map(statistics.median, zip(*found)))


def one_run(node, metadata, programs_of_node):
    before, begin = cpu_of_children(), time.monotonic()
    status, printed, errors = programs.result(node.inside(
        'env', 'PATH={}:{}'.format(programs_of_node, os.environ['PATH']),
        *bird_network.CALICO_FUEL, 'status', '--format', 'json', metadata),
        env=bird_network.SOURCE_TREE)
    seconds = time.monotonic() - begin
    if status not in (0, 1) or not json.loads(printed)['sessions']:
        raise programs.LabError('calico-fuel status: exit status {}: {}'.format(
            status, errors))
    return Cost(seconds, cpu_of_children() - before)


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == '__main__':
    main()

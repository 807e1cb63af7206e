"""make bench-reflector: our route reflector, a minimal one and that of plugin 1.0.

Three configurations of one BIRD in turns: what we render; that of the earlier plugin,
from its description; and "minimal", the same without its debug messages, so without
filters, limits, passwords and timers.  All clients are one process, see clients.py:
they listen, and the reflector opens the sessions.  Take CPU and the ratios as the
result; the other seconds are those of this machine.
"""

import argparse
import re
import sys
import time
from pathlib import Path

from calico_fuel.tasks import bgp
from lab import terminal
from lab.fuel import earlier_plugin, fuel_metadata, networks
from lab.machine import programs, run
from lab.measure import load, scale
from lab.measure.reflector_table import (
    EARLIER, KINDS, MINIMAL, OURS, Round, Start, show)
from lab.network import bird, bird_network, fabric

REFLECTOR = 'node-1'
DEBUG = 'debug protocols all;\n'
# BIRD 2 has them in a channel; the earlier plugin knew BIRD 1 alone.
OPTIONS = ('  import all;\n  export all;\n', '  ipv4 { import all; export all; };\n')
PATIENCE = 900


def main():
    options = parse_arguments()
    terminal.demand('bench-reflector', options.bird)
    with terminal.reporting('bench-reflector'):
        run.remove_remains()
        for line in options.bird:
            rows = {number: measure(line, number, options)
                    for number in options.clients}
            show(line, rows, options)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make bench-reflector ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--bird', nargs='+', choices=bird.LINES, default=list(bird.LINES),
        help="BIRD's major version (default: 1 2)")
    parser.add_argument(
        '--clients', nargs='+', type=int, choices=range(2, 4001), default=[100, 250],
        metavar='N', help='2 to 4000 (default: 100 250)')
    parser.add_argument(
        '--routes', type=int, choices=range(1, 101), default=20, metavar='N',
        help='of each client: 1 to 100 (default: 20)')
    parser.add_argument(
        '--rounds', type=int, choices=range(1, 100), default=2, metavar='N',
        help='of each configuration (default: 2)')
    return parser.parse_args()


def measure(line, number, options):
    """The Rounds of each kind."""
    rounds = {kind: [] for kind in KINDS}
    with run.Run() as this_run:
        with terminal.step('BIRD {}, {} clients: render'.format(line, number)):
            reflector, clients = prepare(this_run, line, number)
            texts = configs(reflector, clients, line)
        for turn in range(options.rounds):
            for kind in KINDS[turn % 3:] + KINDS[:turn % 3]:
                reflector.config.write_text(texts[kind])
                with terminal.step('round {}: {}'.format(turn + 1, kind)):
                    rounds[kind].append(one_round(
                        this_run, reflector, clients, options.routes))
    return rounds


def prepare(this_run, line, number):
    """The Bird of the reflector, and a Node for each client: all have one namespace."""
    astute, output = this_run.directory / 'astute.yaml', this_run.directory / 'rendered'
    astute.write_text(fuel_metadata.text('6.1', scale.roles(number)))
    programs.run([*bird_network.CALICO_FUEL, 'render', str(astute), '--bird', line,
                  '--output', str(output / REFLECTOR)], env=bird_network.SOURCE_TREE)
    net = networks.Addresses(1 + number)
    network = bird_network.BirdNetwork(
        this_run, output, line, net.length('management'))
    first = network.fabric.add_node(
        'clients', net.node('management', 2), net.length('management'))
    clients = [first._replace(address=net.node('management', 2 + n))
               for n in range(number)]
    first.configure(*('address add {}/{} dev {}'.format(
        client.address, net.length('management'), fabric.MANAGEMENT)
        for client in clients[1:]))
    reflector = network.birds[REFLECTOR]
    # As our task sets it.  Namespaces of kernels before 6.8 have none of their own.
    reflector.node.run('sysctl', '-eqw', '{0.key}={0.value}'.format(bgp.SOCKET_OPTIONS))
    # The kernel's table of neighbors holds too few that were asked for.
    reflector.node.configure(*(
        scale.neighbour(client, first) for client in clients))
    return reflector, clients


def configs(reflector, clients, line):
    """The text of bird.conf by kind."""
    earlier = earlier_plugin.bird_conf(
        reflector.node.address, [reflector.node.address],
        [client.address for client in clients]).replace(*bird_network.LOG)
    if line == '2':
        earlier = earlier.replace(*OPTIONS)
    return {OURS: reflector.config.read_text(), EARLIER: earlier,
            MINIMAL: earlier.replace(DEBUG, '')}


def one_round(this_run, reflector, clients, routes):
    """Start the reflector, kill it when all is learned, start it again."""
    log = this_run.directory / 'clients.log'
    log.write_text('')
    reflector.log.write_text('')
    process = start_clients(this_run, reflector, clients, routes, log)
    with load.Load() as meanwhile:
        try:
            start = one_start(reflector, process, log, 1)
            memory = highest_memory(reflector.pid)
            size = reflector.log.stat().st_size / 1000
            reflector.kill()
            restart = one_start(reflector, process, log, 2)
            reflector.kill()
        finally:
            process.kill()
            process.wait()
    return Round(start, memory, size, restart, meanwhile.others)


def start_clients(this_run, reflector, clients, routes, log):
    """Their process, once it listens."""
    password = re.search(r'(?m)^ *password "(.*)";', reflector.config.read_text())
    process = this_run.start(clients[0].inside(
        'env', 'PYTHONPATH={}'.format(run.CHECKOUT), sys.executable, '-m',
        'lab.measure.clients', reflector.node.address, clients[0].address, len(clients),
        routes, *(password.groups() if password else ())), log)
    await_word(log, 'listening', 1)
    return process


def one_start(reflector, process, log, count):
    begin, used = time.monotonic(), load.cpu_of(process.pid)
    reflector.start()
    times = [await_word(log, word, count) - begin
             for word in ('established', 'complete')]
    return Start(*times, load.cpu_of(reflector.pid), load.cpu_of(process.pid) - used)


def await_word(log, word, count):
    """When the clients said *word* for the time *count*, by CLOCK_MONOTONIC."""
    def times():
        found = re.findall(r'(?m)^{}(.*)\n'.format(word), log.read_text())
        return found[count - 1:]
    found = programs.eventually(times, PATIENCE)
    if not found:
        raise programs.LabError('clients are not {} after {} s: {}'.format(
            word, PATIENCE, log.read_text().strip()))
    return float(found[0] or 0)


def highest_memory(pid):
    """MiB."""
    status = Path('/proc/{}/status'.format(pid)).read_text()
    return int(re.search(r'VmHWM:\s+(\d+)', status).group(1)) / 1024


if __name__ == '__main__':
    main()

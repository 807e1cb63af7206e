"""make bench-sessions: how long many clients of one route reflector take to come back.

The rendered configs against a control: the same configs with BIRD's default
timers and a reflector that waits for its clients to connect.  Every client is
a BIRD of its own in a namespace of its own.  Take the ratio as the result; the
seconds are those of this machine.
"""

import argparse
import re
import time

from lab import terminal
from lab.fuel import fuel_metadata, networks
from lab.machine import programs, run
from lab.network import bird, bird_network, fabric

TIMERS = r'(?m)^ *(connect delay|connect retry|error wait|hold|keepalive) time .*;\n'
DEADLINE = 300
EVENTS = ("last daemon's start", 'SIGKILL and start of the reflector')


def main():
    options = parser('bench-sessions', __doc__, 100).parse_args()
    terminal.demand('bench-sessions', [options.bird])
    with terminal.reporting('bench-sessions'):
        run.remove_remains()
        rendered = measure('rendered', options)
        control = measure('control', options)
    print('\nBIRD {}, {} clients: seconds until all sessions are Established\n'.format(
        options.bird, options.clients))
    print('{:36} {:>8} {:>8} {:>8}'.format('after', 'rendered', 'control', 'ratio'))
    for event, seconds, control_seconds in zip(EVENTS, rendered, control):
        print('{:36} {:8.1f} {:8.1f} {:8.2f}'.format(
            event, seconds, control_seconds, seconds / control_seconds))


def parser(name, text, default):
    """That of the benchmark *name*; *default*: so many clients."""
    result = argparse.ArgumentParser(
        prog='make {} ARGS=...'.format(name), description=text.splitlines()[0])
    result.add_argument(
        '--bird', choices=bird.LINES, default='1',
        help="BIRD's major version (default: 1)")
    result.add_argument(
        '--clients', type=int, choices=range(2, 1001), default=default,
        metavar='N',
        help='2 to 1000 (default: {})'.format(default))
    return result


def measure(kind, options):
    """Seconds until all sessions are Established, after each of EVENTS."""
    with run.Run() as this_run:
        with terminal.step('{}: render and make the nodes'.format(kind)):
            network = prepare(this_run, options)
            if kind == 'control':
                for name, daemon in network.birds.items():
                    make_control(daemon.config, is_reflector=name == 'node-1')
        reflector = network.birds['node-1']
        with terminal.step('{}: start, wait for all sessions'.format(kind)):
            network.start()
            started = seconds_to_established(reflector, options.clients)
        with terminal.step('{}: kill the reflector, start it again'.format(kind)):
            reflector.kill()
            reflector.start()
            restarted = seconds_to_established(reflector, options.clients)
        return started, restarted


def prepare(this_run, options):
    astute = this_run.directory / 'astute.yaml'
    astute.write_text(fuel_metadata.text('6.1', roles(options.clients)))
    rendered = bird_network.render(
        astute, options.bird, this_run.directory / 'rendered')
    network = bird_network.BirdNetwork(
        this_run, rendered, options.bird,
        networks.Addresses(1 + options.clients).length('management'))
    introduce(*network.nodes.values())
    return network


def roles(clients):
    return [['primary-controller']] + clients * [['compute']]


def introduce(reflector, *others):
    """Make neighbours known: the kernel's table holds too few that were asked for."""
    reflector.configure(*map(neighbour, others))
    for node in others:
        node.configure(neighbour(reflector))


def neighbour(node, interface_of=None):
    """The ``ip`` command; all addresses of one interface have its first one's MAC."""
    return 'neighbour replace {} lladdr {} dev {} nud permanent'.format(
        node.address, fabric.mac((interface_of or node).address), fabric.MANAGEMENT)


def make_control(config, is_reflector):
    config.write_text(re.sub(TIMERS, '', config.read_text()))
    if is_reflector:
        bird_network.edit(config, '  rr client;\n', '  rr client;\n  passive;\n')


def seconds_to_established(reflector, number):
    begin = time.monotonic()

    def all_established():
        return sum(s.is_established for s in reflector.sessions().values()) == number
    if not programs.eventually(all_established, DEADLINE, interval=0.2):
        raise programs.LabError('after {} s not all {} sessions are Established'.format(
            DEADLINE, number))
    return time.monotonic() - begin


if __name__ == '__main__':
    main()

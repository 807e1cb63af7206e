"""make lab ARGS=...: a Fuel environment on this machine, deployed by the RPM."""

import argparse
import os
import sys

from lab import laboratory, labs, status, terminal
from lab.fuel import felix, granular, master, neutron
from lab.fuel.fuel_metadata import RELEASES
from lab.machine import run

ROLES = {'controller': ['controller'], 'compute': ['compute'], 'storage': ['cinder'],
         'route-reflector': ['calico-rr'], 'etcd': ['calico-etcd']}
OF_FUEL_9 = ('route-reflector', 'etcd')


def main():
    options = parse_arguments()
    terminal.demand('lab', ['1'], laboratory.PROGRAMS)
    with terminal.reporting('lab'):
        options.run(options)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make lab ARGS=...', description=__doc__.splitlines()[0])
    subcommands = parser.add_subparsers(required=True, metavar='COMMAND')

    def command(name, function, text):
        subparser = subcommands.add_parser(name, help=text, description=text)
        subparser.set_defaults(run=function)
        if function not in (up, list_labs, down):
            subparser.add_argument('--name', help='of the lab, where there are several')
        return subparser
    start = command('up', up, 'Make an environment and deploy it.')
    start.add_argument('--name', default='lab', help='of the lab (default: lab)')
    start.add_argument('--fuel', choices=RELEASES, default='6.1')
    start.add_argument('--controllers', type=int, default=1, metavar='N')
    start.add_argument('--computes', type=int, default=2, metavar='N')
    start.add_argument('--storage', type=int, default=0, metavar='N')
    for role in OF_FUEL_9:
        start.add_argument('--' + role + ('s' if role == 'route-reflector' else ''),
                           type=int, default=0, metavar='N', help='Fuel 9 only')
    start.add_argument('--felix', metavar='PATH', help=felix.HELP)
    start.add_argument('--neutron', action='store_true', help=(
        'a real Neutron on the controller, instead of a stand-in'))
    command('add', add, 'Add a node and deploy changes.').add_argument(
        'role', choices=sorted(ROLES))
    command('remove', remove, 'Remove a node and deploy changes.').add_argument('node')
    command('deploy', deploy, 'Deploy every node again.')
    command('list', list_labs, 'Show the labs of this checkout that are up.')
    command('status', show_status, 'Show nodes, BGP sessions, etcd, instances.')
    command('shell', shell, 'A shell on a node.').add_argument('node')
    command('ping', ping, 'Ping between all instances; attach some where none are.')
    end = command('down', down, 'Remove a lab of this checkout.')
    end.add_argument('name', nargs='?', metavar='NAME')
    end.add_argument('--name', dest='name', default=argparse.SUPPRESS,
                     help='of the lab, where there are several')
    return parser.parse_args()


def up(options):
    if options.controllers < 1:
        sys.exit('lab: --controllers must be 1 or more')
    if options.route_reflectors or options.etcd:
        _demand_fuel_9(options.fuel)
    if options.neutron and options.controllers > 1:
        sys.exit('lab: ' + master.ONE_CONTROLLER)
    if options.neutron and not neutron.ENVIRONMENT.exists():
        sys.exit('lab: --neutron needs Python 2.7, which this machine has not')
    run.remove_remains()
    labs.demand_new(options.name)
    with run.Run(name=options.name) as this_run:
        lab = laboratory.Laboratory(this_run, felix=options.felix or felix.DOUBLE)
        roles = ['primary-controller']
        for role, number in (('controller', options.controllers - 1),
                             ('compute', options.computes), ('cinder', options.storage),
                             ('calico-rr', options.route_reflectors),
                             ('calico-etcd', options.etcd)):
            roles += number * [role]
        lab.set_up(options.fuel, real_neutron=options.neutron, size=len(roles))
        with terminal.step('Make the nodes'):
            for role in roles:
                lab.fuel.add(role)
        _deploy(lab)
    print('\nThe lab {} is up: make lab ARGS="status", "ping", "shell node-1", '
          '"add compute", "remove node-2", "down"'.format(options.name))


def _demand_fuel_9(release):
    if not release.startswith('9'):
        sys.exit('lab: Fuel {} has no roles for route reflectors and etcd; the '
                 'controllers are both. Take --fuel 9.0, 9.1 or 9.2'.format(release))


def add(options):
    lab = labs.kept(options.name)
    if options.role in OF_FUEL_9:
        _demand_fuel_9(lab.fuel.release)
    print('{} is new'.format(lab.fuel.add(*ROLES[options.role])))
    _deploy(lab)


def remove(options):
    lab = _lab_with(options)
    lab.remove_workloads(options.node)
    lab.fuel.remove(options.node)
    _deploy(lab)


def _lab_with(options):
    lab = labs.kept(options.name)
    if options.node not in lab.fuel.members:
        sys.exit('lab: no node {} in {}; there are {}'.format(
            options.node, lab.run.name, ', '.join(lab.fuel.members)))
    return lab


def deploy(options):
    _deploy(labs.kept(options.name), again=True)


def _deploy(lab, again=False):
    try:
        lab.fuel.deploy(again)
    except granular.DeploymentFailed as error:
        print('Fuel: the deployment failed: {}'.format(error), file=sys.stderr)
        sys.exit(1)
    finally:
        lab.save()
    print('Fuel {}: deployed; tasks ran under {}. {}.'.format(
        lab.fuel.release, lab.fuel.python, lab.stand_ins()))


def list_labs(_):
    print('\n'.join(labs.lines()) or 'no lab is up')


def show_status(options):
    lab = labs.kept(options.name)
    print('{}: Fuel {}, tasks under {}. {}.'.format(
        lab.run.name, lab.fuel.release, lab.fuel.python, lab.stand_ins()), flush=True)
    lines, is_good = status.of(lab)
    print('\n'.join(lines))
    if not is_good:
        sys.exit(1)


def ping(options):
    lab = labs.kept(options.name)
    while len(lab.workloads) < 2 * len(lab.computes()):
        lab.add_workload()
    lab.save()
    is_right = lab.is_matrix_whole()
    print(lab.matrix_text())
    if not is_right:
        sys.exit('lab: not every instance reaches every other one{}'.format(
            ' of its group, and no others' if felix.has_policy(lab.felix) else ''))


def shell(options):
    machine = _lab_with(options).fuel.members[options.node].machine
    # The start-up files are those of the machine that the lab is on.
    os.execvp('nsenter', machine.inside('bash', '--noprofile', '--norc', env={
        'TERM': os.environ.get('TERM', 'dumb'), 'PS1': r'\h:\w# '}))


def down(options):
    labs.remove(options.name)


if __name__ == '__main__':
    main()

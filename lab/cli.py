"""make lab ARGS=...: a Fuel environment on this machine, deployed by the RPM."""

import argparse
import os
import sys

from lab import felix, fuel, laboratory, neutron, orchestrator, run, terminal
from lab.fuel_metadata import RELEASES

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
        return subparser
    start = command('up', up, 'Make an environment and deploy it.')
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
    command('status', status, 'Show nodes, sessions, etcd members, workloads.')
    command('shell', shell, 'A shell on a node.').add_argument('node')
    command('ping', ping, 'Ping between all workloads; attach some where none are.')
    command('down', down, 'Remove every lab that is up.')
    return parser.parse_args()


def up(options):
    if options.controllers < 1:
        sys.exit('lab: --controllers must be 1 or more')
    if options.route_reflectors or options.etcd:
        _demand_fuel_9(options.fuel)
    if options.neutron and options.controllers > 1:
        sys.exit('lab: ' + fuel.ONE_CONTROLLER)
    if options.neutron and not neutron.ENVIRONMENT.exists():
        sys.exit('lab: --neutron needs Python 2.7, which this machine has not')
    run.remove_remains()
    with run.Run() as this_run:
        lab = laboratory.Laboratory(this_run, felix=options.felix)
        lab.set_up(options.fuel, real_neutron=options.neutron)
        with terminal.step('Make the nodes'):
            lab.fuel.add('primary-controller')
            for role, number in (('controller', options.controllers - 1),
                                 ('compute', options.computes),
                                 ('cinder', options.storage),
                                 ('calico-rr', options.route_reflectors),
                                 ('calico-etcd', options.etcd)):
                for _ in range(number):
                    lab.fuel.add(role)
        _deploy(lab)
    print('\nmake lab ARGS="status", "ping", "shell node-1", "add compute", '
          '"remove node-2", "down"')


def _demand_fuel_9(release):
    if not release.startswith('9'):
        sys.exit('lab: Fuel {} has no roles for route reflectors and etcd; the '
                 'controllers are both. Take --fuel 9.0, 9.1 or 9.2'.format(release))


def add(options):
    lab = laboratory.kept()
    if options.role in OF_FUEL_9:
        _demand_fuel_9(lab.fuel.release)
    print('{} is new'.format(lab.fuel.add(*ROLES[options.role])))
    _deploy(lab)


def remove(options):
    lab = _lab_with(options.node)
    for name in [name for name, (place, _) in lab.workloads.items()
                 if place == options.node]:
        del lab.workloads[name], lab.groups[name]
    lab.fuel.remove(options.node)
    _deploy(lab)


def _lab_with(node):
    lab = laboratory.kept()
    if node not in lab.fuel.members:
        sys.exit('lab: no node {}; there are {}'.format(
            node, ', '.join(lab.fuel.members)))
    return lab


def deploy(_):
    _deploy(laboratory.kept(), again=True)


def _deploy(lab, again=False):
    try:
        lab.fuel.deploy(again)
    except orchestrator.DeploymentFailed as error:
        print('Fuel: the deployment failed: {}'.format(error), file=sys.stderr)
        sys.exit(1)
    finally:
        lab.save()
    print('Fuel {}: deployed; tasks ran under {}. {}.'.format(
        lab.fuel.release, lab.fuel.python, lab.stand_ins()))


def status(_):
    lab = laboratory.kept()
    print('Fuel {}, tasks under {}. {}.'.format(
        lab.fuel.release, lab.fuel.python, lab.stand_ins()))
    for member in lab.fuel.members.values():
        sessions = lab.birdc(member.name, 'show', 'protocols')
        print('{:8} {:20} {:14} {}; {} BGP sessions Established'.format(
            member.name, ','.join(member.roles), member.machine.address,
            'ready' if member.name in lab.fuel.ready else 'not ready',
            sessions.count('Established')))
    for name, (place, workload) in lab.workloads.items():
        print('{:8} on {:17} {}'.format(name, place, workload.address))


def ping(_):
    lab = laboratory.kept()
    while len(lab.workloads) < 2 * len(lab.computes()):
        lab.add_workload()
    lab.save()
    is_right = lab.is_matrix_as_policy_wants()
    print(lab.matrix_text())
    if not is_right:
        sys.exit('lab: not every workload reaches every other one{}'.format(
            ' of its group, and no others' if lab.felix else ''))


def shell(options):
    machine = _lab_with(options.node).fuel.members[options.node].machine
    # The start-up files are those of the machine that the lab is on.
    os.execvp('nsenter', machine.inside('bash', '--noprofile', '--norc', env={
        'TERM': os.environ.get('TERM', 'dumb'), 'PS1': r'\h:\w# '}))


def down(_):
    removed = run.remove_kept()
    print('{} lab{} removed'.format(removed, '' if removed == 1 else 's'))


if __name__ == '__main__':
    main()

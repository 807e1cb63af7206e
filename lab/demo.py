"""make demo: a Fuel 6.1 environment becomes a Calico network on this machine.

One controller and two computes, as machines of the lab, are deployed by the
tasks of the RPM, as Fuel's orchestrator runs them.
"""

import argparse
import time

from lab import laboratory, labs, terminal
from lab.fuel import felix, pacemaker
from lab.machine import programs, run

SETTINGS = {'workload_prefixes': '203.0.113.0/24'}
NODES = ['primary-controller', 'compute', 'compute']
# The security groups of four instances: one of each group on each compute.
GROUPS = ['sg1', 'sg1', 'sg2', 'sg2']
# What runs on stock nodes and Calico does not need.
LEFTOVERS = ('openvswitch-agent', 'l3-agent', 'neutron-metadata-agent')


def main():
    options = parse_arguments()
    terminal.demand('demo', [options.bird], laboratory.PROGRAMS)
    with terminal.reporting('demo'):
        run.remove_remains()
        if options.down:
            labs.remove(options.name)
            return
        if options.keep:
            labs.demand_new(options.name)
        begin = time.monotonic()
        with run.Run(name=options.name if options.keep else '') as this_run:
            lab = laboratory.Laboratory(this_run, felix=options.felix or felix.DOUBLE)
            bring_up(lab, options.bird)
            show(lab)
            print('\nShown in {:.0f} s: a Fuel 6.1 environment, deployed by the tasks '
                  'in the RPM under {}.\n{}.'.format(
                      time.monotonic() - begin, lab.fuel.python, lab.stand_ins()))
            if options.keep:
                explain(lab)
                lab.save()


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make demo ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--bird', choices=('1', '2'), default='1',
        help="BIRD's major version (default: 1)")
    parser.add_argument('--felix', metavar='PATH', help=felix.HELP)
    parser.add_argument(
        '--keep', action='store_true', help='leave everything up to look inside')
    parser.add_argument(
        '--down', action='store_true', help='remove what --keep left up')
    parser.add_argument(
        '--name', default='demo', help='of what --keep leaves up (default: demo)')
    return parser.parse_args()


def bring_up(lab, line):
    lab.set_up('6.1', line, **SETTINGS)
    with terminal.step('Make a controller and two computes'):
        for role in NODES:
            lab.fuel.add(role)
    heading("the tasks of the plugin, in Fuel's order")
    lab.fuel.deploy()
    with terminal.step('\nAttach four instances, wait until they reach each other'):
        for group in GROUPS:
            lab.add_workload(group=group)
        if not lab.is_matrix_whole():
            raise programs.LabError('not every instance reaches {}:\n{}'.format(
                'those of its group, and no others' if felix.has_policy(lab.felix) else
                'every other one', lab.matrix_text()))


def show(lab):
    heading('node-1, controller and route reflector: birdc show protocols')
    print(lab.birdc('node-1', 'show', 'protocols').partition('\n')[2].rstrip())
    for member in lab.computes():
        heading('{}, compute: ip route'.format(member.name))
        print(member.machine.run('ip', 'route').rstrip())
    heading('the ping matrix')
    print(lab.matrix_text())
    heading('leftovers of the traditional set-up')
    left = ['{} on {}'.format(arguments.split()[0], member.name)
            for member in lab.fuel.members.values()
            for arguments in member.machine.processes().values()
            if any(name in arguments for name in LEFTOVERS)]
    left += ['{} on {}, by pacemaker'.format(name, member.name)
             for member in lab.fuel.members.values() if member.is_controller
             for name in pacemaker.running(member.machine, lab.fuel.release)
             if name != pacemaker.OTHER]
    print('\n'.join(left) or 'none: no Open vSwitch, L3 or metadata agent runs')


def heading(text):
    print('\n--- {}'.format(text), flush=True)


def explain(lab):
    """How to look inside what is left up."""
    first, second = (workload for _, workload in list(lab.workloads.values())[:2])
    heading('left up; look inside with')
    controller, compute = (lab.fuel.members[name].machine
                           for name in ('node-1', 'node-2'))
    for command in (
            controller.inside('birdc', 'show', 'protocols', 'all'),
            compute.inside('ip', 'route'),
            first.inside('ping', second.address),
            ['make', 'lab', 'ARGS="shell node-2 --name {}"'.format(lab.run.name)]):
        print(' '.join(command))
    heading('and remove it with')
    print('make demo ARGS="--down --name {}"'.format(lab.run.name))


if __name__ == '__main__':
    main()

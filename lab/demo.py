"""make demo: from Fuel metadata to a ping between workloads of a Calico network.

Everything that renders comes out of the RPM for Fuel 6.1, as on a node; the
nodes are network namespaces, their BIRD is real.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from lab import bird, commands, environment, run, terminal

METADATA = Path(__file__).with_name('demo-environment.yaml')
BUILD_RPMS = bird.PROJECT / 'tools/build-rpms'
RPM = '*fuel-6.1-8.0*.rpm'
WORKLOADS = {'vm-1': ('node-2', '203.0.113.21'), 'vm-2': ('node-3', '203.0.113.31')}
REMOVE = 'make demo ARGS=--down'


def main():
    options = parse_arguments()
    terminal.demand('demo', [options.bird], ['rpm2archive', 'tar'])
    with terminal.reporting('demo'):
        run.remove_remains()
        if options.down:
            removed = run.remove_kept()
            print('{} kept demo{} removed'.format(removed, '' if removed == 1 else 's'))
            return
        begin = time.monotonic()
        with run.Run() as this_run:
            network = bring_up(this_run, options.bird)
            workloads = add_workloads(network)
            show(network, workloads)
            print('\nShown in {:.0f} s: Fuel 6.1 metadata, configs by what the RPM '
                  'holds, {} on three nodes, a ping between their workloads.'.format(
                      time.monotonic() - begin, network.birds['node-1'].version()))
            if options.keep:
                explain(network, workloads)
                this_run.keep()


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make demo ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--bird', choices=bird.LINES, default='1', help="BIRD's line (default: 1)")
    parser.add_argument(
        '--keep', action='store_true', help='leave everything up to look inside')
    parser.add_argument(
        '--down', action='store_true', help='remove what --keep left up')
    return parser.parse_args()


def bring_up(this_run, line):
    with terminal.step('Build the RPMs'):
        commands.run(
            [sys.executable, str(BUILD_RPMS), '--dist', str(this_run.directory)],
            env=dict(os.environ, TMPDIR=str(this_run.directory)))
    rpm, = this_run.directory.glob(RPM)
    with terminal.step('Unpack ' + rpm.name):
        scripts = unpack(rpm)
    with terminal.step('Render configs for BIRD {} with what is inside'.format(line)):
        rendered = environment.render(
            METADATA, line, this_run.directory / 'rendered',
            command=['sh', scripts / 'run_task'],
            env=dict(os.environ, PATH=os.pathsep.join(
                [str(Path(sys.executable).parent), os.environ['PATH']])))
    with terminal.step('Make the nodes on one management network'):
        network = environment.Environment(this_run, rendered, line)
    with terminal.step('Start BIRD on every node, wait for the sessions'):
        network.start()
        network.await_sessions()
    return network


def unpack(rpm):
    """The deployment_scripts of *rpm*, as Fuel copies them to a node."""
    target = rpm.parent / 'rpm'
    target.mkdir()
    commands.run(['rpm2archive', str(rpm)])
    commands.run(['tar', '-xzf', '{}.tgz'.format(rpm), '-C', str(target)])
    scripts, = target.glob('**/deployment_scripts')
    return scripts


def add_workloads(network):
    with terminal.step('Attach a workload to each compute, wait for the routes'):
        workloads = {name: network.add_workload(name, *place)
                     for name, place in WORKLOADS.items()}
        for workload in workloads.values():
            for node in (network.nodes[name] for name, _ in WORKLOADS.values()):
                if not commands.eventually(lambda: node.routes(workload.address), 10):
                    raise commands.LabError('{} never had a route to {}'.format(
                        node.name, workload.address))
    return workloads


def show(network, workloads):
    first, second = workloads.values()
    heading('node-1, controller and route reflector: birdc show protocols')
    protocols = network.birds['node-1'].birdc('show', 'protocols')
    print(protocols.partition('\n')[2].rstrip())
    for name, _ in WORKLOADS.values():
        heading('{}, compute: ip route'.format(name))
        print(network.nodes[name].routes().rstrip())
    heading('{} on {}: ping {}, which is {} on {}'.format(
        first.name, WORKLOADS[first.name][0], second.address,
        second.name, WORKLOADS[second.name][0]))
    answers = first.run('ping', '-n', '-c', 3, '-i', 0.2, '-w', 5, second.address,
                        check=False)
    print(answers.rstrip())
    if ' 3 received' not in answers:
        raise commands.LabError('{} does not reach {}'.format(first.name, second.name))


def heading(text):
    print('\n--- {}'.format(text), flush=True)


def explain(network, workloads):
    """How to look inside what is left up."""
    first, second = workloads.values()
    heading('left up; look inside with')
    for command in (
            network.birds['node-1'].birdc_command('show', 'protocols', 'all'),
            network.nodes['node-2'].inside('ip', 'route'),
            first.inside('ping', second.address),
            ['less', str(network.birds['node-2'].config)]):
        print(' '.join(command))
    heading('and remove it with')
    print(REMOVE)


if __name__ == '__main__':
    main()

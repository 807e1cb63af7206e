"""make bench-deployments: the CPU of a deployment, and of an idle minute of cron.

Nodes of the lab are deployed, then each task of the plugin runs again, with nothing to
change.  Seconds are those of CPU of a task and all that it runs to its end, without the
daemons that it starts, and without Fuel's own tasks.
"""

import argparse
import re
import statistics

from lab import laboratory, terminal
from lab.fuel import fuel_metadata
from lab.machine import programs, run
from lab.measure import load

ROLES = 'controller', 'compute'
LINE = '{:24} ' + '{:>16} ' * 2 * len(ROLES)
TIMES = '/run/bench-times'
# times(1): the second line is that of all children that have ended.
MEASURED = '({}); status=$?; times >' + TIMES + '; exit $status'
CRON_FILE = '/etc/cron.d/calico-fuel'
EVERY_MINUTE = re.compile(r'(?m)^\* \* \* \* \* root (.*)$')
NODES_FILE = '/etc/hiera/nodes.yaml'
REFRESHED = '/run/calico-fuel/refreshed'
MINUTES = 50
# The controller and a compute.
REPEATED = 'node-1', 'node-2'


def main():
    options = parse_arguments()
    terminal.demand('bench-deployments', ['1'], laboratory.PROGRAMS)
    with terminal.reporting('bench-deployments'):
        run.remove_remains()
        for release in options.release:
            sums = {number: measure(release, number, options.rounds)
                    for number in sorted(options.nodes)}
            show_growth(release, sums)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make bench-deployments ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--release', nargs='+', choices=fuel_metadata.RELEASES, default=['6.1', '9.2'],
        help='of Fuel (default: 6.1 9.2)')
    parser.add_argument(
        '--nodes', nargs='+', type=int, choices=range(2, 101), default=[2, 10],
        metavar='N', help='one of them a controller: 2 to 100 (default: 2 10)')
    parser.add_argument(
        '--rounds', type=int, choices=range(1, 100), default=3, metavar='N',
        help='of each task after the first deployment (default: 3)')
    return parser.parse_args()


def measure(release, nodes, rounds):
    """Print the costs of each task; their sums by (role, 'first' or 'again')."""
    with load.Load() as meanwhile, run.Run() as this_run:
        lab = set_up(this_run, release, nodes - 1)
        costs = Costs(lab)
        with terminal.step('Deploy {} nodes'.format(nodes)):
            lab.fuel.deploy()
        first = costs.of_roles()
        with terminal.step('Each task again, {} times'.format(rounds)):
            again = costs.repeated(rounds)
        minute = None
        if not release.startswith('9'):
            with terminal.step('{} minutes of cron'.format(MINUTES)):
                minute = cron_minute(lab.fuel.members[REPEATED[-1]].machine)
    print('\nFuel {}, {}, {} nodes: seconds of CPU of a node; others kept {:.2f} '
          'processors busy\n'.format(release, lab.fuel.python, nodes,
                                     meanwhile.others))
    return show(first, again, minute)


def set_up(this_run, release, computes):
    """The Laboratory with nodes that are not deployed yet."""
    lab = laboratory.Laboratory(this_run, tell=lambda line: None)
    lab.set_up(release, workload_prefixes='203.0.113.0/24', size=1 + computes)
    with terminal.step('Make the nodes'):
        for role in ['primary-controller'] + computes * ['compute']:
            lab.fuel.add(role)
    return lab


class Costs:
    """What each task of a Laboratory cost: ``found`` is (node, command) -> seconds."""

    def __init__(self, lab):
        self._fuel = lab.fuel
        self._run_on = lab.fuel.run_on
        self.found = {}
        lab.fuel.run_on = self._measured

    def _measured(self, name, command, seconds):
        attempt = self._run_on(name, MEASURED.format(command), seconds)
        # A task that runs in two stages, or is tried again, is the sum.
        self.found.setdefault((name, command), []).append(
            seconds_of_children(self._fuel.members[name].machine))
        return attempt

    def repeated(self, rounds):
        """Like ``of_roles``, the medians of *rounds*, on one node of each role."""
        before, self.found = {key: values for key, values in self.found.items()
                              if key[0] in REPEATED}, {}
        runs = []
        for _ in range(rounds):
            self.found = {}
            for (name, command), values in before.items():
                for _ in values:
                    attempt = self._fuel.run_on(name, command, 300)
                    if attempt.status:
                        raise programs.LabError('{}: {}: exit status {}:\n{}'.format(
                            name, command, attempt.status, attempt.output))
            runs.append(self.of_roles())
        return {key: statistics.median(each[key] for each in runs) for key in runs[0]}

    def of_roles(self):
        """(role, command) -> seconds of a node, the median of those of the role."""
        values = {}
        for (name, command), seconds in self.found.items():
            role = ROLES[not self._fuel.members[name].is_controller]
            values.setdefault((role, command), []).append(sum(seconds))
        return {key: statistics.median(found) for key, found in values.items()}


def seconds_of_children(machine):
    """Those of CPU that the last measured command took."""
    return sum(60 * int(minutes) + float(seconds) for minutes, seconds in re.findall(
        r'(\d+)m([\d.]+)s', machine.read(TIMES).splitlines()[1]))


def cron_minute(machine):
    """Seconds of CPU of what cron starts in a minute in which nothing changes."""
    commands = EVERY_MINUTE.findall(machine.read(CRON_FILE))
    machine.run('touch', '-d', '2 minutes ago', NODES_FILE)
    minute = '; '.join("sh -c '{}'".format(command) for command in commands)
    machine.run('sh', '-c', minute)
    if not machine.run('cat', REFRESHED, check=False):
        raise programs.LabError('{}: {} has not run all tasks'.format(
            machine.name, commands[0]))
    machine.run('sh', '-c', 'for n in $(seq {}); do {}; done; times >{}'.format(
        MINUTES, minute, TIMES))
    return seconds_of_children(machine) / MINUTES


def show(first, again, minute):
    sums = {(role, when): sum(value for (of, _), value in found.items() if of == role)
            for role in ROLES for when, found in (('first', first), ('again', again))}
    print(LINE.format('', *map(', '.join, sums)).rstrip())
    for command in dict.fromkeys(command for _, command in first):
        print(LINE.format(command.replace('./run_task ', ''), *(
            cell(found.get((role, command))) for role in ROLES
            for found in (first, again))).rstrip())
    print(LINE.format('all', *map(cell, sums.values())))
    if minute is not None:
        print('\ncron, a minute in which nothing changes: {:.1f} ms of CPU'.format(
            1000 * minute))
    return sums


def cell(seconds):
    return '' if seconds is None else '{:.2f}'.format(seconds)


def show_growth(release, sums):
    """*sums*: number of nodes -> (role, when) -> seconds."""
    few, many = min(sums), max(sums)
    if few < many:
        print('\nFuel {}, CPU of a node from {} to {} nodes: {}'.format(
            release, few, many, ', '.join('{} n^{:.2f}'.format(
                ' '.join(key), load.exponent(few, seconds, many, sums[many][key]))
                for key, seconds in sums[few].items())))


if __name__ == '__main__':
    main()

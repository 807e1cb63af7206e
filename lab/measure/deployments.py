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


def main():
    options = parse_arguments()
    terminal.demand('bench-deployments', ['1'], laboratory.PROGRAMS)
    with terminal.reporting('bench-deployments'):
        run.remove_remains()
        for release in options.release:
            with run.Run() as this_run:
                lab = set_up(this_run, release, options.computes)
                costs = Costs(lab)
                with terminal.step('Deploy'):
                    lab.fuel.deploy()
                first = costs.of_roles()
                with terminal.step('Each task again, {} times'.format(options.rounds)):
                    again = costs.repeated(options.rounds)
                minute = None
                if not release.startswith('9'):
                    with terminal.step('{} minutes of cron'.format(MINUTES)):
                        minute = cron_minute(lab.fuel.members['node-2'].machine)
            show(release, first, again, minute, lab.fuel.python)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make bench-deployments ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--release', nargs='+', choices=fuel_metadata.RELEASES, default=['6.1', '9.2'],
        help='of Fuel (default: 6.1 9.2)')
    parser.add_argument(
        '--computes', type=int, choices=range(1, 100), default=1, metavar='N',
        help='beside one controller (default: 1)')
    parser.add_argument(
        '--rounds', type=int, choices=range(1, 100), default=3, metavar='N',
        help='of each task after the first deployment (default: 3)')
    return parser.parse_args()


def set_up(this_run, release, computes):
    """The Laboratory with nodes that are not deployed yet."""
    lab = laboratory.Laboratory(this_run, tell=lambda line: None)
    lab.set_up(release, workload_prefixes='203.0.113.0/24')
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
        """Like ``of_roles``, the medians of *rounds*, on one node after the other."""
        before, self.found = self.found, {}
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


def show(release, first, again, minute, python):
    commands = list(dict.fromkeys(command for _, command in first))
    print('\nFuel {}, {}: seconds of CPU of a node\n'.format(release, python))
    print(LINE.format('', *('{}, {}'.format(role, when) for role in ROLES
                            for when in ('first', 'again'))).rstrip())
    for command in commands + ['all']:
        cells = [
            [found.get((role, command)) if command != 'all' else sum(
                value for (of, _), value in found.items() if of == role)
             for found in (first, again)] for role in ROLES]
        print(LINE.format(command.replace('./run_task ', ''), *(
            '' if value is None else '{:.2f}'.format(value)
            for pair in cells for value in pair)).rstrip())
    if minute is not None:
        print('\ncron, a minute in which nothing changes: {:.1f} ms of CPU'.format(
            1000 * minute))


if __name__ == '__main__':
    main()

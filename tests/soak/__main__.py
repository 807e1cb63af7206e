"""make soak: a random day of an environment in the lab, checked after each step.

The steps follow from the seed alone.  The first that leaves something wrong ends the
day, which then says how to repeat it and where its logs are.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from lab import laboratory, terminal
from lab.machine import run
from lab.machine.programs import LabError
from lab.network import bird, traffic
from tests.soak import checks, events, steps

LOGS = bird.PROJECT / '.cache'
OF_A_NODE = '/var/log/calico-fuel.log', '/etc/bird/bird.conf', '/etc/default/etcd'
REPORT = 'report.md'
HEAD = (
    '# A random day: Fuel {0}, seed {1.seed}, {1.controllers} controllers, '
    '{1.computes} computes\n\nA step ends once all checks are good; two instances talk '
    'meanwhile.\n\n| | Step | s | Load | Packets lost | Datagrams lost | Connections '
    'lost | Resets | Retransmits | Longest gap, ms | |\n'
    '|---|---|---|---|---|---|---|---|---|---|---|\n')
ROW = ('| {0} | {1} | {2:.0f} | {3:.0f} | {4.packets} | {4.datagrams} | '
       '{4.connections} | {4.resets} | {4.retransmits} | {5:.0f} | {6} |\n')
# More than there is time for.
STEPS_AN_HOUR = 120


def main():
    options = parse_arguments()
    count = options.steps or max(1, int(options.hours * STEPS_AN_HOUR))
    release = options.fuel or steps.release(options.seed)
    day = (options.file.read_text().splitlines()[:count] if options.file else steps.day(
        options.seed, release, count, options.controllers, options.computes))
    print('Fuel {}, seed {}, {} controllers, {} computes:'.format(
        release, options.seed, options.controllers, options.computes))
    for number, step in enumerate(day, 1):
        print('{:4} {}'.format(number, step))
    if options.show:
        return
    terminal.demand('soak', ['1'], laboratory.PROGRAMS)
    name = 'soak-{}-{}'.format(release, options.seed)
    logs = LOGS / name
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    with terminal.reporting('soak'):
        run.remove_remains()
        with run.Run(name=name) as this_run, open(
                logs / 'log', 'w', 1) as log, open(logs / REPORT, 'w', 1) as report:
            def tell(line):
                print(time.strftime('%T'), line, file=log)
            report.write(HEAD.format(release, options))
            lab = laboratory.Laboratory(this_run, tell)
            begin(lab, release, options, day)
            end = time.monotonic() + options.hours * 3600
            done, problems = live(lab, day, end, tell, report)
            if problems:
                keep(lab, logs, day[:done], problems, options.keep)
    if problems:
        sys.exit('\n'.join(problems + [
            'soak: step {} failed: {}'.format(done, ([''] + day)[done] or 'deploy'),
            'logs: {}'.format(logs), 'repeat it: {}'.format(
                again(options, release, max(1, done)))]))
    print('soak: {} steps are good, see {}'.format(done, logs / REPORT))


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make soak', description=__doc__.splitlines()[0])
    parser.add_argument('--fuel', choices=steps.RELEASES, help='default: by the seed')
    parser.add_argument('--seed', type=int, default=int(time.time()) % 100000)
    parser.add_argument('--hours', type=float, default=1, help='default: 1')
    parser.add_argument('--steps', type=at_least(1), help='so many at most')
    parser.add_argument('--from', dest='file', type=a_file, metavar='FILE', help=(
        'the steps, one a line, instead of those of the seed'))
    parser.add_argument('--controllers', type=at_least(1), default=3)
    parser.add_argument('--computes', type=at_least(2), default=4)
    parser.add_argument('--show', action='store_true', help='print the steps, no more')
    parser.add_argument('--keep', action='store_true', help=(
        'leave the nodes up after a failure: make lab ARGS="status"'))
    return parser.parse_args()


def at_least(fewest):
    def number(text):
        if not text.isdigit() or int(text) < fewest:
            raise argparse.ArgumentTypeError('must be {} or more'.format(fewest))
        return int(text)
    return number


def a_file(text):
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError('there is no file {}'.format(text))
    return Path(text)


def begin(lab, release, options, day):
    """Make the environment, with an instance on each compute."""
    lab.set_up(release, size=options.controllers + options.computes + sum(
        step.startswith(('add ', 'replace ')) for step in day))
    lab.fuel.add('primary-controller')
    for role, number in ('controller', options.controllers - 1), (
            'compute', options.computes):
        for _ in range(number):
            lab.fuel.add(role)
    lab.fuel.deploy()
    for compute in lab.computes():
        lab.add_workload(compute.name)


def live(lab, day, end, tell, report):
    """Do the steps until *end*; how many were done, what is wrong after the last.

    *report* gets a row for each.
    """
    problems = checks.problems(lab, tell)
    if problems:
        return 0, problems
    for number, step in enumerate(day, 1):
        if time.monotonic() > end:
            return number - 1, []
        start = time.monotonic()
        print('{:4} {:50} '.format(number, step), end='', flush=True)
        tell('step {}: {}'.format(number, step))
        seen, problems = outcome(lab, step, tell)
        seconds, load = time.monotonic() - start, os.getloadavg()[0]
        print('{:4.0f} s, lost {}, load {:.0f}'.format(seconds, seen.lost, load))
        report.write(ROW.format(number, step, seconds, load, seen, seen.gap * 1000,
                                'failed' if problems else 'good'))
        if problems:
            return number, problems
    return len(day), []


def outcome(lab, step, tell):
    """The Traffic during a step, and what is wrong after it."""
    problems, pair = [], checks.watched(lab, step)
    has_bfd = lab.fuel.settings.get('bfd')

    def event():
        try:
            events.do(lab, step)
            problems.extend(checks.problems(lab, tell))
        except (LabError, AssertionError, subprocess.TimeoutExpired) as error:
            problems.append(str(error))
    seen = traffic.during(lab.run, [pair], event)
    # A busy machine stalls BIRD for longer than BFD waits (docs/restarts.md).
    if seen.lost and not (has_bfd or lab.fuel.settings.get('bfd')):
        problems.append('between {}: {}'.format(
            ' and '.join(one.name for one in pair), seen))
    return seen, problems


def keep(lab, logs, day, problems, is_kept):
    """Write the logs of a day that failed; with *is_kept* leave the nodes up."""
    (logs / 'steps').write_text(''.join(step + '\n' for step in day))
    (logs / 'problems').write_text('\n'.join(problems) + '\n')
    for name, member in lab.fuel.members.items():
        (logs / name).write_text(member.machine.run(
            'sh', '-c', 'tail -n +1 "$@"; birdc show protocols; birdc show route; '
            'ip route; iptables-save; ps -ef', 'sh', *OF_A_NODE, check=False))
    if is_kept:
        lab.save()


def again(options, release, done):
    """The command that repeats a day up to a step."""
    return 'make soak FUEL={} STEPS={} HOURS={} SEED={}{}'.format(
        release, done, options.hours, options.seed, ' ARGS="{}"'.format(' '.join(
            '--{} {}'.format(*pair) for pair in (
                ('controllers', options.controllers), ('computes', options.computes),
                ('from', options.file)) if pair[1])))


if __name__ == '__main__':
    main()

"""make bench-all: all benchmarks, and a report of them; make bench-NAME: one.

Each is a program of its own with options of its own.  The report has what each of them
printed, and what the rest of the machine used meanwhile: seconds are true on a quiet
machine alone, seconds of CPU and ratios on most.
"""

import argparse
import ctypes
import datetime
import os
import re
import subprocess
import sys

from lab import terminal
from lab.machine import programs
from lab.machine.run import CHECKOUT
from lab.measure import load

# Names of "make bench-NAME", in the order of the report, and their modules.
BENCHMARKS = {
    'render': 'render', 'deployments': 'deployments', 'status': 'statuses',
    'sessions': 'scale', 'reflector': 'reflector', 'convergence': 'convergence'}
REPORT = CHECKOUT / '.cache/bench-report.md'
# prctl(2): what a child leaves behind becomes ours, and its CPU is not others'.
SET_CHILD_SUBREAPER = 36
# That of terminal.step.
PROGRESS = re.compile(r'(?m)^.*\.{2,} +\d+\.\d s\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('name', choices=['all', *BENCHMARKS])
    parser.add_argument('options', nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if options.name != 'all':
        os.execv(sys.executable, command(options.name) + options.options)
    if options.options:
        sys.exit('make bench-all: takes no options: {}. Give them to one benchmark, as '
                 'in make bench-render ARGS="--rounds 9"'.format(
                     ' '.join(options.options)))
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with terminal.reporting('bench-all'):
        sections = [beginning(), *map(section, BENCHMARKS)]
    REPORT.write_text('\n'.join(sections))
    print('\nWrote {}'.format(REPORT))


def command(name):
    return [sys.executable, '-m', 'lab.measure.' + BENCHMARKS[name]]


def beginning():
    system, commit = os.uname(), programs.run(
        ['git', '-C', str(CHECKOUT), 'rev-parse', '--short', 'HEAD'])
    return ('# Benchmarks\n\n{}, commit {}, {} processors, {} {}. "Others" are the '
            'processors that other programs kept busy meanwhile.\n'.format(
                datetime.date.today(), commit.strip(), os.cpu_count(), system.sysname,
                system.release))


def section(name):
    """Run a benchmark; its section of the report."""
    print('\n--- make bench-{}'.format(name), flush=True)
    with load.Load() as meanwhile:
        process = subprocess.Popen(command(name), stdout=subprocess.PIPE, text=True)
        lines = []
        try:
            for line in process.stdout:
                print(line, end='', flush=True)
                lines.append(line)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if process.wait():
            raise programs.LabError('bench-{}: exit status {}, so there is no '
                                    'report'.format(name, process.returncode))
        reap()
    return ('## make bench-{}\n\n{:.0f} s, own CPU {:.0f} s, others {:.2f}\n\n```\n{}\n'
            '```\n'.format(name, meanwhile.seconds, meanwhile.own, meanwhile.others,
                           PROGRESS.sub('', ''.join(lines)).strip()))


def reap():
    """Take the exit statuses of what it left and has ended, so that its CPU counts."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == '__main__':
    main()

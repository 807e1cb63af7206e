"""make measure-restarts: what each way of restarting BIRD loses.

The rendered configs, brought up as nodes; a ping at 20 Hz between workloads on
two computes while one thing happens.  The tables of docs/restarts.md are
replaced, the text around them is kept.
"""

import argparse
import datetime
import re
import time
from collections import namedtuple

from lab import terminal
from lab.fuel import fuel_metadata
from lab.machine import programs, run
from lab.measure import restart_cases
from lab.network import bird, bird_network, traffic

DOCUMENT = bird.PROJECT / 'docs/restarts.md'
TABLES = re.compile(r'(?s)(<!-- measured -->\n).*?(<!-- end -->)')
FIRST, SECOND, NEW = '203.0.113.21', '203.0.113.31', '203.0.113.41'
# Longer than the longest wait for neighbors in a config, or their hold time.
PATIENCE = 45
# What is flushed when a restart is over is flushed within these seconds.
AFTERWARDS = 4


class Loss(namedtuple('Loss', 'seconds until_new')):
    """Seconds of packets lost, and until another compute knew a new workload."""

    def __str__(self):
        return '{} | {}'.format(
            '{:.2f} s'.format(self.seconds) if self.seconds else '**0**',
            '> {} s'.format(PATIENCE) if self.until_new is None
            else '{:.1f} s'.format(self.until_new))


def main():
    options = parse_arguments()
    terminal.demand('measure-restarts', bird.LINES)
    with terminal.reporting('measure-restarts'):
        run.remove_remains()
        text = '\n'.join(tables(options.only))
    print(text)
    if not options.only:
        DOCUMENT.write_text(TABLES.sub(
            lambda found: found.group(1) + text + '\n' + found.group(2),
            DOCUMENT.read_text()))


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make measure-restarts ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--only', metavar='TEXT', default='', help=(
            'the cases whose title holds TEXT, and do not write docs/restarts.md'))
    return parser.parse_args()


def tables(only):
    """The lines of the three tables."""
    versions = [daemon_version(line) for line in bird.LINES]
    yield 'Measured on {}.\n'.format(datetime.date.today())
    yield '| Event | Plain configuration | {} | | {} | |'.format(*versions)
    yield '|---|---|---|---|---|---|\n| | lost | lost | new | lost | new |'
    for case in restart_cases.LOSSES:
        if only in case.title:
            yield '| {} | {} | {} |'.format(case.title, case.plain, ' | '.join(
                str(measured(case, line, loss)) for line in bird.LINES))
    for title, cases in (('Start', restart_cases.STARTS),
                         ('Cut', restart_cases.CUTS)):
        yield '\n| {} | Plain configuration | {} | {} |'.format(title, *versions)
        yield '|---|---|---|---|'
        for case in cases:
            if only in case.title:
                yield '| {} | {} | {} |'.format(case.title, case.plain, ' | '.join(
                    '{:.1f} s'.format(measured(case, line, case.event))
                    for line in bird.LINES))


def daemon_version(line):
    answer = programs.run(
        ['sh', '-c', '{} --version 2>&1'.format(bird.program('bird', line))])
    return answer.strip().replace(' version', '')


def measured(case, line, measure):
    if line in case.lacking:
        return '- | -'
    with terminal.step('BIRD {}: {}'.format(line, case.title)), run.Run() as this_run:
        return measure(Scene(this_run, line, case))


class Scene:
    """The environment of a case, up but for the nodes that are ``down``."""

    def __init__(self, this_run, line, case):
        self.run, self.line, self.case = this_run, line, case
        self._settings = case.settings
        self.network = bird_network.BirdNetwork(this_run, self.render(), line)
        self.nodes, self.birds = self.network.nodes, self.network.birds
        names = list(self.birds)
        reflectors = len(case.roles) - restart_cases.COMPUTES
        self.reflectors, self.computes = names[:reflectors], names[reflectors:]
        for name in names:
            for edit in case.edits:
                bird_network.edit(self.birds[name].config, *edit)
            if name not in case.down:
                self.birds[name].start()
        if case.starts_late:
            return
        if not programs.eventually(self.is_up, 30):
            raise programs.LabError('{}: sessions do not come up'.format(case.title))
        if case.settings.get('bfd'):
            self.await_bfd()

    def render(self, line=None, extra=(), **settings):
        """Render, with the roles of *extra* nodes and other *settings*."""
        directory = self.run.directory / 'rendered-{}'.format(time.monotonic_ns())
        directory.mkdir()
        astute = directory / 'astute.yaml'
        astute.write_text(fuel_metadata.text(
            '6.1', [*self.case.roles, *extra], **dict(self._settings, **settings)))
        return bird_network.render(astute, line or self.line, directory)

    def is_up(self):
        """Whether all sessions between nodes that are not down are Established."""
        down = ['_' + name.replace('-', '_') for name in self.case.down]
        wanted = [daemon.sessions() for name, daemon in self.birds.items()
                  if name not in self.case.down]
        return all(wanted) and all(
            session.is_established for sessions in wanted
            for name, session in sessions.items() if not name.endswith(tuple(down)))

    def await_bfd(self):
        """Return when BFD watches every session, from both ends."""
        def is_up():
            rows = [row for daemon in self.birds.values() for row in
                    daemon.birdc('show', 'bfd', 'sessions').splitlines()
                    if row.startswith('192.0.2.')]
            wanted = sum(len(daemon.sessions()) for daemon in self.birds.values())
            return len(rows) == wanted and all(' Up ' in row for row in rows)
        if not programs.eventually(is_up):
            raise programs.LabError('BFD does not come up')

    def sees(self, address, text='via'):
        return text in self.nodes[self.computes[1]].routes(address)


def loss(scene):
    """The Loss in a case."""
    first = scene.network.add_workload('vm-1', scene.computes[0], FIRST)
    second = scene.network.add_workload('vm-2', scene.computes[1], SECOND)
    until_new = []

    def event():
        scene.case.event(scene)
        begin = time.monotonic()
        scene.network.add_workload('vm-3', scene.computes[0], NEW)
        if programs.eventually(lambda: scene.sees(NEW), PATIENCE, 0.05):
            until_new.append(time.monotonic() - begin)
        time.sleep(AFTERWARDS)
    packets = traffic.lost_packets(scene.run, first, second, event)
    return Loss(packets * traffic.INTERVAL, until_new[0] if until_new else None)


if __name__ == '__main__':
    main()

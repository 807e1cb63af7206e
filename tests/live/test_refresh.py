"""The script ``refresh``, started as cron starts it, and by Debian's cron itself."""

import subprocess
import time

import pytest

from calico_fuel.tasks import command, cron
from lab.machine import clone, repository
from lab.machine.programs import eventually
from lab.network import fabric
from lab.network.bird import PROJECT
from tests.unit.builders import environment

LIST = '/etc/hiera/nodes.yaml'
LOG = '/var/log/stub'
# What it is run with, and the list that it found; fails while /etc/fails is there.
STUB = '#!/bin/sh\necho "$* $(cat {})" >>{}\nsleep 0.5\n[ ! -e /etc/fails ]\n'.format(
    LIST, LOG)
# Sleeps while /tmp/asleep is there, and notes in it that it does.
SLEEP = ('#!/bin/sh\n[ ! -e /tmp/asleep ] || echo yes >/tmp/asleep\n'
         'while [ -e /tmp/asleep ]; do /bin/sleep 0.05; done\n')


class Machine:
    """A clone with ``refresh``, and a stub in place of ``run_task``."""

    def __init__(self, machine):
        self.machine = machine
        self.write, self.run = machine.write, machine.run
        machine.copy(PROJECT / 'deployment_scripts/refresh', command.FOLDER + 'refresh')
        self.write(command.FOLDER + 'run_task', STUB, 0o755)

    def write_list(self, text, is_old=True):
        self.write(LIST, text)
        if is_old:
            self.run('touch', '-d', '2 minutes ago', LIST)

    def minute(self):
        """What cron starts every minute; its exit status."""
        return self.machine.result(command.FOLDER + 'refresh').status

    def ran(self):
        """What ``run_task`` was run with, since the last call."""
        lines = self.run('sh', '-c', 'cat {0} 2>/dev/null; rm -f {0}'.format(LOG))
        return lines.splitlines()


@pytest.fixture
def machine(lab_run, demand):
    demand(programs=['nsenter', 'setpriv', 'unshare'])
    node = fabric.Fabric(lab_run).add_node('node-1', '192.0.2.11')
    return Machine(clone.Clone(lab_run, node).start())


def test_a_list_runs_everything_until_that_succeeds_and_then_nothing(machine):
    machine.write_list('first')
    machine.write('/etc/fails', '')
    assert machine.minute() != 0
    assert machine.ran() == ['refresh --all first']
    machine.run('rm', '/etc/fails')
    # Others get the lock of the node: a failed run may have waited with it for minutes.
    assert machine.minute() == 0
    assert machine.ran() == []
    machine.run('touch', '-d', '5 minutes ago', '/run/calico-fuel/failed')
    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all first']

    assert machine.minute() == 0
    assert machine.ran() == []
    machine.write_list('second')
    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all second']
    # As once an hour.
    machine.run('rm', cron.REFRESHED)
    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all second']


def test_a_list_of_this_minute_runs_what_depends_on_it_and_everything_later(machine):
    machine.write_list('new', is_old=False)
    assert machine.minute() == 0
    assert machine.ran() == ['refresh new']

    machine.write_list('new')
    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all new']


def test_another_list_is_not_kept_waiting_by_a_failure(machine):
    machine.write_list('first')
    machine.write('/etc/fails', '')
    machine.minute()
    machine.run('rm', '/etc/fails')
    machine.write_list('second')

    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all first', 'refresh --all second']


def test_a_list_from_the_future_runs_everything(machine):
    """The clock was set back after Fuel had written it."""
    machine.write_list('list')
    machine.run('touch', '-d', '2 hours', LIST)

    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all list']


def test_a_list_that_comes_back_runs_everything_again(machine):
    """By then what the other one had asked for has been done, maybe in part."""
    machine.write_list('first')
    machine.minute()
    machine.write_list('second', is_old=False)
    machine.minute()
    machine.write_list('first')
    machine.minute()

    assert machine.ran() == [
        'refresh --all first', 'refresh second', 'refresh --all first']


def test_a_boot_runs_everything_but_not_while_it_is_paused(machine):
    machine.write_list('list')
    machine.minute()
    machine.ran()
    machine.machine.reboot()
    machine.write(cron.PAUSED, '')
    assert machine.minute() == 0
    machine.machine.reboot()
    assert machine.minute() == 0
    assert machine.ran() == []

    machine.run('rm', cron.PAUSED)
    assert machine.minute() == 0
    assert machine.ran() == ['refresh --all list']


def test_while_the_list_is_away_nothing_runs(machine):
    """Fuel deploys this node."""
    assert machine.minute() == 0
    machine.write_list('')
    assert machine.minute() == 0
    assert machine.ran() == []


def test_a_list_that_is_being_written_counts_when_it_is_whole(machine):
    # The second between two looks at the list lasts as long as the test wants.
    machine.write('/usr/local/sbin/sleep', SLEEP, 0o755)
    machine.write('/tmp/asleep', '')
    machine.write_list('half', is_old=False)
    running = subprocess.Popen(machine.machine.inside(command.FOLDER + 'refresh'))
    assert eventually(lambda: machine.run('cat', '/tmp/asleep'))
    machine.write_list('whole')
    machine.run('rm', '/tmp/asleep')

    assert running.wait(30) == 0
    assert machine.ran() == ['refresh --all whole']
    assert machine.minute() == 0
    assert machine.ran() == []


def test_minutes_do_not_pile_up(machine):
    machine.write_list('list')
    running = [subprocess.Popen(machine.machine.inside(command.FOLDER + 'refresh'))
               for _ in range(4)]

    assert [process.wait(30) for process in running] == [0] * 4
    assert machine.ran() == ['refresh --all list']


def test_nobody_but_root_can_hold_its_lock(machine):
    machine.write_list('list')
    machine.minute()

    assert machine.run('stat', '-c', '%a %U', '/run/calico-fuel') == '700 root\n'


def test_debians_cron_runs_it_within_a_minute(machine):
    # One after the other, because cron pre-depends on the other.
    for deb in repository.download('cron'):
        machine.machine.copy(deb, '/var/cache/lab/' + deb.name)
        machine.run('dpkg', '-i', '/var/cache/lab/' + deb.name)
    of = environment()
    file = cron.resources(of, of.this_node, None)[-1]
    machine.write_list('list')
    machine.write(file.path, file.text, file.mode)
    # cron takes a file for known that came in the second of its own start.
    machine.run('service', 'cron', 'restart')
    begin = time.monotonic()

    assert eventually(lambda: cron.REFRESHED.rpartition('/')[2] in machine.machine.run(
        'ls', '/run/calico-fuel', check=False), 75)
    assert time.monotonic() - begin < 65
    assert machine.ran() == ['refresh --all list']

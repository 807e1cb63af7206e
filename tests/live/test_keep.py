"""The service files of the watcher, by the programs that read them."""

import subprocess

import pytest

from calico_fuel import render
from lab import clone, fabric
from lab.commands import eventually

SERVICE = 'calico-fuel'
PROGRAM = '/usr/local/bin/stands-for-run_task'
PAUSE = 5


@pytest.fixture
def machine(lab_run, demand):
    """A clone with the SysV script, whose program is another."""
    demand(programs=['nsenter', 'setpriv', 'unshare'])
    node = fabric.Fabric(lab_run).add_node('node-1', '192.0.2.11')
    machine = clone.Clone(lab_run, node).start()
    script = render.sysv_script(SERVICE, PROGRAM + ' watch')
    machine.write(script.path, script.text, 0o755)
    # A task that is under way, and what has started it.
    machine.write(PROGRAM, '#!/bin/sh\nsleep 4444\n', 0o755)
    return machine


def pids(machine, words):
    return [pid for pid, line in machine.processes().items() if line.endswith(words)]


def test_a_watcher_that_ends_is_started_again_until_it_is_stopped(machine):
    for _ in range(2):
        machine.run('service', SERVICE, 'start')
    assert eventually(lambda: len(pids(machine, 'sleep 4444')) == 1)
    first, = pids(machine, PROGRAM + ' watch')

    machine.run('kill', '-s', 'KILL', first)

    assert eventually(lambda: set(pids(machine, PROGRAM + ' watch')) - {first},
                      PAUSE + 5)
    assert machine.result('service', SERVICE, 'status').status == 0
    machine.run('service', SERVICE, 'stop')
    assert eventually(lambda: machine.processes() == {})
    assert machine.result('service', SERVICE, 'status').status == 3


def test_systemd_accepts_the_unit(demand, tmp_path):
    demand(programs=['systemd-analyze'])

    def complaints(text):
        unit = tmp_path / (SERVICE + '.service')
        unit.write_text(text)
        return subprocess.run(['systemd-analyze', 'verify', unit], capture_output=True,
                              text=True).stderr
    # One that is there.
    text = render.systemd_unit(SERVICE, '/bin/sh').text

    assert complaints(text) == ''
    assert 'sometimes' in complaints(text.replace('always', 'sometimes'))

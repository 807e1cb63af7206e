"""A real BIRD that runs and does not answer is named, with its fix, within seconds."""

import re
import time

import pytest

from lab.fuel import fuel_metadata, networks, stock
from lab.machine import clone, repository, standins
from lab.network import bird, fabric
from tests.live import COMPUTE, CONTROLLER

# What a run may take until it has told: the bound of one question, and a start.
SECONDS = 20
FOLDER = '/etc/fuel/plugins/calico-fuel-plugin-4.0/'


@pytest.fixture
def machine(lab_run, demand, line, tmp_path):
    """A controller with a BIRD that the plugin has set up."""
    demand(programs=['iptables', 'nsenter', 'setpriv', 'unshare'])
    address = networks.Addresses(1).node('management', 1)
    machine = clone.Clone(
        lab_run, fabric.Fabric(lab_run).add_node('node-1', address)).start()
    stock.provision(machine)
    stock.set_up_repositories(machine)
    stock.set_up_firewall(machine, '6.1')
    deb, = (bird.PROJECT / '.cache/bird{}'.format(line)).glob('*.deb')
    debs = [deb] if line == '1' else [
        *repository.download('libssh-gcrypt-4'),
        standins.renamed(deb, 'bird', tmp_path)]
    for one in debs:
        machine.copy(one, '/var/cache/lab/' + one.name)
    machine.run('dpkg', '-i', *('/var/cache/lab/' + one.name for one in debs))
    for name in 'calico_fuel', 'deployment_scripts/run_task':
        machine.copy(bird.PROJECT / name, FOLDER + name.rpartition('/')[2])
    machine.write('/etc/astute.yaml', fuel_metadata.text(
        '6.1', [CONTROLLER, COMPUTE]), 0o600)
    attempt = machine.attempt(FOLDER + 'run_task route-reflector')
    assert attempt.status == 0, attempt.output
    return machine


@pytest.mark.parametrize('task', ['route-reflector', 'verify'])
def test_a_run_that_meets_a_stopped_bird_says_how_to_let_it_go_on(machine, task):
    """And what it says helps; meanwhile no other run waits for its lock."""
    pid, = machine.run('pgrep', '-x', 'bird').split()
    machine.run('kill', '-STOP', pid)

    attempt = machine.attempt(FOLDER + 'run_task ' + task)

    assert attempt.status == 1 and attempt.seconds < SECONDS, attempt.output
    assert ('birdc show status: no answer within 10 s. BIRD hangs (pid {}, state T: '
            'stopped by a signal). Run '.format(pid)) in attempt.output
    assert 'birdc' not in str(machine.processes())
    fix = re.search('Run (kill -CONT [0-9]+)', attempt.output).group(1)
    machine.run('sh', '-c', fix)
    begin = time.monotonic()
    again = machine.attempt(FOLDER + 'run_task route-reflector')
    assert again.status == 0 and 'changed' in again.output, again.output
    assert '\nchanged ' not in again.output, again.output
    assert time.monotonic() - begin < SECONDS

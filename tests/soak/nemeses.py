"""Faults of a lab, until they are over; a function raises where it cannot be."""

import collections
import contextlib
import threading
import time

from lab.fuel.granular import DeploymentFailed
from lab.machine.programs import LabError
from tests.plan import faults
from tests.plan.faults import disks, network
from tests.plan.faults.clock import run_with_jumps
from tests.soak.operators import change, succeed

FILLED = '/etc/bird'
# 50 ms, neither jitter nor loss, any rate: the traffic may lose nothing.
SLOW = 50, 0, 0, 0
# The command line of a run.
A_TASK = 'runpy.run_module..calico_fuel'


def break_deployment(lab, name, seconds, setting):
    """A run of a task is killed on a node that long after the beginning, or later."""
    change(lab, setting)
    machine, is_over = lab.fuel.members[name].machine, threading.Event()

    def kill_one():
        seconds_left = int(seconds)
        while not is_over.wait(seconds_left) and machine.result(
                'pkill', '-KILL', '-f', A_TASK).status:
            seconds_left = 0.1
    killer = threading.Thread(target=kill_one)
    killer.start()
    try:
        # Fuel tries a task that was killed again, so it may succeed.
        with contextlib.suppress(DeploymentFailed):
            lab.fuel.deploy(again=True)
    finally:
        is_over.set()
        killer.join()
    lab.fuel.deploy(again=True)


def kill_run(lab, name, seconds):
    machine = _drifted(lab, name)
    task = _task_of_bird(lab, name)
    faults.run(machine, task, 'timeout -s KILL ' + seconds)
    succeed(machine, task)


def kill(lab, name, daemon):
    """As a crash, and as upstart starts it again."""
    machine = lab.fuel.members[name].machine
    machine.run('pkill', '-KILL', '-f', 'bin/{}( |$)'.format(daemon))
    machine.run('service', daemon, 'start')


def pause(lab, name, daemon, seconds):
    machine = lab.fuel.members[name].machine
    machine.run('pkill', '-STOP', '-x', daemon)
    try:
        time.sleep(int(seconds))
    finally:
        machine.run('pkill', '-CONT', '-x', daemon)


def full_disk(lab, name):
    machine = _drifted(lab, name)
    with disks.full(machine, 'space', FILLED):
        attempt = faults.run(machine, _task_of_bird(lab, name))
    if attempt.status != 1 or 'o space left' not in attempt.output:
        raise LabError('a run on a full disk says: {}'.format(attempt))
    succeed(machine, _task_of_bird(lab, name))


def jump_clock(lab, name, task):
    """The task runs while its clock is an hour fast and slow by turns."""
    attempt = run_with_jumps(lab.fuel.members[name].machine, task)
    if attempt.status:
        raise LabError('{} fails on {} while its clock jumps:\n{}'.format(
            task, name, attempt.output))


def slow_network(lab, setting):
    """The management network is slow while all nodes are deployed."""
    change(lab, setting)
    nodes = [member.machine.node for member in lab.fuel.members.values()]
    with network.bad(lab.run, nodes, SLOW, collections.Counter()):
        lab.fuel.deploy(again=True)


def partition(lab, name, other, seconds):
    with _cut(lab, name, other):
        time.sleep(int(seconds))


def partition_deployment(lab, name, other, setting):
    """The network between two nodes is cut while all are deployed."""
    change(lab, setting)
    with _cut(lab, name, other), contextlib.suppress(DeploymentFailed):
        lab.fuel.deploy(again=True)
    lab.fuel.deploy(again=True)


def _cut(lab, name, other):
    members = lab.fuel.members
    return network.both_ways(members[name].machine, members[other].machine)


def _drifted(lab, name):
    """The machine of a node whose bird.conf has become another."""
    machine = lab.fuel.members[name].machine
    machine.run('sed', '-i', 's/hold time 30;/hold time 90;/', faults.CONF)
    return machine


def _task_of_bird(lab, name):
    return ('compute' if 'compute' in lab.fuel.members[name].roles
            else 'route-reflector')

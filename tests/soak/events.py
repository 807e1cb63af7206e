"""How each kind of step is done to a lab; a function raises where it cannot be."""

import contextlib
import threading
import time

from lab.fuel.granular import DeploymentFailed
from lab.machine.programs import LabError, eventually
from tests.plan import faults, nodes

YES_OR_NO = {'yes': True, 'no': False}
FILLED = '/etc/bird'
LAST_REPORT = nodes.KEYS + 'calico/felix/v1/host/{}/status'
# The command line of a run.
A_TASK = 'runpy.run_module..calico_fuel'


def do(lab, step):
    """Do a step, and what an operator does next; the environment may still settle."""
    kind, *arguments = step.split()
    KINDS[kind](lab, *arguments)


def _add(lab, role):
    name = lab.fuel.add(role)
    lab.fuel.deploy()
    if role == 'compute':
        lab.add_workload(name)


def _leave(lab, name):
    """As an operator does it: its instances first, until nobody knows them."""
    addresses = [workload.address for place, workload in lab.workloads.values()
                 if place == name]
    lab.remove_workloads(name)
    others = [member for member in lab.computes() if member.name != name]
    if not eventually(lambda: not any(
            member.machine.run('ip', 'route', 'show', address)
            for member in others for address in addresses)):
        raise LabError('routes to deleted instances stay: {}'.format(addresses))
    lab.fuel.remove(name)
    # Felix's last report lives for 90 s: Fuel takes longer to reach "cleanup".
    nodes.ask_etcd(lab, others[0].name, LAST_REPORT.format(name), '', 'DELETE')


def _remove(lab, name):
    is_compute = 'compute' in lab.fuel.members[name].roles
    _leave(lab, name)
    lab.fuel.deploy()
    if is_compute and lab.fuel.release == '6.1':
        # docs/operations.md: it writes no new list of nodes; the primary one last.
        for member in sorted(lab.fuel.members.values(),
                             key=lambda one: 'primary-controller' in one.roles):
            if member.is_controller:
                _succeed(member.machine, 'forget-node {} --force'.format(name))


def _replace(lab, name, role):
    _leave(lab, name)
    _add(lab, role)


def _set(lab, setting):
    _change(lab, setting)
    lab.fuel.deploy(again=True)


def _change(lab, setting):
    name, _, value = setting.partition('=')
    lab.fuel.settings[name] = YES_OR_NO.get(value, value)


def _break_deployment(lab, name, seconds, setting):
    """A run of a task is killed on a node that long after the beginning, or later."""
    _change(lab, setting)
    machine, is_over = lab.fuel.members[name].machine, threading.Event()

    def kill():
        pause = int(seconds)
        while not is_over.wait(pause) and machine.result(
                'pkill', '-KILL', '-f', A_TASK).status:
            pause = 0.1
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        # Fuel tries a task that was killed again, so it may succeed.
        with contextlib.suppress(DeploymentFailed):
            lab.fuel.deploy(again=True)
    finally:
        is_over.set()
        killer.join()
    lab.fuel.deploy(again=True)


def _reboot(lab, name):
    lab.reboot(name)


def _run(lab, name, task):
    _succeed(lab.fuel.members[name].machine, task)


def _kill_run(lab, name, seconds):
    machine = _drifted(lab, name)
    task = _task_of_bird(lab, name)
    faults.run(machine, task, 'timeout -s KILL ' + seconds)
    _succeed(machine, task)


def _full_disk(lab, name):
    machine = _drifted(lab, name)
    machine.run('cp', '-a', FILLED, '/tmp/filled')
    machine.run('mount', '-t', 'tmpfs', '-o', 'size=64k,mode=755', 'none', FILLED)
    try:
        machine.run('cp', '-a', '/tmp/filled/.', FILLED)
        machine.run('sh', '-c', 'cat /dev/zero >{}/filler || true'.format(FILLED))
        attempt = faults.run(machine, _task_of_bird(lab, name))
        if attempt.status != 1 or 'o space left' not in attempt.output:
            raise LabError('a run on a full disk says: {}'.format(attempt))
    finally:
        machine.run('umount', FILLED)
        machine.run('rm', '-r', '/tmp/filled')
    _succeed(machine, _task_of_bird(lab, name))


def _kill(lab, name, daemon):
    """As a crash, and as upstart starts it again."""
    machine = lab.fuel.members[name].machine
    machine.run('pkill', '-KILL', '-f', 'bin/{}( |$)'.format(daemon))
    machine.run('service', daemon, 'start')


def _pause(lab, name, daemon, seconds):
    machine = lab.fuel.members[name].machine
    machine.run('pkill', '-STOP', '-x', daemon)
    try:
        time.sleep(int(seconds))
    finally:
        machine.run('pkill', '-CONT', '-x', daemon)


def _partition(lab, name, other, seconds):
    with _cut(lab, name, other):
        time.sleep(int(seconds))


def _partition_deployment(lab, name, other, setting):
    """The network between two nodes is cut while all are deployed."""
    _change(lab, setting)
    with _cut(lab, name, other), contextlib.suppress(DeploymentFailed):
        lab.fuel.deploy(again=True)
    lab.fuel.deploy(again=True)


@contextlib.contextmanager
def _cut(lab, name, other):
    """No packet gets from one management address to the other."""
    machine, address = lab.fuel.members[name].machine, lab.fuel.members[
        other].machine.address

    def change(option):
        for way in ('PREROUTING', '-s'), ('OUTPUT', '-d'):
            machine.run('iptables', '-w', '-t', 'raw', option, *way, address,
                        '-j', 'DROP')
    change('-I')
    try:
        yield
    finally:
        change('-D')


KINDS = {
    'add': _add, 'remove': _remove, 'replace': _replace, 'set': _set,
    'break-deployment': _break_deployment, 'reboot': _reboot, 'run': _run,
    'kill-run': _kill_run, 'kill': _kill, 'pause': _pause, 'full-disk': _full_disk,
    'partition': _partition, 'partition-deployment': _partition_deployment}


def _drifted(lab, name):
    """The machine of a node whose bird.conf has become another."""
    machine = lab.fuel.members[name].machine
    machine.run('sed', '-i', 's/hold time 30;/hold time 90;/', faults.CONF)
    return machine


def _task_of_bird(lab, name):
    return ('compute' if 'compute' in lab.fuel.members[name].roles
            else 'route-reflector')


def _succeed(machine, command):
    attempt = faults.run(machine, command)
    if attempt.status:
        raise LabError('{} fails on {}:\n{}'.format(
            command, machine.name, attempt.output))

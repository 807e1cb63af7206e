"""Runs that are stopped where it is worst, and go on later."""

from lab.machine import scripts
from lab.machine.programs import eventually

# Python imports it before the task.
HOOK = scripts.DIRECTORY + '/sitecustomize.py'
# Once.
STOP = '''
import os, signal
from calico_fuel.etcd import {module}
real = {module}.{name}


def stop():
    {module}.{name} = real
    os.kill(os.getpid(), signal.SIGSTOP)


def before(*arguments):
    stop()
    return real(*arguments)


def after(*arguments):
    why = real(*arguments)
    if not why:
        stop()
    return why


{module}.{name} = {moment}
'''


def stop_at(machine, moment, name):
    """Let the next run on a node stop *moment* ("before", "after") a request to etcd.

    *name* is the module below calico_fuel.etcd, and its function that sends it, such as
    "client.add_member"; "after" a request that etcd has refused it does not stop.
    """
    module, _, name = name.partition('.')
    machine.write(HOOK, STOP.format(module=module, name=name, moment=moment))


def stopped(machine):
    """The pid of the run that has stopped on a node, once it has."""
    def found():
        rows = [row.split(None, 2) for row in machine.run(
            'ps', '-ww', '-eo', 'pid=,stat=,args=').splitlines()]
        return [pid for pid, state, line in rows
                if state[0] == 'T' and 'calico_fuel' in line]
    pids = eventually(found, 60)
    assert len(pids) == 1, pids
    # Python 2 would import byte code that is left, too.
    machine.run('rm', '-f', HOOK, HOOK + 'c')
    return pids[0]


def go_on(machine, pid):
    machine.run('kill', '-CONT', pid)

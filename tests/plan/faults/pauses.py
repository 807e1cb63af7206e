"""Runs that are stopped where it is worst, and go on later."""

from lab.machine import scripts
from lab.machine.programs import eventually

# Python imports it before the task.
HOOK = scripts.DIRECTORY + '/sitecustomize.py'
# In calico_fuel.etcd.client, once.
STOP = '''
import os, signal
from calico_fuel.etcd import client
real = client.{name}


def stop():
    client.{name} = real
    os.kill(os.getpid(), signal.SIGSTOP)


def before(*arguments):
    stop()
    return real(*arguments)


def after(*arguments):
    why = real(*arguments)
    if not why:
        stop()
    return why


client.{name} = {moment}
'''


def stop_at(machine, moment, name):
    """Let the next run on a node stop *moment* ("before", "after") etcd gets a change.

    *name* is the function of calico_fuel.etcd.client that asks for the change.
    """
    machine.write(HOOK, STOP.format(moment=moment, name=name))


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

"""Runs that lose the power of their node, and what is on its disk then."""

from lab.machine import init, scripts
from lab.machine.disk import DISK, DROP, cut_power
from tests.plan.faults import KILLED, run

# Python imports it before the task.  The first process kills all at that signal.
HOOK = scripts.DIRECTORY + '/sitecustomize.py'
CUT = '''
import os, signal
real, left = os.rename, [{}]


def rename(*paths):
    real(*paths)
    left[0] -= 1
    if not left[0]:
        exec(DROP)
        os.kill(1, signal.{})
        signal.pause()


os.rename, DROP = rename, """{}"""
'''
# dpkg tells the logger of each step, and goes on meanwhile.
LOGGER, OF_LOGGER = '/etc/dpkg/cut-power', '/etc/dpkg/dpkg.cfg.d/cut-power'
CUT_DPKG = """
head -n 2 >/dev/null
python3 -c "{}"
kill -s {} 1
"""
# Of no account: what no program reads, and what Python writes again.
DIGESTS = r'''
cd / && find etc var/lib/calico-fuel -type f ! -name '.calico-fuel-*' \
    ! -name 'sitecustomize.py*' ! -name '*.pyc' -exec sha256sum {} +
'''
# By the programs that read them.
PARSE = '''
cd /etc
for pem in calico-fuel/etcd/*.pem; do
    [ ! -e $pem ] || openssl x509 -noout -in $pem
done
[ ! -e bird/bird.conf ] || bird -p -c /etc/bird/bird.conf
[ ! -e default/etcd ] || sh -euc '. /etc/default/etcd'
[ ! -e iptables/rules.v4 ] || iptables-restore --test iptables/rules.v4
'''


def cut_during(machine, task, number):
    """Take the power when a run has renamed *number* files, or else at its end.

    Whether it was before the end.
    """
    machine.write(HOOK, CUT.format(number, init.KILL_ALL.name, DROP))
    # Python 2 would import byte code that is left, too.
    return _cut(machine, task, HOOK, HOOK + 'c')


def cut_during_dpkg(machine, task):
    """Take the power while dpkg works for a run. Whether it did."""
    machine.write(LOGGER, CUT_DPKG.format(DROP, init.KILL_ALL.name[3:]))
    machine.write(OF_LOGGER, 'status-logger=sh {}\n'.format(LOGGER))
    return _cut(machine, task, LOGGER, OF_LOGGER)


def _cut(machine, task, *traps):
    machine.run('sync', '--file-system', DISK)
    status = run(machine, task).status
    cut_power(machine)
    machine.run('rm', '-f', *traps)
    machine.run('sync', '--file-system', DISK)
    return status == KILLED


def digests(machine):
    """Digest by path of the files in /etc and of our state."""
    rows = machine.run('sh', '-c', DIGESTS).splitlines()
    return {path: digest for digest, path in (row.split(None, 1) for row in rows)}

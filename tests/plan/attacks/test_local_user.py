"""A local user of a node who is not root: what he reads, locks and writes."""

import re

import pytest

from tests.plan.attacks import as_user

NODES = pytest.mark.parametrize('name', ['node-1', 'node-4'])
BIRD = '/etc/bird'
LOCK = '/run/calico-fuel/lock'
KEY = '/etc/calico-fuel/etcd/node.pem'
# Copies of files of others have the rights that these had.
OURS = ('/run/calico-fuel', '/var/lib/calico-fuel', '/var/log/calico-fuel.log', KEY,
        '-type', 'f', '-not', '-path', '/var/lib/calico-fuel/backups/*')
# In the place of a file that root is about to write, as the next run of a task does.
PLANT = 'cd {} && for name in .calico-fuel-x bird.conf; do {}; done'
WAYS = ('ln -s /root/victim $name', 'mv $name local.d/', 'echo bad >>$name',
        'chmod 0666 $name', 'rm -f $name')


@NODES
@pytest.mark.plan('attack S14, S20: a local user locks and reads what is ours')
def test_nobody_opens_no_file_of_ours(machine, name):
    """The user can read none of the files, and cannot take the lock.

    Steps: As the user `nobody` of a controller and of a compute, read the plugin's log,
    its files in `/run` and `/var/lib`, and etcd's key. Take the lock of the tasks.
    """
    files = machine(name).run('find', *OURS)
    assert LOCK + '\n' in files and '/loaded/bird\n' in files and KEY in files

    assert as_user(machine(name), 'nobody', 'find', *OURS, '-readable').stdout == ''
    assert as_user(machine(name), 'nobody', 'flock', '-n', LOCK, 'true').status


@NODES
@pytest.mark.plan('attack S16: a local user looks for the BGP password')
def test_nobody_finds_no_password(machine, name):
    """The user finds none.

    Steps: As the user `nobody` of a controller and of a compute, look for the BGP
    password in `/etc`, `/run`, `/var/lib`, `/var/log` and all command lines.
    """
    passwords = set(re.findall(
        'password "(.*)"', machine(name).read(BIRD + '/bird.conf')))
    assert len(passwords) == 1

    for argv in (['grep', '-rlF', *passwords, '/etc', '/run', '/var/lib', '/var/log'],
                 ['sh', '-c', 'ps -ww -eo args= | grep -F -- "$0" | grep -v grep',
                  *passwords]):
        assert as_user(machine(name), 'nobody', *argv).stdout == ''


@NODES
@pytest.mark.plan('attack S5: the user bird becomes root by a file of BIRD')
def test_bird_changes_nothing_where_root_writes(machine, name):
    """Nothing in `/etc/bird` changes.

    Steps: As the user `bird` of a controller and of a compute, put a link in the place
    of `bird.conf`. Move it, append to it, change its mode, and delete it.
    """
    def seen():
        return machine(name).run('ls', '-lRn', '--time-style=full-iso', BIRD)
    before = seen()
    assert as_user(machine(name), 'bird', 'cat', BIRD + '/bird.conf').status == 0

    for way in WAYS:
        as_user(machine(name), 'bird', 'sh', '-c', PLANT.format(BIRD, way))

    assert seen() == before

"""tools/setup and tools/test on a machine that is new, or that lacks something."""

import subprocess

import pytest

from lab.network import bird
from tests.live.apt_node import HOLD_LOCK, package

LISTS, DPKG = '/var/lib/apt/lists/lock', '/var/lib/dpkg/lock-frontend'
# A package that a part of the set-up needs, and no other of ours depends on.
NEEDED = 'shellcheck'


@pytest.fixture
def machine(make_apt_node):
    """A clone that lacks a package, which its apt has."""
    node = make_apt_node()
    node.ours.add(package(node.debs, NEEDED, '9'))
    node.offer()
    node.machine.copy(bird.PROJECT / 'tools', '/root/project/tools')
    node.machine.run('dpkg', '--remove', NEEDED)
    return node.machine


@pytest.fixture
def hold(machine):
    """A program that has a lock; its pid."""
    holders = []

    def hold(lock, until):
        holders.append(subprocess.Popen(
            machine.inside('python3', '-c', HOLD_LOCK, lock, until),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return holders[0].stdout.readline().strip()
    yield hold
    for holder in holders:
        holder.communicate()


def set_up(machine, **env):
    return machine.result('/root/project/tools/setup', 'lint', env=env)


@pytest.mark.parametrize('lock', [LISTS, DPKG])
def test_a_lock_of_apt_is_waited_for_and_its_holder_named(machine, hold, lock):
    pid = hold(lock, 'until tried')

    status, stdout, stderr = set_up(machine)

    assert status == 0, stderr
    assert (
        "waiting for apt's lock, 120 s at most: {}. It is held by process {} "
        '(python3)'.format(lock, pid)) in stdout
    assert machine.run('dpkg-query', '-W', '-f', '${Version}', NEEDED) == '9'


@pytest.mark.parametrize('lock', [LISTS, DPKG])
def test_a_lock_that_is_never_given_up_ends_the_set_up_with_the_fix(
        machine, hold, lock):
    pid = hold(lock, 'for good')

    status, _, stderr = set_up(machine, APT_LOCK_SECONDS='1')

    assert status == 1
    assert stderr.splitlines()[-1] == (
        "setup: apt's lock is still taken: {}. It is held by process {} (python3). "
        'Wait until that program ends, then run the same command again: what is done '
        'stays'.format(lock, pid))


def test_what_apt_refuses_for_another_reason_is_shown_at_once(machine):
    machine.run('rm', '-r', '/etc/apt/sources.list.d')

    status, _, stderr = set_up(machine)

    assert status == 1
    assert 'Unable to locate package ' + NEEDED in stderr
    assert stderr.endswith('setup: apt-get install {} failed\n'.format(NEEDED))


@pytest.mark.parametrize('part, what', [
    ('py27', 'its tests'), ('packaging', 'fuel-plugin-builder')])
def test_without_any_python_2_7_the_last_lines_say_what_is_not_run(
        machine, part, what):
    """It has none, and no mirror to have one from; all else is set up."""
    for made, names in (('.venv', ['py3']),
                        ('.cache/fpb-py3', ['fpb-py3', 'fpb-sdist'])):
        machine.write('/root/project/{}/installed'.format(made), ''.join(
            (bird.PROJECT / 'tools/requirements-{}.txt'.format(name)).read_text()
            for name in names))
    machine.write('/root/project/.venv/bin/python', '#!/bin/sh\n', 0o755)

    status, stdout, stderr = machine.result(
        '/root/project/tools/test', env={'PARTS': part, 'PYENV_ROOT': '/nonexistent'})

    assert stdout.splitlines()[-2:] == [
        'NOT RUN: {}(no Python 2.7 is to be had for {})'.format(part, what),
        'test: good'], stderr
    assert status == 0

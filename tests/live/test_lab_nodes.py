"""A lab of make lab that is up: its nodes, and what status says of them."""

import os
import re
import subprocess
import sys

import pytest

from lab.network import bird
from tests.live.test_demo import PROGRAMS

# The lab of a developer in this checkout has another name.
NAME = 'test-{}'.format(os.getpid())


def lab(*arguments, typed=''):
    return subprocess.run([sys.executable, '-m', 'lab.cli', *arguments], text=True,
                          input=typed, cwd=bird.PROJECT, capture_output=True,
                          timeout=240)


@pytest.fixture(scope='module')
def fuel_9(demand):
    """A lab of Fuel 9.2 as README has it, with no setting."""
    demand(bird.LINES, PROGRAMS)
    made = lab('up', '--fuel', '9.2', '--computes', '1', '--name', NAME)
    try:
        assert made.returncode == 0, made.stdout + made.stderr
        yield made
    finally:
        assert lab('down', NAME).stdout == NAME + ' is removed\n'


def test_a_lab_that_is_up_is_listed_and_says_which_nodes_there_are(fuel_9):
    """Neutron's stand-in is asked for no network."""
    listed, = (line for line in lab('list').stdout.splitlines()
               if line.startswith(NAME))
    assert 'Fuel 9.2, 2 nodes, since 20' in listed
    for command in 'shell', 'remove':
        refused = lab(command, 'node-9', '--name', NAME)
        assert refused.returncode == 1
        assert refused.stderr == (
            'lab: no node node-9 in {}; there are node-1, node-2\n'.format(NAME))
    inside = lab('shell', 'node-2', '--name', NAME, typed='hostname')
    assert (inside.stdout, inside.stderr) == ('node-2\n', '')


def test_status_shows_what_is_up_beside_what_has_to_be(fuel_9):
    shown = lab('status', '--name', NAME)

    assert shown.returncode == 0, shown
    assert shown.stdout.count('ready; 1 of 1 BGP sessions Established') == 2
    assert '1 of 1 members healthy' in shown.stdout


@pytest.mark.parametrize('node, daemon, fault, rest', [
    ('node-2', 'bird', 'node-2 .*BIRD does not answer in 5 s', 'node-1 .*1 of 1 BGP'),
    ('node-1', 'etcd', 'etcd +0 of 1 members healthy; not: node-1',
     'node-2 .*1 of 1 BGP')], ids=['BIRD', 'etcd'])
def test_a_daemon_that_hangs_is_a_line_of_status_beside_the_others(
        fuel_9, node, daemon, fault, rest):
    """And exit status 1."""
    lab('shell', node, '--name', NAME, typed='kill -STOP $(pidof {})'.format(daemon))
    try:
        shown = lab('status', '--name', NAME)
    finally:
        lab('shell', node, '--name', NAME,
            typed='kill -CONT $(pidof {})'.format(daemon))

    assert shown.returncode == 1 and 'Traceback' not in shown.stderr
    assert re.search(fault, shown.stdout) and re.search(rest, shown.stdout)


def test_a_session_that_is_down_is_counted_against_those_wanted(fuel_9):
    lab('shell', 'node-2', '--name', NAME, typed='birdc disable reflector_node_1')
    try:
        shown = lab('status', '--name', NAME)
    finally:
        lab('shell', 'node-2', '--name', NAME, typed='birdc enable reflector_node_1')

    assert shown.returncode == 1
    assert shown.stdout.count('0 of 1 BGP sessions Established') == 2

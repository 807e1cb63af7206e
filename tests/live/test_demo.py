"""make demo and make lab, as a person at a terminal meets them."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lab import bird, commands, laboratory, processes, run, terminal

DEMO = [sys.executable, '-m', 'lab.demo']
PROGRAMS = [*laboratory.PROGRAMS, 'rpmbuild', 'dpkg-scanpackages',
            str(bird.PROJECT / '.cache/fpb-py3/bin/python')]


@pytest.fixture(autouse=True)
def nothing_is_left(demand):
    """Of namespaces, processes, mounts and directories."""
    demand(bird.LINES, PROGRAMS)
    run.remove_remains()
    before = _traces()
    yield
    left = []

    def nothing_new():
        left[:] = (trace for trace in _traces() if trace not in before)
        return not left
    # What a test beside this one kills is there for a moment.
    commands.eventually(nothing_new, timeout=2)
    assert not left


def _traces():
    """What could be left, without that of runs which are alive beside this test."""
    found = {
        'namespaces': commands.run(['ip', 'netns', 'list']).splitlines(),
        'directories': map(str, run.DIRECTORIES.glob(run.PREFIX + '*')),
        'daemons': (line for line in map(_text, Path('/proc').glob('[0-9]*/cmdline'))
                    if 'lab.init' in line or 'bird -' in line),
        # /run/netns is iproute2's own; it stays once it is there.
        'mounts': (line for line in _text(Path('/proc/self/mounts')).splitlines()
                   if line.split()[1] != '/run/netns'),
        'interfaces': commands.run(['ip', '-brief', 'link']).splitlines(),
    }
    return [(kind, line) for kind, lines in found.items() for line in lines
            if not _is_of_a_run_that_is_alive(line)]


def _is_of_a_run_that_is_alive(line):
    owners = re.findall(r'(?:{}|cf)([0-9]+[.][0-9]+)'.format(run.PREFIX), line)
    return any(map(processes.is_alive, owners))


def _text(path):
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ''


def demo(*arguments):
    return subprocess.run([*DEMO, *arguments], cwd=bird.PROJECT, text=True,
                          capture_output=True, timeout=240)


def start_demo_until(text, *arguments):
    """A demo that runs and has printed *text*."""
    process = subprocess.Popen([*DEMO, *arguments], cwd=bird.PROJECT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    printed = b''
    while text.encode() not in printed:
        chunk = os.read(process.stdout.fileno(), 4096)
        assert chunk, 'the demo ended without "{}":\n{}'.format(text, printed.decode())
        printed += chunk
    return process


@pytest.mark.parametrize('line', bird.LINES)
def test_the_demo_shows_sessions_routes_and_a_ping_matrix(line):
    """From metadata to a ping, and exit status 0."""
    shown = demo('--bird', line)

    assert shown.returncode == 0, shown.stderr + shown.stdout
    assert re.search(r'client_node_2 .*Established', shown.stdout)
    assert re.search(r'client_node_3 .*Established', shown.stdout)
    assert '203.0.113.22 via 192.0.2.13 dev br-mgmt proto bird' in shown.stdout
    assert len(re.findall(r'\byes\b', shown.stdout)) == 4 * 3
    assert 'none: no Open vSwitch, L3 or metadata agent runs' in shown.stdout
    assert 'stand-ins' in shown.stdout.splitlines()[-1]


@pytest.mark.parametrize('moment', [
    'Build', 'Fetch', 'Make a controller', '  packages', '  compute'])
def test_ctrl_c_removes_everything(moment):
    """Whenever it comes."""
    process = start_demo_until(moment)

    process.send_signal(signal.SIGINT)

    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert 'interrupted; everything is removed' in errors.decode()


def test_sigterm_removes_everything():
    """A closed terminal and a stopped session end like Ctrl-C."""
    process = start_demo_until('  packages')

    process.terminate()

    process.communicate(timeout=60)
    assert process.returncode == 130


def test_the_next_run_removes_what_a_killed_one_left():
    """And leaves alone what is kept."""
    killed = start_demo_until('  preflight')
    killed.kill()
    killed.communicate(timeout=30)
    kept = start_demo_until('Make a controller', '--keep')

    kept.communicate(timeout=240)

    left = ' '.join(map(str, run.DIRECTORIES.glob(run.PREFIX + '*')))
    assert '{}{}.'.format(run.PREFIX, killed.pid) not in left
    assert '{}{}.'.format(run.PREFIX, kept.pid) in left
    assert demo('--down').returncode == 0


def test_keep_leaves_it_up_with_commands_that_work():
    """Every command that is shown can be pasted; the last one removes everything."""
    shown = demo('--keep').stdout
    inside = shown.partition('look inside with\n')[2]

    birdc, routes, ping, _ = (shlex.split(line) for line in inside.splitlines()[:4])
    assert 'Established' in commands.run(birdc)
    assert 'proto bird' in commands.run(routes)
    assert '1 received' in commands.run([*ping, '-c', '1'])
    assert 'make demo ARGS=--down' in inside
    assert demo('--down').returncode == 0


def test_without_root_it_says_so_in_one_line(monkeypatch):
    """Nothing is built and nothing is started."""
    monkeypatch.setattr(os, 'geteuid', lambda: 1000)

    with pytest.raises(SystemExit) as refusal:
        terminal.demand('demo', bird.LINES)

    assert str(refusal.value) == 'demo: needs root, for network namespaces'


def lab(*arguments, typed=''):
    return subprocess.run([sys.executable, '-m', 'lab.cli', *arguments], text=True,
                          input=typed, cwd=bird.PROJECT, capture_output=True,
                          timeout=240)


def test_a_lab_of_fuel_9_comes_up_and_says_which_nodes_there_are():
    """As README has it, with no setting: Neutron's stand-in is asked for no network."""
    made = lab('up', '--fuel', '9.2', '--computes', '1')
    try:
        assert made.returncode == 0, made.stdout + made.stderr
        for command in 'shell', 'remove':
            refused = lab(command, 'node-9')
            assert refused.returncode == 1
            assert refused.stderr == 'lab: no node node-9; there are node-1, node-2\n'
        inside = lab('shell', 'node-2', typed='hostname')
        assert (inside.stdout, inside.stderr) == ('node-2\n', '')
        assert lab('status').stdout.count(' ready; 1 BGP sessions') == 2
    finally:
        assert lab('down').stdout == '1 lab removed\n'

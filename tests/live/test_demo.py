"""make demo and make lab, as a person at a terminal meets them."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lab import laboratory, terminal
from lab.machine import programs, run
from lab.network import bird

DEMO = [sys.executable, '-m', 'lab.demo']
PROGRAMS = [*laboratory.PROGRAMS, 'rpmbuild', 'dpkg-scanpackages',
            str(bird.PROJECT / '.cache/fpb-py3/bin/python')]


# A developer's own demo, and those of tests beside this one, have other names.
NAME = 'test-{}'.format(os.getpid())


@pytest.fixture(autouse=True)
def started(demand):
    """The pids of demos that a test starts; nothing is left that names one of them.

    Namespaces, directories, mounts and what runs in either are named by it.
    """
    demand(bird.LINES, PROGRAMS)
    started = []
    yield started
    assert not [trace for trace in _traces() if any(
        re.search(r'(?:{}|cf){}[.]'.format(run.PREFIX, pid), trace) for pid in started)]


def _traces():
    yield from programs.run(['ip', 'netns', 'list']).splitlines()
    yield from map(str, run.DIRECTORIES.glob(run.PREFIX + '*'))
    for kind in 'cmdline', 'mounts':
        for path in Path('/proc').glob('[0-9]*/' + kind):
            yield from _text(path).splitlines()


def _text(path):
    try:
        return path.read_text()
    except OSError:
        return ''


@pytest.fixture
def demo(started):
    def demo(*arguments):
        process = subprocess.Popen(
            [*DEMO, *arguments], cwd=bird.PROJECT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process.pid)
        stdout, stderr = process.communicate(timeout=240)
        return subprocess.CompletedProcess(
            process.args, process.returncode, stdout, stderr)
    return demo


@pytest.fixture
def start_demo_until(started):
    def start_demo_until(text, *arguments):
        """A demo that runs and has printed *text*."""
        process = subprocess.Popen([*DEMO, *arguments], cwd=bird.PROJECT,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process.pid)
        printed = b''
        while text.encode() not in printed:
            chunk = os.read(process.stdout.fileno(), 4096)
            assert chunk, 'the demo ended without "{}":\n{}'.format(
                text, printed.decode())
            printed += chunk
        return process
    return start_demo_until


def assert_shows_a_network(shown):
    assert shown.returncode == 0, shown.stderr + shown.stdout
    assert re.search(r'client_node_2 .*Established', shown.stdout)
    assert re.search(r'client_node_3 .*Established', shown.stdout)
    assert '203.0.113.22 via 192.0.2.13 dev br-mgmt proto bird' in shown.stdout
    assert len(re.findall(r'\byes\b', shown.stdout)) == 4 * 3
    assert 'none: no Open vSwitch, L3 or metadata agent runs' in shown.stdout


def test_the_demo_shows_sessions_routes_and_a_ping_matrix(demo):
    """From metadata to a ping, and exit status 0."""
    shown = demo('--bird', '2')

    assert_shows_a_network(shown)
    assert 'stand-ins' in shown.stdout.splitlines()[-1]


@pytest.mark.parametrize('moment, number', [
    ('Build', signal.SIGINT), ('  compute', signal.SIGINT),
    ('  packages', signal.SIGTERM)], ids=['building', 'deploying', 'terminated'])
def test_an_interruption_removes_everything(start_demo_until, moment, number):
    """By Ctrl-C, or as a closed terminal and a stopped session end."""
    process = start_demo_until(moment)

    process.send_signal(number)

    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert 'interrupted; everything is removed' in errors.decode()


def test_keep_leaves_it_up_with_commands_that_work(demo, start_demo_until):
    """Every command that is shown can be pasted; the last one removes everything.

    What a killed demo left is removed too; what is kept stays, see test_lab.
    """
    killed = start_demo_until('  preflight')
    killed.kill()
    killed.communicate(timeout=30)

    shown = demo('--keep', '--name', NAME)

    assert_shows_a_network(shown)
    left = ' '.join(map(str, run.DIRECTORIES.glob(run.PREFIX + '*')))
    assert '{}{}.'.format(run.PREFIX, killed.pid) not in left
    inside = shown.stdout.partition('look inside with\n')[2]
    birdc, routes, ping, shell = (
        shlex.split(line) for line in inside.splitlines()[:4])
    assert 'Established' in programs.run(birdc)
    assert 'proto bird' in programs.run(routes)
    assert '1 received' in programs.run([*ping, '-c', '1'])
    assert shell == ['make', 'lab', 'ARGS=shell node-2 --name ' + NAME]
    assert 'make demo ARGS="--down --name {}"'.format(NAME) in inside
    second = demo('--keep', '--name', NAME)
    assert second.returncode == 1
    assert second.stderr.startswith(
        'demo: a lab called {} is up: Fuel 6.1, 3 nodes, since '.format(NAME))
    assert demo('--down', '--name', NAME).stdout == NAME + ' is removed\n'
    assert demo('--down', '--name', NAME).stderr.startswith(
        'demo: no lab is called {}; '.format(NAME))


def test_without_root_it_says_so_in_one_line(monkeypatch):
    """Nothing is built and nothing is started."""
    monkeypatch.setattr(os, 'geteuid', lambda: 1000)

    with pytest.raises(SystemExit) as refusal:
        terminal.demand('demo', bird.LINES)

    assert str(refusal.value) == 'demo: needs root, for network namespaces'


# In an empty directory: all that this machine has; how to enter it, and a command.
ROOT_OF_ITS_OWN = '''
for path in /*; do
    if [ -L "$path" ]; then cp -a "$path" .; continue; fi
    [ -d "$path" ] || continue
    mkdir ".$path" && mount --rbind "$path" ".$path"
done
umount --recursive --lazy ./proc
eval "$1"
'''
DEMAND = '{} -B -c "from lab import terminal; terminal.demand(\'demo\', [])"'.format(
    sys.executable)


def enter(directory, how):
    """Enter *directory* and look for what the demo demands; how that ended."""
    return subprocess.run(
        ['unshare', '--mount', 'sh', '-euc', ROOT_OF_ITS_OWN, 'sh', how],
        cwd=directory, text=True, capture_output=True, timeout=60)


@pytest.mark.parametrize('before', [
    'mount -t proc proc proc; chroot .', 'chroot .',
    'mount --rbind . .; cd "$PWD"; mount -t proc proc proc; chroot .'],
    ids=['proc', 'without-proc', 'mounted'])
def test_in_a_chroot_it_says_in_one_line_how_to_enter_it_otherwise(tmp_path, before):
    """What enters a namespace leaves the chroot, and would change the machine."""
    refused = enter(tmp_path, '{} env -C {} {}'.format(before, bird.PROJECT, DEMAND))

    assert refused.returncode == 1
    line, = refused.stderr.splitlines()
    assert line.startswith('demo: this is a chroot, or has no /proc, and would change')
    assert line.endswith(terminal.ENTER)


def test_who_enters_a_directory_as_it_says_can_run_it(tmp_path):
    advice = terminal.ENTER.replace('DIR', str(tmp_path)).replace(
        'exec sh', 'cd {}; {}'.format(bird.PROJECT, DEMAND.replace("'", "'\\''")))

    entered = enter(tmp_path, 'mount -t proc proc proc; ' + advice)

    assert (entered.returncode, entered.stderr) == (0, '')

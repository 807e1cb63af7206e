"""The real apt and dpkg where another program is at work, or a run was cut short."""

import signal
import subprocess

import pytest

from calico_fuel.packages.installation import FORBID
from calico_fuel.packages.installation import POLICY
from lab.machine.programs import eventually
from tests.live.apt_node import HERE, HOLD_LOCK

# Whether dpkg is at work when an installation has failed because it took too long.
TOO_SHORT = '''
from calico_fuel import system
from calico_fuel.errors import SlowError
from calico_fuel.packages import apt
try:
    apt.install(system, ['cf-daemon', 'cf-tool'], False, 15)
except SlowError:
    print(system.run(['pgrep', '-x', 'dpkg'], accept=None).status)
'''


@pytest.fixture
def node(make_apt_node):
    node = make_apt_node()
    node.offer()
    return node


@pytest.fixture
def killed(node):
    """The node after a power cut in the middle of cf-daemon's configuration."""
    node.machine.write('/tmp/slowly', 'sleep 60\n')
    process = subprocess.Popen(node.argv(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    assert eventually(lambda: 'begun' in node.machine.run('ls', '/tmp'), timeout=30)
    assert node.machine.read(POLICY) == FORBID
    process.send_signal(signal.SIGKILL)
    process.communicate()
    node.machine.reboot()
    return node


def test_a_lock_that_another_program_has_is_waited_for(node):
    holder = subprocess.Popen(node.machine.inside(
        'python3', '-c', HOLD_LOCK, '/var/lib/dpkg/lock-frontend', 'until tried'),
        stdout=subprocess.PIPE)
    assert holder.stdout.readline()

    assert node.converge()[0] == 'changed'

    assert holder.wait(timeout=10) == 0
    assert node.versions()['cf-daemon'] == '1'


def test_a_killed_run_is_finished_by_the_next(killed):
    """dpkg was interrupted, and the ban on starting services is still there."""
    assert killed.machine.read(POLICY) == FORBID
    assert killed.versions().get('cf-daemon') is None

    state, difference = killed.converge()

    assert state == 'changed' and 'cf-daemon: its installation was inter' in difference
    assert 'policy-rc.d: forbids to start services' in difference
    assert killed.versions() == {'cf-daemon': '1', 'cf-tool': '1', 'cf-library': '1'}
    assert not killed.runs_daemon
    assert POLICY.rpartition('/')[2] not in killed.machine.run('ls', '/usr/sbin')
    assert killed.converge() == ['unchanged', '']


def test_a_package_unpacked_before_what_it_depends_on_is_finished(node):
    deb, = node.debs.glob('cf-daemon-1.deb')
    node.machine.copy(deb, '/root/cf-daemon.deb')
    node.machine.run('dpkg', '--force-depends', '--unpack', '/root/cf-daemon.deb')

    assert node.converge()[0] == 'changed'
    assert node.versions() == {'cf-daemon': '1', 'cf-tool': '1', 'cf-library': '1'}


def test_an_apt_get_that_is_killed_leaves_no_dpkg_at_work(node):
    """The dpkg that it has started ends before the run does; the next one finishes."""
    node.machine.write('/tmp/slowly', (
        'while pgrep -x apt-get >/dev/null; do sleep 0.1; done\nsleep 3\n'))

    assert node.machine.run('env', 'PYTHONPATH=' + HERE, 'python3', '-B', '-c',
                            TOO_SHORT) == '1\n'
    assert node.converge()[0] == 'changed'
    assert node.versions()['cf-daemon'] == '1'

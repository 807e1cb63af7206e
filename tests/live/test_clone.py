"""A clone is a machine of its own, and this machine never notices."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lab.machine import clone, processes, programs, run
from lab.machine.programs import LabError, eventually
from lab.network import bird, fabric

POLICY = Path('/usr/sbin/policy-rc.d')
LOG = Path('/var/log/calico-fuel.log')
IDLE = '''#!/bin/sh
[ "$1" != start ] || start-stop-daemon --start --background --exec /bin/sleep -- 4444
'''

# Where tools/python27 puts it.
PYTHON27 = '.cache/python27'


@pytest.fixture
def make_clone(lab_run, demand):
    """Make and start a clone with a name and an address on one network."""
    demand(programs=['iptables', 'nsenter', 'setpriv', 'unshare'])
    network = fabric.Fabric(lab_run)

    def make_clone(name='node-1', address='192.0.2.11', **options):
        return clone.Clone(lab_run, network.add_node(name, address), **options).start()
    return make_clone


@pytest.fixture
def machine(make_clone):
    """A clone with the address 192.0.2.11."""
    return make_clone()


def test_it_has_a_name_files_and_processes_of_its_own(machine, tmp_path):
    machine.write('/etc/only-inside/file', 'text', 0o600)

    assert machine.run('hostname').strip() == 'node-1'
    assert machine.run('hostname', '--fqdn').strip() == 'node-1.example.com'
    assert machine.read('/etc/only-inside/file') == 'text'
    assert machine.path('/etc/only-inside/file').stat().st_mode & 0o777 == 0o600
    assert not Path('/etc/only-inside').exists()
    assert machine.processes() == {}
    # Nothing on a node can use what it got in no other way. (Of a checkout
    # under /tmp there is not even the folder.)
    found = machine.result('find', bird.PROJECT, '-path', bird.PROJECT / PYTHON27,
                           '-prune', '-o', '-type', 'f', '-print')
    assert found.stdout == ''

    # A link to a file inside leads to no file of this machine.
    machine.run('ln', '-s', '/etc/behind-a-link', '/etc/link')
    machine.write('/etc/link', 'text')
    assert machine.path('/etc/link').read_text() == 'text'
    assert not Path('/etc/behind-a-link').exists()

    # A directory of this machine is copied with modes.
    (tmp_path / 'script').write_text('#!/bin/sh\necho copied\n')
    (tmp_path / 'script').chmod(0o755)
    machine.copy(tmp_path, '/etc/fuel/plugins/some')
    assert machine.run('/etc/fuel/plugins/some/script') == 'copied\n'


def test_it_begins_without_what_calico_fuel_logged_on_this_machine(make_clone):
    was_there = LOG.exists()
    LOG.touch()
    try:
        assert make_clone().result('test', '-e', LOG).status == 1
    finally:
        if not was_there:
            LOG.unlink()


@pytest.mark.skipif(not (bird.PROJECT / PYTHON27).exists(),
                    reason='this machine has a Python 2.7 of its own')
def test_python_2_7_of_the_set_up_is_there_and_nobody_can_change_it(machine):
    """What was set up on it looks for it where it is on the machine."""
    python = bird.PROJECT / PYTHON27 / 'usr/bin/python2.7'

    assert machine.run(python, '-c', 'import ssl, ctypes; print(1)') == '1\n'
    assert machine.result('touch', python).status


def test_programs_run_as_puppet_and_fuels_agent_run_them(machine):
    result = machine.result(
        'sh', '-c', 'pwd; echo "${HOME-none} $LC_ALL $X" >&2; exit 3',
        env={'X': 'added'})
    assert result == (3, '/\n', 'none C added\n')

    attempt = machine.attempt('cd /etc && echo "${HOME-none} $LC_ALL $PWD"; exit 7')
    assert (attempt.status, attempt.output) == (7, 'none C /etc\n')

    attempt = machine.attempt('sleep 60', seconds=0.5)
    assert attempt.status == 124 and attempt.output.endswith('(timed out)')
    assert machine.processes() == {}

    # A process without a parent is reaped.
    machine.run('sh', '-c', 'sleep 0.1 >/dev/null 2>&1 &')
    assert eventually(lambda: machine.run('ps', '-eo', 'comm=').split() == [
        'python', 'ps'])


def test_its_firewall_and_kernel_settings_are_not_those_of_this_machine(machine):
    machine.run('iptables', '-A', 'INPUT', '-s', '198.51.100.77', '-j', 'DROP')
    assert '198.51.100.77' in machine.run('iptables-save')
    assert '198.51.100.77' not in programs.run(['iptables-save'])

    mine = Path('/proc/sys/net/ipv4/conf/all/rp_filter').read_text()
    other = '{}'.format(1 - int(mine) % 2)
    machine.run('sysctl', '-w', 'net.ipv4.conf.all.rp_filter=' + other)
    assert machine.read('/proc/sys/net/ipv4/conf/all/rp_filter').strip() == other
    assert Path('/proc/sys/net/ipv4/conf/all/rp_filter').read_text() == mine
    panic = Path('/proc/sys/kernel/panic').read_text()
    assert machine.result('sysctl', '-w', 'kernel.panic=' + panic).status


def test_it_reaches_the_other_nodes_and_nothing_else(machine, make_clone):
    make_clone('node-2', '192.0.2.12')

    assert machine.result('ping', '-c', 1, '-W', 2, '192.0.2.12').status == 0
    assert 'unreachable' in machine.result('ping', '-c', 1, '198.51.100.1').stderr
    assert set(os.listdir(machine.path('/sys/class/net'))) == {'lo', fabric.MANAGEMENT}


def test_no_policy_denies_starting_services_unless_asked_for(machine, make_clone):
    keeping = make_clone('node-2', '192.0.2.12', policy=True)

    assert not machine.path(POLICY).exists()
    assert keeping.path(POLICY).exists() == POLICY.exists()


def test_a_reboot_ends_processes_starts_services_and_forgets_what_is_not_on_disk(
        machine):
    machine.write('/etc/init.d/idle', IDLE, 0o755)
    machine.run('service', 'idle', 'start')
    for path in '/tmp/forgotten', '/run/forgotten', '/etc/kept':
        machine.write(path, '')
    machine.run('iptables', '-P', 'INPUT', 'DROP')
    machine.run('iptables', '-t', 'nat', '-N', 'felix-PREROUTING')
    machine.node.configure('route add unreachable 203.0.113.1 proto bird',
                           'route add unreachable 203.0.113.2')
    before = eventually(lambda: idle(machine))

    machine.reboot(['idle'])

    after = eventually(lambda: idle(machine))
    assert before and after and set(before).isdisjoint(after)
    assert len(machine.processes()) == 1
    assert machine.path('/etc/kept').exists()
    assert not machine.path('/tmp/forgotten').exists()
    assert not machine.path('/run/forgotten').exists()
    rules = machine.run('iptables-save')
    assert 'DROP' not in rules and 'felix' not in rules
    # Of routes BIRD's are forgotten.
    assert '203.0.113.1' not in machine.node.routes()
    assert '203.0.113.2' in machine.node.routes()


def test_a_stopped_machine_has_no_process_and_no_network(machine, make_clone):
    other = make_clone('node-2', '192.0.2.12')
    namespace = machine.run('readlink', '/proc/1/ns/pid').strip()
    assert members(namespace)

    machine.stop()

    assert not members(namespace)
    assert other.result('ping', '-c', 1, '-W', 1, '192.0.2.11').status
    with pytest.raises(LabError, match='node-1: is not running'):
        machine.run('true')


OWNER = '''
from lab.machine import clone, run
from lab.network import fabric
with run.Run() as this_run:
    node = fabric.Fabric(this_run).add_node('node-1', '192.0.2.11')
    machine = clone.Clone(this_run, node).start()
    this_run.start(machine.inside('sleep', 5555), this_run.directory / 'log')
    print(this_run.directory, machine.run('readlink', '/proc/1/ns/pid'), flush=True)
    machine.run('sleep', 5555)
'''


def test_what_a_killed_lab_left_is_removed_by_the_next(machine):
    """Also while a program runs; the machine of another lab is left alone."""
    owner = subprocess.Popen([sys.executable, '-c', OWNER], stdout=subprocess.PIPE,
                             cwd=bird.PROJECT, text=True)
    directory, namespace = owner.stdout.readline().split()
    directory = Path(directory)
    # The first process of the clone and two that sleep.
    assert eventually(lambda: len(members(namespace)) == 3) and directory.exists()
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()

    run.remove_remains()

    assert not directory.exists()
    assert eventually(lambda: not members(namespace))
    assert directory.name not in Path('/proc/mounts').read_text()
    assert directory.name.replace(run.PREFIX, 'cf') not in programs.run(['ip', 'netns'])
    assert machine.run('hostname').strip() == 'node-1'


def test_several_who_remove_the_same_do_not_hinder_each_other():
    """Tests run side by side, and each removes what killed ones left."""
    owner = subprocess.Popen(['sleep', '5555'])
    theirs = run.Run(processes.identity(owner.pid))
    for number in range(20):
        theirs.add_namespace('node-{}'.format(number))
    theirs.directory.mkdir()

    removals = [subprocess.Popen(
        [sys.executable, '-c', 'import sys\nfrom lab.machine import run\n'
         'run.Run(sys.argv[1]).remove()', theirs.owner],
        cwd=bird.PROJECT, stderr=subprocess.PIPE, text=True) for _ in range(4)]

    complaints = [removal.communicate()[1] for removal in removals]
    owner.kill()
    owner.communicate()
    assert complaints == [''] * 4
    assert not theirs.directory.exists() and not theirs.namespaces()


def idle(machine):
    return [pid for pid, line in machine.processes().items()
            if line == '/bin/sleep 4444']


def members(namespace):
    """The processes of this machine that are in a PID namespace."""
    return [path.parent.parent.name for path in Path('/proc').glob('[0-9]*/ns/pid')
            if namespace_of(path) == namespace]


def namespace_of(path):
    try:
        return os.readlink(path)
    except FileNotFoundError:
        return None

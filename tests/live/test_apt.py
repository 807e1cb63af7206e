"""The packages of a node by the real apt and dpkg, in a clone of this machine."""

import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from calico_fuel.installation import FORBID, POLICY
from calico_fuel.tasks import packages
from lab import bird, clone, commands, fabric, repository
from lab.commands import eventually

NAMES = ('cf-daemon', 'cf-tool')
# As tasks/packages.py does, and nothing else of a task.
PROGRAM = '''
import json, sys
from calico_fuel import system
from calico_fuel.converge import converge
from calico_fuel.resources.package import Packages
names = tuple(json.loads(sys.argv[1]))
for outcome in converge([Packages(names, '6.1')], system):
    print(json.dumps([outcome.state, outcome.difference]))
'''
HERE = '/srv/calico'
INIT_SCRIPT = '''\
#!/bin/sh
### BEGIN INIT INFO
# Provides:          cf-daemon
# Required-Start:
# Required-Stop:
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
### END INIT INFO
case $1 in
start) start-stop-daemon --start --background --exec /bin/sleep -- 5555 ;;
stop) start-stop-daemon --stop --oknodo --exec /bin/sleep ;;
esac
'''
POSTINST = '''\
#!/bin/sh
set -e
[ ! -e /tmp/slowly ] || { touch /tmp/begun; sleep 60; }
update-rc.d cf-daemon defaults
invoke-rc.d cf-daemon start
'''


def package(directory, name, version, depends='', conflicts='', script=None):
    """Build a package with a configuration file; with *script* it has a service."""
    root = Path(directory, '{}-{}'.format(name, version))
    (root / 'DEBIAN').mkdir(parents=True)
    fields = [('Package', name), ('Version', version), ('Architecture', 'all'),
              ('Maintainer', 'nobody <root@example.com>'), ('Depends', depends),
              ('Conflicts', conflicts), ('Description', 'for a test')]
    (root / 'DEBIAN/control').write_text(''.join(
        '{}: {}\n'.format(*field) for field in fields if field[1]))
    (root / 'etc').mkdir()
    (root / 'etc' / (name + '.conf')).write_text('of version {}\n'.format(version))
    (root / 'DEBIAN/conffiles').write_text('/etc/{}.conf\n'.format(name))
    if script:
        (root / 'etc/init.d').mkdir()
        (root / 'etc/init.d' / name).write_text(INIT_SCRIPT)
        (root / 'etc/init.d' / name).chmod(0o755)
        (root / 'DEBIAN/postinst').write_text(script)
        (root / 'DEBIAN/postinst').chmod(0o755)
    commands.run(['dpkg-deb', '--root-owner-group', '-Znone', '--build', str(root)])
    return root.with_name(root.name + '.deb')


class Node:
    """A clone with the plugin's source and another one, and what is asked of it."""

    def __init__(self, run):
        network = fabric.Fabric(run)
        self.debs = run.directory / 'debs'
        self.second = int(time.time())
        self.ours = repository.Repository(run.directory / 'master')
        self.others = self.ours.root / 'others'
        self.others.mkdir()
        source = self.ours.serve(run, network.add_node('master', '192.0.2.1'))
        self.machine = clone.Clone(run, network.add_node('node-1', '192.0.2.11'))
        self.machine.start()
        self.machine.copy(bird.PROJECT / 'calico_fuel', HERE + '/calico_fuel')
        self.machine.write('/etc/apt/sources.list.d/calico-fuel-plugin-4.0.0.list',
                           source)
        self.machine.write('/etc/apt/sources.list.d/others.list', (
            'deb [trusted=yes] http://192.0.2.1:{}/others /\n'.format(repository.PORT)))

    def add(self, *args, **kwargs):
        self.ours.add(package(self.debs, *args, **kwargs))

    def add_elsewhere(self, *args, **kwargs):
        deb = package(self.debs, *args, **kwargs)
        (self.others / deb.name).symlink_to(deb)
        index = commands.run(['env', '-C', str(self.others),
                              'dpkg-scanpackages', '--multiversion', '.'])
        (self.others / 'Packages.gz').write_bytes(gzip.compress(index.encode()))

    def publish(self):
        """apt reads an index that is newer by a second, below another Release."""
        self.second += 1
        release = self.ours.directory / 'Release'
        release.write_text('{}Description: {}\n'.format(
            repository.RELEASE, self.second))
        for index in [*self.ours.root.rglob('Packages.gz'), release]:
            os.utime(index, (self.second, self.second))

    def update(self):
        self.publish()
        self.machine.run('apt-get', '-qq', 'update')

    def argv(self, names=NAMES):
        return self.machine.inside(
            'python3', '-B', '-c', PROGRAM, json.dumps(names),
            env={'PYTHONPATH': HERE})

    def converge(self, names=NAMES):
        """State and difference."""
        shown = commands.run(self.argv(names))
        print(shown)
        return json.loads(shown)

    def versions(self):
        rows = self.machine.run('dpkg-query', '-W', '-f',
                                '${Package} ${Version} ${Status}\n', 'cf-*',
                                check=False)
        return dict(row.split()[:2] for row in rows.splitlines()
                    if row.endswith('install ok installed'))

    @property
    def runs_daemon(self):
        return '/bin/sleep 5555' in self.machine.processes().values()


@pytest.fixture
def node(lab_run, demand):
    """cf-daemon 1 with a service and cf-tool 1 that needs cf-library, both ours."""
    demand(programs=['dpkg-deb', 'dpkg-scanpackages', 'nsenter', 'setpriv', 'unshare'])
    node = Node(lab_run)
    node.add('cf-daemon', '1', depends='cf-library', script=POSTINST)
    node.add('cf-tool', '1')
    node.add_elsewhere('cf-library', '1')
    node.update()
    return node


def test_packages_are_installed_once_and_no_service_starts(node):
    assert node.converge() == [
        'changed', 'cf-daemon: is not installed\ncf-tool: is not installed']

    assert node.versions() == {'cf-daemon': '1', 'cf-tool': '1', 'cf-library': '1'}
    assert not node.runs_daemon
    assert POLICY.rpartition('/')[2] not in node.machine.run('ls', '/usr/sbin')
    assert node.converge() == ['unchanged', '']
    node.machine.run('service', 'cf-daemon', 'start')
    assert eventually(lambda: node.runs_daemon)


def test_ours_are_upgraded_and_a_newer_one_of_others_is_left_alone(node):
    node.converge()
    node.machine.write('/etc/cf-tool.conf', 'by the operator\n')
    node.add('cf-tool', '2')
    node.add_elsewhere('cf-library', '2')
    node.add_elsewhere('cf-daemon', '9')
    node.update()

    state, difference = node.converge()

    assert (state, difference) == (
        'changed', "cf-tool: 1 instead of 2 of the plugin's repository")
    assert node.versions() == {'cf-daemon': '1', 'cf-tool': '2', 'cf-library': '1'}
    assert node.machine.read('/etc/cf-tool.conf') == 'by the operator\n'


def test_a_newer_one_that_is_installed_gives_way_to_ours(node):
    node.add_elsewhere('cf-tool', '2')
    node.update()
    node.machine.run('apt-get', '-qq', '-y', 'install', 'cf-tool=2')

    assert node.converge()[0] == 'changed'
    assert node.versions()['cf-tool'] == '1'


def test_an_upgrade_of_others_and_a_removal_are_refused_by_name(node):
    node.converge()
    node.add_elsewhere('cf-foreign', '1')
    node.add_elsewhere('cf-library', '2')
    node.add('cf-tool', '2', depends='cf-library (>= 2)', conflicts='cf-foreign')
    node.update()
    node.machine.run('apt-get', '-qq', '-y', 'install', 'cf-foreign')
    before = node.versions()

    state, message = node.converge()

    assert state == 'failed'
    assert 'cf-library would go from 1 to 2' in message
    assert 'cf-foreign would be removed' in message
    assert node.versions() == before


def test_a_dependency_that_nobody_has_is_told_in_apts_words(node):
    node.add('cf-tool', '2', depends='cf-nowhere')
    node.update()

    state, message = node.converge()

    assert state == 'failed' and 'cf-tool : Depends: cf-nowhere' in message
    assert node.versions() == {}


def test_a_package_that_no_index_has_is_named(node):
    state, message = node.converge(NAMES + ('cf-nowhere',))

    assert state == 'failed'
    assert 'apt finds no package cf-nowhere for Fuel 6.1' in message
    assert node.versions() == {}


def test_a_package_that_came_after_the_last_update_is_found(node):
    node.add('cf-late', '1')
    node.publish()

    assert node.converge(['cf-late'])[0] == 'changed'


HOLD_LOCK = '''
import fcntl, sys, time
stream = open('/var/lib/dpkg/lock-frontend', 'a')
fcntl.lockf(stream, fcntl.LOCK_EX)
print('held', flush=True)
time.sleep(4)
'''


def test_a_lock_that_another_program_has_is_waited_for(node):
    holder = subprocess.Popen(
        node.machine.inside('python3', '-c', HOLD_LOCK), stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b'held\n'

    assert node.converge()[0] == 'changed'

    assert holder.wait(timeout=10) == 0
    assert node.versions()['cf-daemon'] == '1'


@pytest.fixture
def killed(node):
    """The node after a power cut in the middle of cf-daemon's configuration."""
    node.machine.write('/tmp/slowly', '')
    process = subprocess.Popen(node.argv(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    assert eventually(lambda: 'begun' in node.machine.run('ls', '/tmp'), timeout=30)
    assert node.machine.read(POLICY) == FORBID
    process.send_signal(signal.SIGKILL)
    process.communicate()
    node.machine.reboot()
    return node


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


def test_a_policy_of_others_is_respected(node):
    node.machine.write(POLICY, '#!/bin/sh\nexit 0\n', 0o755)

    node.converge()

    assert eventually(lambda: node.runs_daemon)
    assert node.machine.read(POLICY) == '#!/bin/sh\nexit 0\n'
    assert os.access(str(node.machine.path(POLICY)), os.X_OK)


MOS_PIN = 'Package: *\nPin: release l=mos\nPin-Priority: 1050\n'


def test_the_pin_prefers_ours_to_mos_where_fuel_wrote_none(node):
    """Fuel 9.0; what is not named stays with MOS."""
    node.add_elsewhere('cf-daemon', '9')
    node.add_elsewhere('cf-tool', '9')
    (node.others / 'Release').write_text('Label: mos\n')
    node.update()
    node.machine.write('/etc/apt/preferences.d/mos.pref', MOS_PIN)

    node.machine.write(packages.PREFERENCES, packages.preferences(['cf-daemon']))

    policy = node.machine.run('apt-cache', 'policy', *NAMES)
    assert [row.split()[1] for row in policy.splitlines() if 'Candidate' in row] == [
        '1', '9']


def test_rules_of_the_moment_are_not_frozen_by_iptables_persistent(node, iptables):
    """Felix's chains would come back at boot, and nobody would clear them away."""
    node.ours.add(*repository.download('iptables-persistent'))
    node.update()
    node.machine.run('iptables', '-A', 'INPUT', '-s', '198.51.100.77', '-j', 'DROP')

    assert node.converge(['iptables-persistent'])[0] == 'changed'

    assert '198.51.100.77' in node.machine.run('iptables-save')
    assert node.machine.result(
        'grep', '-r', '198.51.100.77', '/etc/iptables').status == 1

"""A clone with the real apt and dpkg, and packages made for the test."""

import gzip
import hashlib
import json
import os
import time
from pathlib import Path

import yaml

from lab.fuel import stock
from lab.machine import clone, programs, repository
from lab.network import bird, fabric

NAMES = ('cf-daemon', 'cf-tool')
# As tasks/packages.py does, and nothing else of a task.
PROGRAM = '''
import json, sys
from calico_fuel import system
from calico_fuel.converge import converge
from calico_fuel.packages.package import Packages
names = tuple(json.loads(sys.argv[1]))
for outcome in converge([Packages(names, '6.1')], system):
    print(json.dumps([outcome.state, outcome.difference]))
'''
# Until another program has had to give it up, if that is wanted.
HOLD_LOCK = '''
import ctypes, fcntl, os, select, sys
CLOSED_AFTER_WRITING = 8
stream = open(sys.argv[1], 'a')
fcntl.lockf(stream, fcntl.LOCK_EX)
libc = ctypes.CDLL(None)
queue = libc.inotify_init()
assert libc.inotify_add_watch(queue, sys.argv[1].encode(), CLOSED_AFTER_WRITING) > 0
print(os.getpid(), flush=True)
if sys.argv[2] == 'until tried':
    assert select.select([queue], [], [], 60)[0], 'nobody has tried'
else:
    sys.stdin.read()
'''
HERE = '/srv/calico'
MOS_PIN = 'Package: *\nPin: release l=mos\nPin-Priority: 1050\n'
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
[ ! -e /tmp/slowly ] || { touch /tmp/begun; . /tmp/slowly; }
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
    programs.run(['dpkg-deb', '--root-owner-group', '-Znone', '--build', str(root)])
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
        # The python3 of a bare machine has none.
        self.machine.copy(Path(yaml.__file__).parent, HERE + '/yaml')
        self.machine.write(stock.SOURCE, source)
        self.machine.write('/etc/apt/sources.list.d/others.list', (
            'deb [trusted=yes] http://192.0.2.1:{}/others /\n'.format(repository.PORT)))

    def add(self, *args, **kwargs):
        self.ours.add(package(self.debs, *args, **kwargs))

    def add_elsewhere(self, *args, **kwargs):
        deb = package(self.debs, *args, **kwargs)
        (self.others / deb.name).symlink_to(deb)
        index = programs.run(['env', '-C', str(self.others),
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

    def offer(self):
        """Ours are cf-tool 1 and cf-daemon 1, with a service; it needs cf-library."""
        self.add('cf-daemon', '1', depends='cf-library', script=POSTINST)
        self.add('cf-tool', '1')
        self.add_elsewhere('cf-library', '1')
        self.update()

    def lock(self, *debs):
        """Write the lock of ``make packages`` for these packages."""
        self.machine.write(HERE + '/packages/6.1.lock', ''.join(
            '- name: {}\n  sha256: {}\n'.format(
                programs.run(['dpkg-deb', '-f', str(deb), 'Package']).strip(),
                hashlib.sha256(deb.read_bytes()).hexdigest()) for deb in debs))

    def update(self):
        self.publish()
        self.machine.run('apt-get', '-qq', 'update')

    def argv(self, names=NAMES):
        return self.machine.inside(
            'python3', '-B', '-c', PROGRAM, json.dumps(names),
            env={'PYTHONPATH': HERE})

    def converge(self, names=NAMES):
        """State and difference."""
        shown = programs.run(self.argv(names))
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

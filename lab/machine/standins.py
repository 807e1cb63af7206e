"""Stand-ins: packages that Debian lacks, or that are too heavy for the lab.

A stand-in has the name, the configuration files (with the values of Fuel 6.1,
from ``standin-files``) and the service of the real package, and "standin" in
its version.  Its daemon is ``sleep`` by the name of the service, or gives the
one sign of life that others look for; each start is a line in
/var/log/standin/<service>.log.  It does nothing clever.
"""

import os
import shutil
from collections import namedtuple
from pathlib import Path

from lab.machine import programs

FILES = Path(__file__).with_name('standin-files')
RESPAWN = Path(__file__).with_name('respawn')
GIVEN = '#!/bin/sh\nexec /usr/lib/given/respawn /usr/lib/given/{name} "$@"\n'


class Package(namedtuple('Package', 'name version depends service')):
    """*depends* as in a control file; *service*: whether it has one of its name."""


def _calico(name, depends='', service=False):
    return Package(name, '1:1.4', depends, service)


def _openstack(name, depends='', service=False):
    return Package(name, '1:2014.2.2', depends, service)


PACKAGES = (
    _calico('calico-common'),
    _calico('calico-felix', 'calico-common, conntrack, ipset', service=True),
    _calico('python-etcd'),
    _calico('networking-calico'),
    _calico('calico-control', 'networking-calico'),
    _calico('calico-dhcp-agent', 'networking-calico, neutron-common', service=True),
    _openstack('neutron-common'),
    _openstack('neutron-plugin-ml2', 'neutron-common'),
    _openstack('neutron-server', 'neutron-plugin-ml2', service=True),
    _openstack('neutron-dhcp-agent', 'neutron-common', service=True),
    _openstack('neutron-l3-agent', 'neutron-common', service=True),
    _openstack('neutron-metadata-agent', 'neutron-common', service=True),
    # Its name in 6.1 to 8.0, and in 9.
    _openstack('neutron-plugin-openvswitch-agent', 'neutron-plugin-ml2', service=True),
    _openstack('neutron-openvswitch-agent', 'neutron-plugin-ml2', service=True),
    _openstack('python-neutronclient'),
    _openstack('nova-common'),
    _openstack('nova-compute', 'nova-common', service=True),
    _openstack('nova-api-metadata', 'nova-common', service=True),
    # What serves metadata on the computes of 7.0.
    _openstack('nova-api', 'nova-common', service=True),
    # The service's name with MOS 6.1, and with MOS 7.0 and newer.
    Package('libvirt-bin', '1.2.9', '', True),
    Package('libvirtd', '1.2.9', '', True),
    Package('etcd', '2.0.8', 'etcd-server', False),
    # Its minute has 10 seconds.
    # Newer than one that the machine may have.
    Package('cron', '1:3.0', '', True),
)

# What a service runs, if it is not sleep and no file of its own: on nodes, so that no
# link of a checkout leads nowhere.
PROGRAMS = dict.fromkeys(
    ('calico-dhcp-agent', 'neutron-dhcp-agent'), '/usr/lib/standin/dhcp-agent')

CONTROL = '''\
Package: {0.name}
Version: {0.version}-0{1}1
Architecture: all
Maintainer: calico-fuel-plugin <root@example.com>
Depends: {0.depends}
Description: {1} {0.name} of the lab
'''
SERVICE = '''\
#!/bin/sh
### BEGIN INIT INFO
# Provides:          {name}
# Required-Start:    $network
# Required-Stop:     $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: stand-in for {name}
### END INIT INFO
daemon() {{
    start-stop-daemon --quiet --pidfile /run/{name}.pid "$@"
}}

case $1 in
start)
    ! daemon --status || exit 0
    date +'%s.%N start' >>/var/log/standin/{name}.log
    daemon --start --background --make-pidfile --startas /usr/bin/{name} -- {arguments}
    for _ in 1 2 3 4 5 6 7 8 9; do
        ! daemon --status || exit 0
        sleep 0.1
    done
    exit 1 ;;
stop) daemon --stop --oknodo --retry 5 --remove-pidfile ;;
restart|force-reload) "$0" stop && "$0" start ;;
status) daemon --status ;;
*) echo "usage: $0 start|stop|restart|force-reload|status" >&2; exit 3 ;;
esac
'''
# As dh_installinit writes them.
SCRIPTS = {
    'postinst': '[ "$1" != configure ] || '
                '{{ update-rc.d {name} defaults && invoke-rc.d {name} start; }}',
    'prerm': '[ "$1" != remove ] || invoke-rc.d {name} stop',
    'postrm': '[ "$1" != purge ] || update-rc.d {name} remove',
}


def build(directory, packages=PACKAGES, files=FILES, kind='standin'):
    """Build *packages*, with their *files*; the .deb files, in *directory*."""
    return [_build(package, Path(directory), files, kind) for package in packages]


def around(program, name, arguments, directory):
    """The package *name* with *program*, which was given, instead of a stand-in."""
    package, = (package for package in PACKAGES if package.name == name)
    directory = Path(directory)
    root = directory / name
    (root / 'usr/lib/given').mkdir(parents=True)
    shutil.copy(program, root / 'usr/lib/given' / name)
    shutil.copy(RESPAWN, root / 'usr/lib/given')
    _write(root / 'usr/bin' / name, GIVEN, package, 0o755)
    return _build(package, directory, None, 'given', arguments)


def renamed(deb, name, directory, epoch=''):
    """The package of *deb* under the *name* that tasks install it by.

    With an *epoch*, such as "1:", it is newer than any without.
    """
    root = Path(directory) / (name + '-renamed')
    programs.run(['dpkg-deb', '--raw-extract', str(deb), str(root)])
    control = root / 'DEBIAN/control'
    lines = control.read_text().replace(
        '\nVersion: ', '\nVersion: ' + epoch).splitlines(keepends=True)
    control.write_text(''.join(
        'Package: {}\n'.format(name) if line.startswith('Package:') else line
        for line in lines if not line.startswith(('Conflicts:', 'Provides:',
                                                  'Replaces:', 'Breaks:'))))
    programs.run(['dpkg-deb', '--root-owner-group', '-Znone', '--build', str(root)])
    shutil.rmtree(root)
    return Path(str(root) + '.deb')


def _build(package, directory, files=FILES, kind='standin', arguments='infinity'):
    root = directory / package.name
    if files and (files / package.name).exists():
        shutil.copytree(files / package.name, root, symlinks=True)
    if package.service:
        script = root / 'etc/init.d' / package.name
        if not script.exists():
            _write(script, SERVICE, package, 0o755, arguments)
            (root / 'var/log/standin').mkdir(parents=True)
            program = root / 'usr/bin' / package.name
            if not program.exists():
                program.parent.mkdir(parents=True)
                program.symlink_to(PROGRAMS.get(package.name, '/bin/sleep'))
        for name, line in SCRIPTS.items():
            _write(root / 'DEBIAN' / name, '#!/bin/sh\nset -e\n' + line + '\n',
                   package, 0o755)
    conffiles = sorted(path for path in root.glob('etc/**/*')
                       if path.is_file() and not path.is_symlink())
    (root / 'DEBIAN').mkdir(parents=True, exist_ok=True)
    (root / 'DEBIAN/conffiles').write_text(''.join(
        '/{}\n'.format(path.relative_to(root)) for path in conffiles))
    (root / 'DEBIAN/control').write_text(
        CONTROL.format(package, kind).replace('Depends: \n', ''))
    programs.run(['dpkg-deb', '--root-owner-group', '-Znone', '--build', str(root)])
    shutil.rmtree(root)
    return directory / (package.name + '.deb')


def _write(path, template, package, mode, arguments=''):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template.format(name=package.name, arguments=arguments))
    os.chmod(path, mode)

"""A Fuel master on this machine: its RPM database and Fuel's client are real."""

import subprocess
from collections import namedtuple

from tests.packaging.rpmtools import PLUGIN, run

# Fuel -> its client.
CLIENT = {'7.0': '7.0', '8.0': '7.0', '9.0': '9.0', '9.2': '9.0'}
RPM_NAME = 'calico-fuel-plugin-4.0'
# A newer version that keeps the name of the RPM.
NEWER = '4.0.1'

# Dependencies and repositories are left out: the RPMs have none, and the client
# hands over one file. rpm refuses what yum calls "Nothing to do", too.
YUM = r'''#!/bin/sh
set -eu
for last; do :; done
case $* in
"-y install "* | "-y update "*) exec rpm -U --nodeps "$last" ;;
"-y remove "*) exec rpm -e "$last" ;;
esac
echo "yum: the stand-in does not know: $*" >&2
exit 2
'''
FUEL_SPEC = '''\
Name: fuel
Version: 9.2.0
Release: 1
Summary: Stands for the package that Fuel's client knows a master by
License: Apache-2.0
BuildArch: noarch
%description
Nothing is in it.
%files
'''
IN_ITS_ROOT = ('mount --bind "$0/etc" /etc; mount --bind "$0/var" /var; '
               'cd "$0/root"; exec "$@"')

Done = namedtuple('Done', 'status stdout stderr')


class Master:
    """A Fuel master: /etc, /var and the RPM database are those of the folder *root*.

    What runs in it has a mount namespace of its own; the rest is this machine's.
    """

    def __init__(self, root, nailgun, client):
        self.root = root
        self.nailgun = nailgun
        self.plugin = root / PLUGIN
        self._port = str(nailgun.server_port)
        self._client = client
        for folder in 'etc/fuel', 'var/tmp', 'var/www/nailgun/plugins', 'root', 'bin':
            (root / folder).mkdir(parents=True)
        (root / 'bin/yum').write_text(YUM)
        (root / 'bin/yum').chmod(0o755)

        self.update(nailgun.release)

    def update(self, release):
        """What an update of the master to *release* leaves for the plugin to read."""
        self.nailgun.release = release
        if release >= '8':
            (self.root / 'etc/fuel_release').write_text(release + '\n')
        if release < '9':
            (self.root / 'etc/fuel/version.yaml').write_text(
                'VERSION:\n  release: "{}"\n'.format(release))

    def files(self):
        """Content by path, without the RPM database and what the client keeps."""
        return {str(path.relative_to(self.root)): path.read_bytes()
                for folder in ('etc', 'var/www') for path in
                (self.root / folder).rglob('*') if path.is_file()}

    def run(self, *argv):
        done = subprocess.run(
            ['unshare', '--mount', 'sh', '-euc', IN_ITS_ROOT, str(self.root)]
            + [str(argument) for argument in argv],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
            env={'PATH': '{}/bin:/usr/sbin:/usr/bin:/sbin:/bin'.format(self.root),
                 'HOME': str(self.root / 'root'), 'LC_ALL': 'C.UTF-8',
                 'SERVER_ADDRESS': '127.0.0.1',
                 # The name of the port's setting in 9.0.0, and in 7.0.0.
                 'SERVER_PORT': self._port, 'LISTEN_PORT': self._port})
        return Done(done.returncode, done.stdout, done.stderr)

    def fuel(self, *argv):
        """What the operator gets from ``fuel ARGV``, whatever it is."""
        return self.run(self._client, *argv)

    def must(self, *argv):
        """Run ``fuel ARGV``, which has to succeed."""
        done = self.fuel(*argv)
        assert done.status == 0, done
        return done.stdout

    def listed(self):
        """The rows of ``fuel plugins --list``, without the id."""
        table = [[cell.strip() for cell in line.split('|')] for line
                 in self.must('plugins', '--list').splitlines() if '|' in line]
        assert table[0][:4] == ['id', 'name', 'version', 'package_version']
        return [dict(zip(table[0][1:], row[1:])) for row in table[2:]]

    def has_rpm(self):
        return self.run('rpm', '-q', RPM_NAME).status == 0


def edition(fuel):
    return 'fuel-9' if fuel.startswith('9') else 'fuel-6.1-8.0'


def fuel_package(folder):
    """The RPM "fuel", built in *folder*."""
    (folder / 'fuel.spec').write_text(FUEL_SPEC)
    run('rpmbuild', '-bb', '--define', '_topdir {}'.format(folder),
        folder / 'fuel.spec')
    return next(folder.glob('RPMS/noarch/*.rpm'))

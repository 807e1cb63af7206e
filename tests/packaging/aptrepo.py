"""Real apt repositories, signed with keys that the tests make."""
import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile

from tests.packaging.rpmtools import run


class Key(object):
    """A signing key. Its home is a short path: gpg's sockets are in it."""

    def __init__(self, name):
        self.home = tempfile.mkdtemp(prefix='gpg-')
        self.gpg('--passphrase', '', '--quick-generate-key', name, 'rsa2048', 'sign',
                 'never')
        listing = self.gpg('--with-colons', '--list-keys').stdout
        self.fingerprint = next(line.split(':')[9] for line in listing.splitlines()
                                if line.startswith('fpr:'))

    def gpg(self, *args):
        return run('gpg', '--homedir', self.home, '--batch', '--yes', *args,
                   stdin=subprocess.DEVNULL)

    def export(self, path):
        self.gpg('--armor', '--output', path, '--export')
        return path

    def remove(self):
        subprocess.call(['gpgconf', '--homedir', self.home, '--kill', 'gpg-agent'],
                        stdin=subprocess.DEVNULL)
        # The agent removes its sockets at the same time.
        while os.path.exists(self.home):
            shutil.rmtree(self.home, ignore_errors=True)


class AptRepository(object):
    """A repository in *root*: flat, or with the suite trusty and its main."""

    def __init__(self, root, key, flat=False):
        self.root, self.key, self.flat = root, key, flat
        self.pool = root if flat else root / 'pool'
        self.pool.mkdir(parents=True)

    def add(self, name, version, content='', architecture='all'):
        """Add a package, or replace the one of that version; give its SHA-256."""
        build = self.root.parent / 'build'
        (build / 'DEBIAN').mkdir(parents=True)
        (build / 'DEBIAN/control').write_text(
            'Package: {}\nVersion: {}\nArchitecture: {}\nMaintainer: a test <a@b.c>\n'
            'Description: a test\n'.format(name, version, architecture))
        (build / 'content').write_text(content)
        deb = self.pool / '{}_{}_{}.deb'.format(
            name, version.split(':')[-1], architecture)
        run('dpkg-deb', '--root-owner-group', '--build', build, deb)
        shutil.rmtree(str(build))
        return hashlib.sha256(deb.read_bytes()).hexdigest()

    def publish(self, checksum='sha256'):
        """Write the indexes anew, with this one of each package, and sign them."""
        index = self.root if self.flat else self.root / 'dists/trusty/main/binary-amd64'
        release = self.root if self.flat else self.root / 'dists/trusty'
        index.mkdir(parents=True, exist_ok=True)
        packages = subprocess.check_output(
            ['dpkg-scanpackages', '--multiversion', '--hash', 'sha256',
             os.path.relpath(str(self.pool), str(self.root))],
            cwd=str(self.root), stderr=subprocess.DEVNULL, universal_newlines=True)
        for deb in self.pool.glob('*.deb'):
            packages = packages.replace(*[
                '{}: {}'.format(name.upper(),
                                hashlib.new(name, deb.read_bytes()).hexdigest())
                for name in ['sha256', checksum]])
        (index / 'Packages').write_text(packages)
        (index / 'Packages.gz').write_bytes(gzip.compress(packages.encode()))
        (release / 'Release').write_text(
            'Origin: a test\nSuite: trusty\nCodename: trusty\nComponents: main\n'
            'Architectures: amd64\nDate: Thu, 01 Jan 2015 00:00:00 UTC\nSHA256:\n' +
            ''.join(' {} {} {}\n'.format(
                hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size,
                path.relative_to(release)) for path in sorted(index.glob('Packages*'))))
        self.key.gpg('--clearsign', '--output', release / 'InRelease',
                     release / 'Release')

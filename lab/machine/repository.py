"""Debian packages for clones: fetched by this machine, served as a Fuel master does.

Rule: packages are fetched outside of the lab's namespaces, which have no way to
any mirror; inside, the only source is a repository made here.
"""

import gzip
import sys
from pathlib import Path

from lab.machine import programs
from lab.network import bird

DEBS = bird.PROJECT / '.cache/debs'
SETUP = bird.PROJECT / 'tools/setup'
PORT = 8080
# What fuel-plugin-builder writes for this plugin.
RELEASE = 'Label: calico-fuel-plugin\nVersion: 4.0\n'
FOLDER = 'plugins/calico-fuel-plugin-4.0/repositories/ubuntu/{}'


def download(*names):
    """The .deb files to install *names* on a clone of this machine.

    Those are the packages, and the packages they depend on, that are not
    installed on this machine.
    """
    (DEBS / 'partial').mkdir(parents=True, exist_ok=True)
    try:
        debs = _needed(names)
    except programs.LabError:
        programs.run([str(SETUP), 'lists'])
        debs = _needed(names)
    if not all(deb.exists() for deb in debs):
        # apt takes the lock of dpkg even to download, and it may be taken for minutes.
        programs.run(['flock', str(DEBS / 'in-turn'), *_install(
            DEBS, '-o', 'Debug::NoLocking=yes', '--download-only', *names)])
    return debs


def _needed(names):
    uris = programs.run(_install('/nonexistent', '--print-uris', *names))
    return [DEBS / line.split()[1] for line in uris.splitlines()]


def _install(archives, *arguments):
    return ['apt-get', '-qq', '--yes', '--no-install-recommends',
            '-o', 'Dir::Cache::archives={}'.format(archives),
            '-o', 'APT::Sandbox::User=root', 'install', *arguments]


class Repository:
    """A flat repository under *root*, in the folder that a Fuel master serves."""

    def __init__(self, root, release='6.1'):
        self.root = Path(root)
        self.folder = FOLDER.format(release)
        self.directory = self.root / self.folder
        self.directory.mkdir(parents=True)

    def add(self, *debs):
        """Add packages, and write the index again."""
        for deb in debs:
            (self.directory / deb.name).symlink_to(deb)
        packages = programs.run(['env', '-C', str(self.directory),
                                 'dpkg-scanpackages', '--multiversion', '.'])
        (self.directory / 'Packages.gz').write_bytes(gzip.compress(packages.encode()))
        (self.directory / 'Release').write_text(RELEASE)

    def serve(self, run, node):
        """Serve it by HTTP on *node*; the line for sources.list."""
        run.serve(node, PORT, sys.executable, '-m', 'http.server', PORT,
                  '--directory', self.root)
        return 'deb [trusted=yes] http://{}:{}/{} /\n'.format(
            node.address, PORT, self.folder)

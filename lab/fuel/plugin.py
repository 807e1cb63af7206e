"""The plugin on the lab's master: its RPM, and the packages of its repository."""

import os
import shutil
import sys
from pathlib import Path

from lab.fuel import felix, neutron
from lab.machine import programs, repository, standins
from lab.network import bird

BUILD_RPMS = bird.PROJECT / 'tools/build-rpms'
# What Debian has of the packages that the tasks install, beside BIRD.
DEBIAN_PACKAGES = ('etcd-server', 'iptables-persistent', 'ipset', 'conntrack',
                   'dnsmasq-base')
BIRD_PACKAGES = {'1': 'bird', '2': 'bird2'}
STANDINS = 'standins'


def edition(release):
    """What an RPM and a repository for the release are called by."""
    return '9' if release.startswith('9') else '6.1-8.0'


def build(directory, release, built=None):
    """Build the RPMs in *directory*, or copy one there; the one for the release."""
    if built:
        return Path(shutil.copy(built, directory))
    programs.run([sys.executable, str(BUILD_RPMS), '--dist', str(directory)],
                 env=dict(os.environ, TMPDIR=str(directory)))
    rpm, = directory.glob('*fuel-{}*.rpm'.format(edition(release)))
    return rpm


def unpack(rpm):
    """The plugin's folder of *rpm*, as on a master; the lab has other packages."""
    target = rpm.parent / 'rpm'
    target.mkdir()
    programs.run(['rpm2archive', str(rpm)])
    programs.run(['tar', '-xzf', '{}.tgz'.format(rpm), '-C', str(target)])
    scripts, = target.glob('**/deployment_scripts')
    shutil.rmtree(scripts / 'packages', ignore_errors=True)
    return scripts.parent


def packages(directory, bird_line, given_felix=None, real_neutron=False):
    """The .deb files for its repository, fetched or made in *directory*."""
    debs = repository.download(BIRD_PACKAGES[bird_line], *DEBIAN_PACKAGES)
    folder = directory / STANDINS
    folder.mkdir()
    made = standins.build(folder)
    if given_felix:
        given = felix.packages(given_felix, directory / 'felix')
        made = [deb for deb in made if deb.stem not in dict(given)]
        made += [deb for _, deb in given]
    if real_neutron:
        neutron.build(folder)
    if bird_line == '2':
        bird2, = (deb for deb in debs if deb.name.startswith('bird2_'))
        debs.remove(bird2)
        made.append(standins.renamed(bird2, 'bird', folder))
    return debs + made


def stock_packages(directory):
    """Those of them, by name, that Fuel's own tasks install."""
    return {path.stem: path for path in (directory / STANDINS).glob('*.deb')}

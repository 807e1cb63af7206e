"""A node installs what the bundle's own ``make packages`` downloaded.

The bundle declares packages of Ubuntu Trusty, Calico and patched OpenStack.  So
a tree with its tools declares here what Debian has of them, and fetches it from
the mirror that this machine's apt is configured with.
"""

import shutil
import sys
from pathlib import Path

import pytest
import yaml

from lab.fuel import plugin, stock
from lab.machine import clone, programs, repository
from lab.machine.programs import eventually
from lab.network import bird, fabric

KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
# What signs the release, in KEYRING.
KEYS = {'bookworm': '4D64FEC119C2029067D6E791F8D2585B8783D481'}
TOOLS = 'packages', 'apt_source.py'
PACKAGES = ('bird', *plugin.DEBIAN_PACKAGES)


@pytest.fixture
def place(demand):
    """Debian's archive as this machine has it: URL, suite and component."""
    found = [line for line in programs.run([
        'apt-get', 'indextargets', '--format', '$(REPO_URI) $(CODENAME) $(COMPONENT)',
        'Created-By: Packages']).splitlines()
        if line.split()[1:] in [[name, 'main'] for name in KEYS]]
    demand(programs=['dpkg-scanpackages', 'gpg', 'nsenter', 'setpriv', 'unshare'])
    if not found or not Path(KEYRING).exists():
        pytest.skip('no archive of {} with {}'.format(', '.join(KEYS), KEYRING))
    return found[0]


@pytest.fixture
def debs(place, tmp_path):
    """The packages, and what this machine lacks of what they depend on."""
    suite = place.split()[1]
    names = [deb.name.split('_')[0] for deb in repository.download(*PACKAGES)]
    for folder in 'tools', 'packages':
        (tmp_path / folder).mkdir()
    for name in TOOLS:
        shutil.copy(bird.PROJECT / 'tools' / name, tmp_path / 'tools')
    (tmp_path / 'packages/6.1.yaml').write_text(yaml.safe_dump({
        'sources': {'debian': {'what': 'Debian', 'suite': suite,
                               'components': ['main'], 'key': KEYS[suite]}},
        'packages': [{'name': name, 'version': '>= 0', 'source': 'debian'}
                     for name in names]}))
    programs.run([sys.executable, '-B', str(tmp_path / 'tools/packages'), '6.1',
                  '--source', 'debian=' + place, '--keyring', KEYRING])
    return sorted((tmp_path / 'repositories/ubuntu/6.1').glob('*.deb'))


def test_a_node_installs_and_runs_what_the_bundle_downloaded(lab_run, debs):
    served = repository.Repository(lab_run.directory / 'www')
    served.add(*debs)
    network = fabric.Fabric(lab_run)
    source = served.serve(lab_run, network.add_node('master', '192.0.2.1'))
    machine = clone.Clone(lab_run, network.add_node('node-1', '192.0.2.11')).start()
    machine.write(stock.SOURCE, source)
    machine.run('apt-get', '-qq', 'update')

    machine.run('apt-get', '-qq', '-y', 'install', *PACKAGES,
                env={'DEBIAN_FRONTEND': 'noninteractive'})

    assert eventually(lambda: {'/usr/sbin/bird -u bird -g bird', '/usr/bin/etcd'}
                      <= set(machine.processes().values()))

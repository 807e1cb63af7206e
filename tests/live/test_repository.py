"""Clones get packages from the lab's master alone."""

import sys

import pytest

from lab.fuel import stock
from lab.machine import clone, programs, repository
from lab.machine.programs import eventually
from lab.network import bird, fabric
from tests.live import apt_node

PACKAGES = ('bird', 'etcd-server', 'iptables-persistent', 'ipset', 'conntrack',
            'dnsmasq-base')
# Another program has the lock of a dpkg that is this machine's in this process alone.
DOWNLOAD_WHILE_LOCKED = '''
import fcntl, pathlib, sys
from lab.machine import programs, repository
programs.run(["cp", "-a", "/var/lib/dpkg", sys.argv[1]])
programs.run(["mount", "--bind", sys.argv[1] + "/dpkg", "/var/lib/dpkg"])
lock = open("/var/lib/dpkg/lock-frontend", "a")
fcntl.lockf(lock, fcntl.LOCK_EX)
repository.DEBS = pathlib.Path(sys.argv[1], "debs")
print(*(deb.exists() for deb in repository.download(sys.argv[2])))
'''


@pytest.fixture
def packages(lab_run, demand):
    """A repository with Debian's PACKAGES."""
    demand(programs=['dpkg-scanpackages', 'nsenter', 'setpriv', 'unshare'])
    made = repository.Repository(lab_run.directory / 'master')
    made.add(*repository.download(*PACKAGES))
    return made


@pytest.fixture
def machine(lab_run, packages):
    """A clone whose only package source is the master."""
    network = fabric.Fabric(lab_run)
    source = packages.serve(lab_run, network.add_node('master', '192.0.2.1'))
    machine = clone.Clone(lab_run, network.add_node('node-1', '192.0.2.11')).start()
    machine.write(stock.SOURCE, source)
    machine.run('apt-get', '-qq', 'update')
    return machine


def install(machine, *names):
    machine.run('apt-get', '-qq', '-y', 'install', *names,
                env={'DEBIAN_FRONTEND': 'noninteractive'})


def test_debian_packages_are_installed_from_the_master_alone(machine):
    install(machine, *PACKAGES)

    assert eventually(lambda: {'/usr/sbin/bird -u bird -g bird', '/usr/bin/etcd'}
                      <= set(machine.processes().values()))
    machine.run('ipset', 'create', 'some', 'hash:ip')
    machine.run('conntrack', '-L')
    # What Fuel pins.
    assert 'v=4.0,l=calico-fuel-plugin' in machine.run('apt-cache', 'policy').replace(
        'release ', '')
    machine.run('rm', stock.SOURCE)
    machine.run('apt-get', '-qq', 'update')
    refusal = machine.result('apt-get', '-y', 'install', 'etcd-client')
    # "Unable to locate" it, or "no installation candidate" where another names it.
    assert refusal.status == 100 and 'etcd-client' in refusal.stderr


def test_a_package_that_pre_depends_on_another_is_installed_with_it(
        machine, tmp_path):
    """As cron, which RabbitMQ brings to a machine that has none."""
    needed = apt_node.package(tmp_path, 'cf-needed', '1')
    needing = apt_node.package(tmp_path, 'cf-needing', '1', depends='cf-needed')
    control = tmp_path / 'cf-needing-1/DEBIAN/control'
    control.write_text(control.read_text().replace('Depends:', 'Pre-Depends:'))
    programs.run(['dpkg-deb', '--build', str(control.parent.parent)])

    stock.install(machine, [needing, needed])

    assert machine.run('dpkg-query', '-W', '-f', '${db:Status-Abbrev}', 'cf-needing',
                       'cf-needed') == 'ii ii '


def test_packages_are_downloaded_while_another_program_has_the_lock_of_dpkg(
        tmp_path, demand):
    """Unattended upgrades of a new machine have it for minutes."""
    demand(programs=['unshare'])
    shown = programs.run([
        'unshare', '--mount', 'env', '-C', str(bird.PROJECT), sys.executable, '-c',
        DOWNLOAD_WHILE_LOCKED, str(tmp_path), 'etcd-server'])

    assert 'True' in shown and 'False' not in shown

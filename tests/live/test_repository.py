"""Clones get packages, Debian's and stand-ins, from the lab's master alone."""

import sys

import pytest

from lab.fuel import stock
from lab.machine import clone, programs, repository, standins
from lab.machine.programs import eventually
from lab.network import bird, fabric
from tests.live import apt_node

PACKAGES = ('bird', 'etcd-server', 'iptables-persistent', 'ipset', 'conntrack',
            'dnsmasq-base')
# They take the place of other stand-ins.
OF_LATER_RELEASES = ('libvirtd', 'nova-api')
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
    """A repository with Debian's PACKAGES and all stand-ins."""
    demand(programs=['dpkg-scanpackages', 'nsenter', 'setpriv', 'unshare'])
    made = repository.Repository(lab_run.directory / 'master')
    made.add(*repository.download(*PACKAGES), *standins.build(lab_run.directory))
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


def test_debian_packages_are_installed_with_what_they_depend_on(machine):
    install(machine, *PACKAGES)

    assert eventually(lambda: {'/usr/sbin/bird -u bird -g bird', '/usr/bin/etcd'}
                      <= set(machine.processes().values()))
    machine.run('ipset', 'create', 'some', 'hash:ip')
    machine.run('conntrack', '-L')


def test_the_release_has_the_label_that_fuel_pins(machine):
    assert 'v=4.0,l=calico-fuel-plugin' in machine.run('apt-cache', 'policy').replace(
        'release ', '')


def test_the_stand_ins_of_a_release_are_installed_at_once_and_say_so(machine):
    packages = [package for package in standins.PACKAGES
                if package.name not in OF_LATER_RELEASES]
    names = [package.name for package in packages]

    install(machine, *names)

    versions = machine.run('dpkg-query', '-W', '-f', '${Version}\n', *names).split()
    assert len(versions) == len(names)
    assert all('standin' in version for version in versions)
    for package in packages:
        if package.service:
            machine.run('service', package.name, 'status')


def test_each_start_of_a_stand_in_is_counted(machine):
    def starts():
        return len(machine.read('/var/log/standin/calico-felix.log').splitlines())
    install(machine, 'calico-felix')
    assert starts() == 1

    machine.run('service', 'calico-felix', 'start')
    assert starts() == 1

    machine.run('service', 'calico-felix', 'restart')
    assert starts() == 2
    assert machine.result('service', 'calico-felix', 'status').status == 0

    machine.run('service', 'calico-felix', 'stop')
    assert machine.result('service', 'calico-felix', 'status').status == 3
    assert machine.processes() == {}


def test_a_stand_in_that_is_purged_leaves_nothing_that_runs_or_starts(machine):
    install(machine, 'neutron-server')

    machine.run('apt-get', '-qq', '-y', 'purge', 'neutron-server')

    assert machine.processes() == {}
    assert 'neutron-server' not in machine.run('ls', '/etc/init.d', '/etc/rc2.d')


def test_the_files_of_neutron_have_the_values_of_fuel(machine):
    install(machine, 'neutron-server')

    assert 'mechanism_drivers = openvswitch' in machine.read('/etc/neutron/plugin.ini')
    assert 'agent_down_time = 15' in machine.read('/etc/neutron/neutron.conf')
    assert '/etc/neutron/plugin.ini' in machine.read('/etc/default/neutron-server')


def test_without_the_masters_repository_there_is_no_package(machine):
    machine.run('rm', stock.SOURCE)
    machine.run('apt-get', '-qq', 'update')

    assert 'Unable to locate package bird' in machine.result(
        'apt-get', '-y', 'install', 'bird').stderr


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

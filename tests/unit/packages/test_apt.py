"""What apt and dpkg say, in the words of Trusty's apt 1.0 and Debian 12's 2.6."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import SlowError
from calico_fuel.packages import apt
from calico_fuel.packages.apt import Installed
from calico_fuel.packages.apt import Offer
from calico_fuel.packages.apt import Step
from tests.unit.fake.system import FakeSystem

POLICY_OF_TRUSTY = '''\
bird:
  Installed: 1.4.0-1
  Candidate: 1.6.8-1
  Package pin: 1.6.8-1
  Version table:
     1.6.8-1 1100
       1100 http://192.0.2.1:8080/plugins/calico-fuel-plugin-4.0/repositories/ubuntu/  Packages
     1.5.0-1 1100
       1100 http://192.0.2.1:8080/plugins/calico-fuel-plugin-3.0/repositories/ubuntu/  Packages
 *** 1.4.0-1 1100
        500 http://archive.example.com/ubuntu/ trusty/universe amd64 Packages
        100 /var/lib/dpkg/status
nova-api-metadata:
  Installed: (none)
  Candidate: 1:2014.2.2-1
  Version table:
     1:2014.2.2-1 0
       1050 http://192.0.2.1:8080/2014.2.2-6.1/ubuntu/x86_64/ mos6.1/main amd64 Packages
etcd:
  Installed: (none)
  Candidate: (none)
  Version table:
'''  # noqa: E501
POLICY_OF_DEBIAN_12 = '''\
bird:
  Installed: (none)
  Candidate: 1.6.8-2.1+b1
  Version table:
     1.6.8-2.1+b1 1100
       1100 file:/srv/plugins/calico-fuel-plugin-4.0/repositories/ubuntu ./ Packages
     1.6.8-2 500
        500 http://deb.example.com/debian bookworm/main amd64 Packages
iptables-persistent:
  Installed: 1.0.20
  Candidate: 1.0.20
  Version table:
 *** 1.0.20 500
        500 http://deb.example.com/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
'''
SIMULATION = '''\
Reading package lists...
Building dependency tree...
The following packages will be REMOVED:
  ferm
The following NEW packages will be installed:
  bird libfoo
The following packages will be upgraded:
  libreadline
Remv ferm [2.2-3]
Inst libreadline [6.2-1] (6.3-4ubuntu2 Ubuntu:14.04/trusty [amd64]) []
Inst bird (1.6.8-1 calico-fuel-plugin [amd64])
Conf libreadline (6.3-4ubuntu2 Ubuntu:14.04/trusty [amd64])
Conf bird (1.6.8-1 calico-fuel-plugin [amd64])
'''


def test_the_versions_of_trusty_are_told_apart_by_their_sources():
    """The newest of ours counts, whichever release of the plugin brought it."""
    assert apt.parse_policy(POLICY_OF_TRUSTY) == {
        'bird': Offer('1.6.8-1', '1.6.8-1'),
        'nova-api-metadata': Offer('1:2014.2.2-1', None),
        'etcd': Offer(None, None)}


def test_the_words_of_newer_apt_and_files_as_sources_are_understood():
    assert apt.parse_policy(POLICY_OF_DEBIAN_12) == {
        'bird': Offer('1.6.8-2.1+b1', '1.6.8-2.1+b1'),
        'iptables-persistent': Offer('1.0.20', None)}


@pytest.mark.parametrize('status, is_whole, is_held', [
    ('install ok installed', True, False),
    ('hold ok installed', True, True),
    ('install ok triggers-pending', True, False),
    ('install ok unpacked', False, False),
    ('install ok half-configured', False, False),
    ('install reinstreq half-installed', False, False)])
def test_the_states_of_dpkg(status, is_whole, is_held):
    assert apt.parse_installed('bird\t1.6.8-1\t{}\n'.format(status)) == {
        'bird': Installed('1.6.8-1', is_whole, is_held)}


@pytest.mark.parametrize('status', [
    'unknown ok not-installed', 'deinstall ok config-files'])
def test_a_package_that_was_removed_is_not_on_the_node(status):
    assert apt.parse_installed('bird\t\t{}\n'.format(status)) == {}


def test_a_simulation_tells_what_comes_changes_and_goes():
    simulation = apt.parse_simulation(SIMULATION)

    assert simulation.steps == (
        Step('Remv', 'ferm', '2.2-3', None),
        Step('Inst', 'libreadline', '6.2-1', '6.3-4ubuntu2'),
        Step('Inst', 'bird', None, '1.6.8-1'))
    assert not simulation.downgrades


def test_a_downgrade_is_seen():
    assert apt.parse_simulation(
        'The following packages will be DOWNGRADED:\n  bird\n'
        'Inst bird [2-1] (1-1 calico-fuel-plugin [amd64])\n').downgrades


@pytest.mark.parametrize('words', [
    'E: Could not get lock /var/lib/dpkg/lock - open (11: Resource temporarily '
    'unavailable)',
    'E: Unable to lock the administration directory (/var/lib/dpkg/), is another '
    'process using it?',
    'E: Unable to lock directory /var/lib/apt/lists/',
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7',
    'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend)',
    'dpkg: error: dpkg status database is locked by another process',
    'dpkg: error: dpkg frontend lock was locked by another process with pid 7',
    'debconf: DbDriver "config": /var/cache/debconf/config.dat is locked by '
    'another process: Resource temporarily unavailable'])
def test_a_lock_is_recognised_by_the_words_of_each_program(words):
    assert apt.LOCKED.search(words)


@pytest.mark.parametrize('words', [
    'E: Unable to locate package bird',
    'E: Sub-process /usr/bin/dpkg returned an error code (1)',
    'E: There are problems and -y was used without --force-yes'])
def test_what_does_not_pass_is_not_taken_for_a_lock_or_a_fetch(words):
    assert not apt.LOCKED.search(words) and not apt.PASSING.search(words)


def test_an_apt_get_that_is_killed_is_over_when_its_dpkg_is():
    system = FakeSystem()
    looks = [True, True, False]

    def apt_get(argv, text):
        raise SlowError(argv, -9, 5)
    system.programs['apt-get'] = apt_get
    system.is_locked = lambda path: path == apt.DPKG_LOCK and looks.pop(0)

    with pytest.raises(SlowError):
        apt.install(system, ['bird'], False, 5)

    assert looks == []

"""The packages that a node is to have, and nothing else."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED
from calico_fuel.converge import converge
from calico_fuel.packages.installation import FORBID
from calico_fuel.packages.installation import POLICY
from calico_fuel.packages.package import Package
from calico_fuel.packages.package import Packages
from tests.unit.fake.apt import JOURNAL, MOS, Apt
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import FakeSystem

WANTED = Packages(('bird', 'conntrack', 'iptables-persistent'), '7.0')


def node(dies_at=None):
    """A node with iptables-persistent, of which there is a newer version."""
    system = FakeSystem(dies_at=dies_at)
    apt = Apt(system)
    apt.add('bird', '1.6.8')
    apt.add('bird', '1.7.0', MOS)
    apt.add('conntrack', '1.4', MOS, depends=['libnet'])
    apt.add('libnet', '1', MOS)
    apt.add('iptables-persistent', '0.5.7', MOS)
    apt.add('iptables-persistent', '0.5.8', MOS)
    apt.have('iptables-persistent', '0.5.7')
    return system, apt


def outcome(system, resource=WANTED):
    return next(converge([resource], system))


def failure(system, resource=WANTED):
    """The message of a run that fails; what it found is as before."""
    found = outcome(system, resource)
    assert found.state == FAILED
    return found.difference


def test_what_is_missing_is_installed_and_a_second_run_changes_nothing():
    system, apt = node()

    found = outcome(system)
    changes = system.changes

    assert found.state == CHANGED
    assert found.difference == ('bird: is not installed\n'
                                'conntrack: is not installed')
    assert apt.installed() == {'bird': '1.6.8', 'conntrack': '1.4', 'libnet': '1',
                               'iptables-persistent': '0.5.7'}
    assert outcome(system).state == UNCHANGED and system.changes == changes
    assert apt.updates == 0


@pytest.mark.parametrize('old', ['1.5.0', '1.7.0'])
def test_a_version_other_than_the_plugins_gives_way(old):
    """Up, and down too: the plugin's repository is what was tested together."""
    system, apt = node()
    apt.have('bird', old)

    assert "bird: {} instead of 1.6.8 of the plugin's repository".format(
        old) in outcome(system).difference
    assert apt.installed()['bird'] == '1.6.8'


def test_a_package_on_hold_stays_in_its_version():
    system, apt = node()
    apt.have('bird', '1.5.0', wish='hold')

    assert outcome(system).state == CHANGED
    assert apt.installed()['bird'] == '1.5.0' and 'conntrack' in apt.installed()


def test_a_dependency_of_the_plugins_repository_may_be_upgraded():
    system, apt = node()
    apt.have('calico-common', '1.3')
    apt.add('calico-common', '1.4')
    apt.add('bird', '1.6.9', depends=['calico-common=1.4'])

    outcome(system)

    assert apt.installed()['calico-common'] == '1.4'


def test_a_package_that_only_a_fresh_index_has_is_found():
    system, apt = node()
    apt.add('etcd', '2.3.7', unread=True)

    assert outcome(system, Packages(('etcd',), '7.0')).state == CHANGED
    assert apt.installed()['etcd'] == '2.3.7'


def test_packages_that_are_nowhere_are_named_with_release_and_cure():
    system, apt = node()
    apt.unreachable = 1

    message = failure(system, Packages(('bird', 'calico-felix', 'etcd'), '9.0'))

    assert 'apt finds no package calico-felix, etcd for Fuel 9.0' in message
    assert '"make packages"' in message and 'Temporary failure resolving' in message
    assert apt.updates == 1 and 'bird' not in apt.installed()


def test_a_ban_that_a_killed_run_has_left_is_lifted():
    system, apt = node()
    outcome(system)
    system.write(POLICY, FORBID, 0o755)

    assert 'policy-rc.d: forbids to start services' in outcome(system).difference

    assert POLICY not in system.files and outcome(system).state == UNCHANGED


def test_a_package_that_is_configured_by_half_is_finished():
    system, apt = node()
    outcome(system)
    apt.have('conntrack', '1.4', status='unpacked')

    found = outcome(system)

    assert found.difference == 'conntrack: its installation was interrupted'
    assert apt.installed()['conntrack'] == '1.4' and apt.started == []


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    def make(dies_at):
        system, apt = node(dies_at)
        system.apt = apt
        return system
    for whole, system in at_every_change(make, outcome):
        assert system.apt.installed() == whole.apt.installed()
        assert JOURNAL not in system.files and POLICY not in system.files
        assert system.apt.started == [] and outcome(system).state == UNCHANGED


def test_a_service_that_watches_a_package_sees_its_version_change():
    system, apt = node()
    assert Package('bird').loaded(system) == ''

    apt.have('bird', '1.6.8')

    assert Package('bird').loaded(system) == '1.6.8'

"""What is installed is what the lock of ``make packages`` says, or nothing is."""

from __future__ import unicode_literals

import hashlib

import pytest

from calico_fuel.converge import CHANGED
from calico_fuel.packages import lock_file
from calico_fuel.packages.apt import ARCHIVES
from tests.unit.packages.test_package import failure, node, outcome

LOCK = lock_file.path('7.0')
DEB = ARCHIVES + '/bird_1.6.8_amd64.deb'


def entry(name, version, content):
    return ('- name: {}\n  version: {}\n  architecture: amd64\n  sha256: {}\n'
            '  source: bird\n'.format(name, version, digest(content)))


def digest(content):
    return hashlib.sha256(content.encode('utf-8')).hexdigest()


def locked_node(*entries):
    system, apt = node()
    system.write(LOCK, '# Written by make packages.\n' + ''.join(entries))
    return system, apt


def test_packages_as_locked_are_installed_with_those_of_other_sources():
    system, apt = locked_node(entry('bird', '1.6.8', 'bird 1.6.8'))

    assert outcome(system).state == CHANGED

    assert apt.installed()['bird'] == '1.6.8' and 'libnet' in apt.installed()


def test_a_package_that_was_changed_on_the_way_is_not_installed():
    system, apt = locked_node(entry('bird', '1.6.8', 'another bird'))
    before = apt.installed()

    message = failure(system)

    assert '{}: {}: SHA-256 {} instead of {}. Build the RPM again'.format(
        LOCK, DEB, digest('bird 1.6.8'), digest('another bird')) in message
    assert apt.installed() == before


def test_a_package_of_the_lock_may_not_come_from_another_source_either():
    system, apt = locked_node(
        entry('bird', '1.6.8', 'bird 1.6.8'), entry('conntrack', '1.4', 'ours'))

    assert 'conntrack_1.4_amd64.deb: SHA-256 ' in failure(system)


def test_a_package_of_our_repository_that_the_lock_lacks_is_refused():
    system, apt = locked_node(entry('etcd', '2.3.7', 'etcd 2.3.7'))
    before = apt.installed()

    assert "bird 1.6.8 of the plugin's repository is not in it" in failure(system)
    assert apt.installed() == before


def test_a_version_with_an_epoch_is_found_as_apt_names_it():
    system, apt = locked_node(entry('bird', "'1:1.7'", 'bird 1:1.7'))
    apt.add('bird', '1:1.7')

    assert outcome(system).state == CHANGED
    assert apt.installed()['bird'] == '1:1.7'


def test_a_file_that_apt_keeps_elsewhere_is_told():
    system, apt = locked_node(entry('bird', '1.6.8', 'bird 1.6.8'))
    apt.archives = '/elsewhere'

    assert ('bird_1.6.8_*.deb: is missing after the download (is Dir::Cache::archives '
            'of apt another directory?)') in failure(system)


@pytest.mark.parametrize('text', [
    '', '[]', '- bird\n', '- name: bird\n', 'no: [list', '- sha256: 12\n'])
def test_a_lock_that_cannot_be_read_installs_nothing(text):
    system, apt = node()
    system.write(LOCK, text)
    before = apt.installed()

    said = failure(system)

    assert LOCK + ' is no list of packages with a name and a SHA-256' in said
    assert 'Build the RPM again' in said and 'somebody' not in said
    assert apt.installed() == before


def test_a_bundle_without_packages_has_no_lock_and_compares_nothing():
    system, apt = node()

    assert outcome(system).state == CHANGED


@pytest.mark.parametrize('release, name', [
    ('6.1', '6.1.lock'), ('8.0', '8.0.lock'), ('9.0', '9.lock'), ('9.2', '9.lock')])
def test_each_release_has_the_lock_of_its_repository(release, name):
    assert lock_file.path(release).endswith('/packages/' + name)

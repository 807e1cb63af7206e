"""The packages of a node by the real apt and dpkg, in a clone of this machine."""

import os

import pytest

from calico_fuel.packages.installation import POLICY
from calico_fuel.tasks import packages
from lab.machine import repository
from lab.machine.programs import eventually
from tests.live.apt_node import MOS_PIN, NAMES, package


@pytest.fixture
def node(make_apt_node):
    node = make_apt_node()
    node.offer()
    return node


def test_packages_are_installed_once_and_no_service_starts(node):
    assert node.converge() == [
        'changed', 'cf-daemon: is not installed\ncf-tool: is not installed']

    assert node.versions() == {'cf-daemon': '1', 'cf-tool': '1', 'cf-library': '1'}
    assert not node.runs_daemon
    assert POLICY.rpartition('/')[2] not in node.machine.run('ls', '/usr/sbin')
    assert node.converge() == ['unchanged', '']
    node.machine.run('service', 'cf-daemon', 'start')
    assert eventually(lambda: node.runs_daemon)


def test_ours_are_upgraded_and_a_newer_one_of_others_is_left_alone(node):
    node.converge()
    node.machine.write('/etc/cf-tool.conf', 'by the operator\n')
    node.add('cf-tool', '2')
    node.add_elsewhere('cf-library', '2')
    node.add_elsewhere('cf-daemon', '9')
    node.update()

    state, difference = node.converge()

    assert (state, difference) == (
        'changed', "cf-tool: 1 instead of 2 of the plugin's repository")
    assert node.versions() == {'cf-daemon': '1', 'cf-tool': '2', 'cf-library': '1'}
    assert node.machine.read('/etc/cf-tool.conf') == 'by the operator\n'


def test_a_newer_one_that_is_installed_gives_way_to_ours(node):
    node.add_elsewhere('cf-tool', '2')
    node.update()
    node.machine.run('apt-get', '-qq', '-y', 'install', 'cf-tool=2')

    assert node.converge()[0] == 'changed'
    assert node.versions()['cf-tool'] == '1'


def test_an_upgrade_of_others_and_a_removal_are_refused_by_name(node):
    node.converge()
    node.add_elsewhere('cf-foreign', '1')
    node.add_elsewhere('cf-library', '2')
    node.add('cf-tool', '2', depends='cf-library (>= 2)', conflicts='cf-foreign')
    node.update()
    node.machine.run('apt-get', '-qq', '-y', 'install', 'cf-foreign')
    before = node.versions()

    state, message = node.converge()

    assert state == 'failed'
    assert 'cf-library would go from 1 to 2' in message
    assert 'cf-foreign would be removed' in message
    assert node.versions() == before


def test_a_dependency_that_nobody_has_is_told_in_apts_words(node):
    node.add('cf-tool', '2', depends='cf-nowhere')
    node.update()

    state, message = node.converge()

    assert state == 'failed' and 'cf-tool : Depends: cf-nowhere' in message
    assert node.versions() == {}


def test_a_package_that_is_another_than_the_locked_one_is_not_installed(node):
    """apt itself says nothing: nobody signs the plugin's repository."""
    locked = [package(node.debs / 'locked', name, '1:2') for name in NAMES]
    node.lock(*locked)
    node.ours.add(locked[0])
    node.add('cf-tool', '1:2', depends='cf-library')
    node.update()

    state, message = node.converge()

    assert state == 'failed' and 'cf-tool_1%3a2_all.deb: SHA-256 ' in message
    assert 'cf-daemon_' not in message and node.versions() == {}

    node.lock(locked[0], node.debs / 'cf-tool-1:2.deb')

    assert node.converge()[0] == 'changed'
    assert node.versions()['cf-tool'] == '1:2'


def test_a_package_that_no_index_has_is_named(node):
    state, message = node.converge(NAMES + ('cf-nowhere',))

    assert state == 'failed'
    assert 'apt finds no package cf-nowhere for Fuel 6.1' in message
    assert node.versions() == {}


def test_a_package_that_came_after_the_last_update_is_found(node):
    node.add('cf-late', '1')
    node.publish()

    assert node.converge(['cf-late'])[0] == 'changed'


def test_a_policy_of_others_is_respected(node):
    node.machine.write(POLICY, '#!/bin/sh\nexit 0\n', 0o755)

    node.converge()

    assert eventually(lambda: node.runs_daemon)
    assert node.machine.read(POLICY) == '#!/bin/sh\nexit 0\n'
    assert os.access(str(node.machine.path(POLICY)), os.X_OK)


def test_the_pin_prefers_ours_to_mos_where_fuel_wrote_none(node):
    """Fuel 9.0; what is not named stays with MOS."""
    node.add_elsewhere('cf-daemon', '9')
    node.add_elsewhere('cf-tool', '9')
    (node.others / 'Release').write_text('Label: mos\n')
    node.update()
    node.machine.write('/etc/apt/preferences.d/mos.pref', MOS_PIN)

    node.machine.write(packages.PREFERENCES, packages.preferences(['cf-daemon']))

    policy = node.machine.run('apt-cache', 'policy', *NAMES)
    assert [row.split()[1] for row in policy.splitlines() if 'Candidate' in row] == [
        '1', '9']


def test_rules_of_the_moment_are_not_frozen_by_iptables_persistent(node, iptables):
    """Felix's chains would come back at boot, and nobody would clear them away."""
    node.ours.add(*repository.download('iptables-persistent'))
    node.update()
    node.machine.run('iptables', '-A', 'INPUT', '-s', '198.51.100.77', '-j', 'DROP')

    assert node.converge(['iptables-persistent'])[0] == 'changed'

    assert '198.51.100.77' in node.machine.run('iptables-save')
    assert node.machine.result(
        'grep', '-r', '198.51.100.77', '/etc/iptables').status == 1

"""Which packages which node is to have."""

from __future__ import unicode_literals

import glob
import io
import os

import pytest
import yaml

from calico_fuel import __version__
from calico_fuel.converge import CHANGED, converge
from calico_fuel.packages.package import Packages
from calico_fuel.tasks import packages
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import FakeSystem

DECLARED = os.path.join(
    os.path.dirname(__file__), os.pardir, os.pardir, os.pardir, 'packages')
OTHERS = [['calico-rr'], ['calico-etcd'], ['ceph-osd'], ['controller', 'compute']]


def names(node, release='9.2', of_nodes=None):
    env = environment(of_nodes or roles(3, 2, OTHERS), release)
    return set(packages.names(env, env.node(node)))


def test_a_controller_that_reflects_and_is_a_member_has_all_of_it():
    assert names('1', of_nodes=roles(1, 1)) == {
        'bird', 'calico-control', 'etcd', 'iptables-persistent', 'python-etcd'}


def test_a_controller_beside_dedicated_reflectors_needs_no_bird():
    assert 'bird' not in names('1') and 'etcd' in names('1')


@pytest.mark.parametrize('release, has_calicos', [
    ('6.1', False), ('7.0', False), ('8.0', True), ('9.2', True)])
def test_a_compute_has_the_dhcp_agent_and_the_filters_for_dnsmasq(release, has_calicos):
    """In Ubuntu's packaging the filters come with Neutron's agent."""
    wanted = names('2', release, roles(1, 1))

    assert ('calico-dhcp-agent' in wanted) == has_calicos
    assert 'neutron-dhcp-agent' in wanted
    assert {'bird', 'etcd', 'calico-felix', 'conntrack', 'ipset'} < wanted


@pytest.mark.parametrize('release, name', [
    ('6.1', 'nova-api-metadata'), ('7.0', 'nova-api'), ('9.2', 'nova-api-metadata')])
def test_a_compute_serves_metadata_by_what_its_release_has(release, name):
    assert [one for one in names('2', release, roles(1, 1))
            if one.startswith('nova-api')] == [name]


def test_a_compute_that_is_a_controller_keeps_its_nova_api():
    assert 'nova-api-metadata' not in names('9')
    assert {'calico-control', 'calico-felix'} < names('9')


@pytest.mark.parametrize('release, patched', [('7.0', True), ('8.0', False)])
def test_what_calico_patches_up_to_kilo_is_the_patched_one(release, patched):
    assert ('neutron-server' in names('1', release, roles(1, 1))) == patched
    assert ('nova-compute' in names('2', release, roles(1, 1))) == patched


def test_dedicated_nodes_have_their_daemon_and_the_firewall():
    assert names('6') == {'bird', 'iptables-persistent'}
    assert names('7') == {'etcd', 'iptables-persistent'}


def test_a_node_without_a_calico_role_is_left_alone():
    env = environment(roles(3, 2, OTHERS))

    assert packages.resources(env, env.node('8'), FakeSystem()) == []


def test_calico_compute_is_on_no_node():
    """Its installation script saves Felix's chains and appends to sysctl.conf."""
    for release in fuel_metadata.RELEASES:
        for node in '123456789':
            assert 'calico-compute' not in names(node, release)


@pytest.mark.parametrize('release', fuel_metadata.RELEASES)
def test_what_a_node_needs_is_declared_for_the_plugins_repository(release):
    path, = glob.glob(os.path.join(DECLARED, '{}.yaml'.format(
        '9' if release.startswith('9') else release)))
    with io.open(path, encoding='utf-8') as stream:
        declared = set(package['name']
                       for package in yaml.safe_load(stream)['packages'])

    for node in '123456789':
        assert names(node, release) <= declared


def test_the_pin_names_the_plugins_packages_and_comes_first():
    env = environment(roles(1, 1), '9.0')
    pin, wanted = packages.resources(env, env.node('2'), FakeSystem())[-2:]

    assert pin.path == '/etc/apt/preferences.d/calico-fuel-plugin.pref'
    head, package, match, priority = pin.text.split('\n', 1)[1].strip().split('\n')
    assert head.startswith('Explanation: ')
    assert set(wanted.names) < set(package.split()[1:]) and '*' not in package
    assert (match, priority) == ('Pin: release l=calico-fuel-plugin',
                                 'Pin-Priority: 1100')
    assert wanted == Packages(packages.names(env, env.node('2')), '9.0')


NOW, SERIES = __version__, __version__.rpartition('.')[0]
OTHERS_FILES = ['/etc/apt/sources.list.d/mos.list', '/etc/apt/preferences.d/mos.pref',
                '/etc/apt/sources.list.d/calico-fuel-plugin-mirror.list',
                packages.PREFERENCES]


def fuels(*versions):
    """The files that Fuel writes for each version of the plugin."""
    return [path.format(version) for version in versions for path in (
        '/etc/apt/sources.list.d/calico-fuel-plugin-{}.list',
        '/etc/apt/preferences.d/calico-fuel-plugin-{}.pref')]


def upgraded(paths, dies_at=None):
    return FakeSystem({path: 'text\n' for path in paths}, dies_at)


def tidy(system):
    return [o.state for o in converge(packages.of_other_versions(system), system)]


def apt_files(system):
    return sorted(path for path in system.files if path.startswith('/etc/apt/'))


@pytest.mark.parametrize('current', [NOW, SERIES])
def test_sources_and_pins_of_other_versions_go(current):
    """The earlier plugins 1.0 and 2.0 have the same name."""
    system = upgraded(fuels('3.9.9', '4.0.99', '1.0.0', current) + OTHERS_FILES)

    assert set(tidy(system)) == {CHANGED}
    assert tidy(system) == []

    assert apt_files(system) == sorted(fuels(current) + OTHERS_FILES)


def test_without_a_source_of_this_version_the_others_stay():
    system = upgraded(fuels('4.0.99') + ['/etc/apt/preferences.d/'
                                         'calico-fuel-plugin-{}.pref'.format(NOW)])

    assert tidy(system) == []


def test_a_node_that_was_never_upgraded_has_none():
    assert tidy(upgraded(fuels(NOW) + OTHERS_FILES)) == []


def test_an_upgrade_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(
            lambda dies_at: upgraded(fuels('4.0.99', NOW), dies_at), tidy):
        assert apt_files(node) == apt_files(whole) == sorted(fuels(NOW))

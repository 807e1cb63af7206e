"""Which packages which node is to have."""

from __future__ import unicode_literals

import glob
import io
import os

import pytest
import yaml

from calico_fuel.resources.package import Packages
from calico_fuel.tasks import packages
from lab import fuel_metadata
from tests.unit.builders import environment, roles

DECLARED = os.path.join(
    os.path.dirname(__file__), os.pardir, os.pardir, 'packages')
OTHERS = [['calico-rr'], ['calico-etcd'], ['ceph-osd'], ['controller', 'compute']]


def names(node, release='9.2', of_nodes=None):
    env = environment(of_nodes or roles(3, 2, OTHERS), release)
    return set(packages.names(env, env.node(node)))


def test_a_controller_that_reflects_and_is_a_member_has_all_of_it():
    assert names('1', of_nodes=roles(1, 1)) == {
        'bird', 'calico-control', 'etcd', 'iptables-persistent', 'python-etcd'}


def test_a_controller_beside_dedicated_reflectors_needs_no_bird():
    assert 'bird' not in names('1') and 'etcd' in names('1')


@pytest.mark.parametrize('release, agent, other', [
    ('6.1', 'neutron-dhcp-agent', 'calico-dhcp-agent'),
    ('7.0', 'neutron-dhcp-agent', 'calico-dhcp-agent'),
    ('8.0', 'calico-dhcp-agent', 'neutron-dhcp-agent'),
    ('9.2', 'calico-dhcp-agent', 'neutron-dhcp-agent')])
def test_a_compute_has_the_dhcp_agent_of_its_release(release, agent, other):
    wanted = names('2', release, roles(1, 1))

    assert agent in wanted and other not in wanted
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

    assert packages.resources(env, env.node('8'), None) == []


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
    pin, wanted = packages.resources(env, env.node('2'), None)

    assert pin.path == '/etc/apt/preferences.d/calico-fuel-plugin.pref'
    head, package, match, priority = pin.text.split('\n', 1)[1].strip().split('\n')
    assert head.startswith('Explanation: ')
    assert set(wanted.names) < set(package.split()[1:]) and '*' not in package
    assert (match, priority) == ('Pin: release l=calico-fuel-plugin',
                                 'Pin-Priority: 1100')
    assert wanted == Packages(packages.names(env, env.node('2')), '9.0')

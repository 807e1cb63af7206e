"""Can this deployment work?  What metadata, settings and networks tell."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.openstack import core_plugin
from lab.fuel import fuel_metadata
from tests.unit import builders
from tests.unit.builders import environment, roles
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.preflight_node import THREE, Node, problems, told


def changed(**values):
    return parse_environment(builders.changed(of_nodes=THREE, **values))


def test_floating_ips_that_nova_would_ask_for_are_refused():
    problem, = problems(changed(auto_assign_floating_ip=True))

    assert 'Switch "Auto assign floating IP" off' in problem


@pytest.mark.parametrize('release', ['8.0', '9.2'])
def test_they_are_allowed_where_calico_is_the_core_plugin(release):
    data = fuel_metadata.metadata(release, THREE, floating_ips=True)
    data['auto_assign_floating_ip'] = True

    assert problems(parse_environment(json.dumps(data)), Node(release)) == []


@pytest.mark.parametrize('release', ['6.1', '7.0'])
def test_that_floating_ips_have_no_effect_is_told(release):
    env = environment(THREE, release, floating_ips=True)

    assert problems(env, Node(release)) == []
    assert any('floating_ips: has no effect' in text
               for text in told(env, Node(release)))


def test_floating_ips_without_a_range_are_told():
    data = fuel_metadata.metadata('9.2', THREE, floating_ips=True)
    del data['quantum_settings']['default_floating_net']

    assert any('default_floating_net' in text for text in told(
        parse_environment(json.dumps(data)), Node('9.2')))


def test_another_core_plugin_under_ports_is_refused_before_anything_is_done():
    node = Node('9.2')
    node.write(core_plugin.PATH, 'ml2', 0o644)
    api = Neutron(node)
    env = environment(THREE, '9.2', floating_ips=True)
    assert problems(env, node) == []

    api.add_port('net-1', 'compute:nova', 'vm')

    problem, = problems(env, node)
    assert 'floating_ips: is on now, and Neutron has 1 ports of the former' in problem


@pytest.mark.parametrize('extensions, is_on, is_refused', [
    (['router', 'l3_agent_scheduler'], True, True),
    (['router', 'l3_agent_scheduler'], False, False),
    (['router'], False, True), (['router'], True, False)])
def test_so_it_is_on_a_deployed_controller_that_remembers_none(
        extensions, is_on, is_refused):
    """The plugin comes into an environment that runs, or there again."""
    node = Node('9.2')
    api = Neutron(node)
    api.objects['ext'] = [{'alias': alias} for alias in extensions]
    env = environment(THREE, '9.2', floating_ips=is_on)
    assert problems(env, node) == []

    api.add_port('net-1', 'compute:nova', 'vm')

    found = problems(env, node)
    assert len(found) == is_refused
    assert all('If other controllers have "{}" in {}, copy'.format(
        'calico' if is_on else 'ml2', core_plugin.PATH) in text for text in found)


def test_an_interface_that_dpdk_would_take_is_refused():
    scheme = fuel_metadata.metadata('6.1', THREE)['network_scheme']
    scheme['transformations'] += [
        {'action': 'add-port', 'name': 'enp3s0', 'bridge': 'br-prv',
         'provider': 'dpdkovs'},
        {'action': 'add-bond', 'name': 'bond0', 'provider': 'dpdkovs'}]
    problem, = problems(changed(network_scheme=scheme))

    assert 'provider: is "dpdkovs" for enp3s0, bond0, and' in problem
    assert 'Switch DPDK off' in problem


def test_a_deployment_that_can_work_has_no_problem_and_nothing_is_changed():
    system = Node()
    before = dict(system.files)

    assert problems(system=system) == []
    lines = told(system=system)

    assert ('/etc/bird/bird.conf: renders, and BIRD is not installed yet and was '
            'not asked') in lines
    assert '/etc/default/etcd: renders' in lines
    assert '192.0.2.11 is on this node (br-mgmt)' in lines
    assert any(line.startswith('Packages to install: bird 1.6.8, calico-control')
               for line in lines)
    assert (system.files, system.apt.installed()) == (before, {})


@pytest.mark.parametrize('release', fuel_metadata.RELEASES)
def test_every_release_can_work(release):
    assert problems(environment(THREE, release), Node(release)) == []


def test_all_problems_are_told_at_once():
    data = fuel_metadata.metadata('6.1', [['compute'], ['compute']])
    data['quantum'] = False
    data['calico-fuel-plugin']['external_peers'] = 'b1 65010 192.0.2.12'
    del data['nodes'][1]['internal_address']
    data['nodes'][1]['internal_address'] = None
    env = parse_environment(json.dumps(data))
    system = Node(of_nodes=[['compute']], address='192.0.2.99')
    system.apt.versions.pop('calico-felix')

    text = '\n'.join(problems(env, system))

    for words in ('no Neutron', 'no route reflector', 'no etcd member',
                  'node-2 has no management address',
                  'br-mgmt of this node has 192.0.2.99',
                  'apt finds no package calico-felix for Fuel 6.1'):
        assert words in text


def test_settings_that_contradict_the_networks_are_each_a_problem():
    env = environment(THREE, external_peers='b1 65010 192.0.2.12',
                      workload_prefixes='192.0.2.128/25')

    found = problems(env)

    assert len(found) == 2
    assert '192.0.2.12 of node-2' in found[1] and 'workload_prefixes' in found[0]


@pytest.mark.parametrize('release, kind, choice', [
    ('6.1', 'gre', 'Neutron with VLAN segmentation'),
    ('8.0', 'tun', 'Neutron with VLAN segmentation'),
    ('9.2', 'tun', 'Neutron with Calico')])
def test_another_segmentation_than_vlan_is_a_problem(release, kind, choice):
    data = fuel_metadata.metadata(release, THREE)
    data['quantum_settings']['L2']['segmentation_type'] = kind
    problem, = problems(parse_environment(json.dumps(data)), Node(release))

    assert 'segmentation_type: "{}" instead of "vlan"'.format(kind) in problem
    assert 'create the environment with "{}"'.format(choice) in problem


def test_a_segmentation_that_is_not_told_is_no_problem():
    assert problems(changed(quantum_settings={})) == []


@pytest.mark.parametrize('switch, is_told', [
    ({'assign_to_all_nodes': False}, True), ({'assign_to_all_nodes': True}, False),
    (None, False)])
def test_computes_without_a_public_network_are_a_risk_and_no_problem(switch, is_told):
    """Workloads reach each other all the same."""
    env = changed(public_network_assignment=switch)

    assert any('"Assign public network to all nodes" is off' in line
               for line in told(env)) == is_told
    assert problems(env) == []


@pytest.mark.parametrize('prefixes, is_told', [('', True), ('10.65.0.0/16', False)])
def test_empty_instance_cidrs_are_a_risk_and_no_problem(prefixes, is_told):
    env = environment(workload_prefixes=prefixes)

    assert any(line.startswith('Risk: workload_prefixes ("Instance CIDRs") is empty')
               for line in told(env)) == is_told
    assert problems(env) == []


@pytest.mark.parametrize('of_nodes, words', [
    (roles(1, 2), 'Risk: there is a single etcd member'),
    (roles(2, 2), 'Risk: 2 etcd members tolerate no more losses than 1')])
def test_risky_numbers_of_members_are_no_problem(of_nodes, words):
    env = environment(of_nodes)

    assert any(line.startswith(words) for line in told(env))
    assert problems(env) == []


@pytest.mark.parametrize('key', ['cinder', 'heat'])
def test_metadata_from_which_no_password_can_be_derived_is_told(key):
    """It is no problem: sessions work, and a set password is one."""
    words = ('Risk: astute.yaml: cinder.fixed_key or heat.auth_encryption_key is '
             'missing')
    env = changed(drop=[key])

    assert any(line.startswith(words) for line in told(env)) and problems(env) == []
    for other in environment(), environment(bgp_password='none'):
        assert not any('fixed_key' in line for line in told(other))


def test_a_node_without_a_calico_role_is_told_so():
    env = environment(roles(3, 2, [['cinder']]), uid='6')

    assert problems(env) == []
    assert 'node-6 has no Calico role: there is nothing to do on it' in told(env)

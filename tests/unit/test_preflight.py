"""Can this deployment work?"""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel import commands
from calico_fuel.__main__ import main
from calico_fuel.errors import FileError
from calico_fuel.metadata import parse_environment
from calico_fuel.system import Answer
from calico_fuel.tasks import packages, preflight
from lab import fuel_metadata
from tests.unit.builders import environment, roles
from tests.unit.fake.apt import MOS, Apt
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem, UnknownCommand, bad, good

ADDRESSES = '''\
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
7: br-mgmt    inet {}/24 brd 192.0.2.255 scope global br-mgmt\\       valid_lft forever
'''
THREE = roles(3, 2)


class Node(FakeSystem):
    """node-1 of a release, as Fuel leaves it: networks, and sources with packages."""

    def __init__(self, release='6.1', of_nodes=THREE, address='192.0.2.11',
                 files=None):
        super(Node, self).__init__(dict(files or {}, **{
            '/sys/class/net/br-mgmt/address': ''}))
        self.apt = Apt(self)
        env = environment(of_nodes, release)
        for name in packages.names(env, env.node('1')):
            self.apt.add(name, '1.6.8')
        self.programs['bird'] = None
        self.address = address
        self.programs['ip'] = self.ip

    def ip(self, argv, text):
        if argv[1:] != ['-o', '-4', 'address', 'show']:
            raise UnknownCommand(' '.join(argv))
        return good(ADDRESSES.format(self.address))


def changed(data_of=THREE, release='6.1', uid='1', **values):
    data = fuel_metadata.metadata(release, data_of, uid)
    data.update(values)
    return parse_environment(json.dumps(data))


def findings(env=None, system=None):
    env = env or environment(THREE)
    return preflight.findings(env, env.this_node, system or Node())


def problems(env=None, system=None):
    return [f.text for f in findings(env, system) if f.is_problem]


def told(env=None, system=None):
    """What is no problem."""
    return [f.text for f in findings(env, system) if not f.is_problem]


def test_floating_ips_that_nova_would_ask_for_are_refused():
    problem, = problems(changed(auto_assign_floating_ip=True))

    assert 'Switch "Auto assign floating IP" off' in problem


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


@pytest.mark.parametrize('kind', ['gre', 'tun'])
def test_another_segmentation_than_vlan_is_a_problem(kind):
    problem, = problems(changed(
        quantum_settings={'L2': {'segmentation_type': kind}}))

    assert 'segmentation_type: "{}" instead of "vlan"'.format(kind) in problem
    assert 'create the environment with "Neutron with VLAN segmentation"' in problem


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


@pytest.mark.parametrize('of_nodes, words', [
    (roles(1, 2), 'Risk: there is a single etcd member'),
    (roles(2, 2), 'Risk: 2 etcd members bear no more losses than 1')])
def test_risky_numbers_of_members_are_no_problem(of_nodes, words):
    env = environment(of_nodes)

    assert any(line.startswith(words) for line in told(env))
    assert problems(env) == []


def test_a_node_that_fuel_has_not_set_up_yet_has_no_management_address_yet():
    """The first deployment runs this before it configures the networks."""
    system = Node(address='198.51.100.203')
    del system.files['/sys/class/net/br-mgmt/address']

    assert problems(system=system) == []
    assert ('192.0.2.11 is not on this node yet: Fuel sets up its networks later'
            in told(system=system))


def test_a_bridge_with_another_address_is_a_problem():
    problem, = problems(system=Node(address='192.0.2.99'))

    assert ('astute.yaml: nodes: node-1 has the management address 192.0.2.11, but '
            'br-mgmt of this node has 192.0.2.99. ') in problem


def test_packages_that_are_nowhere_are_one_problem_with_its_cure():
    system = Node()
    del system.apt.versions['calico-control'], system.apt.versions['etcd']

    problem, = problems(system=system)

    assert 'apt finds no package calico-control, etcd for Fuel 6.1' in problem
    assert 'make packages' in problem


def test_packages_that_are_installed_are_not_looked_for():
    system = Node()
    for name in list(system.apt.versions):
        system.apt.have(name, '1.6.8')
    system.apt.versions = {}
    Bird(system)

    assert problems(system=system) == []
    assert 'All packages are installed' in told(system=system)


def test_where_there_is_no_apt_the_packages_are_not_checked():
    system = Node()
    system.programs.update({'apt-cache': None, 'dpkg-query': None})

    assert problems(system=system) == []
    assert 'There is no apt here: the packages are not checked' in told(system=system)


def test_an_apt_that_fails_is_a_problem_in_its_own_words():
    system = Node()
    system.programs['apt-cache'] = lambda argv, text: bad(
        'E: Malformed entry 1 in list file /etc/apt/sources.list', 100)

    problem, = problems(system=system)

    assert 'Malformed entry 1' in problem and 'Mend the package sources' in problem


def with_bird(version, **kwargs):
    system = Node(**kwargs)
    system.apt.have('bird', '1.6.8')
    return system, Bird(system, version)


@pytest.mark.parametrize('version', ['1.6.8', '2.0.12'])
def test_the_bird_that_is_installed_is_asked(version):
    system, _ = with_bird(version)

    assert '/etc/bird/bird.conf: renders, and BIRD {}.{} accepts it'.format(
        *version.split('.')) in told(system=system)


def test_what_bird_refuses_is_a_problem_in_its_own_words():
    system, program = with_bird('1.6.8')
    program.refused = 'router id'

    problem, = problems(system=system)

    assert 'BIRD refuses the rendered bird.conf: bird.conf:1:1 syntax' in problem


def test_a_bird_that_is_too_old_is_a_problem():
    system, _ = with_bird('1.4.5')

    problem, = problems(system=system)

    assert 'BIRD 1.4 is installed, and too old' in problem


def test_an_old_bird_that_ours_replaces_is_none():
    system, _ = with_bird('1.4.5')
    system.apt.have('bird', '1.4.5')

    assert problems(system=system) == []
    assert any('was not asked' in line for line in told(system=system))


def test_a_bird_that_would_come_and_is_too_old_is_a_problem():
    """Trusty's own, where the plugin's repository has none."""
    system = Node()
    system.apt.versions['bird'] = []
    system.apt.add('bird', '1.4.0-1', MOS)

    problem, = problems(system=system)

    assert 'apt would install BIRD 1.4, which is too old' in problem


def test_a_peer_that_the_bird_to_come_cannot_speak_to_is_a_problem():
    env = environment(THREE, external_peers='b6 65010 2001:db8::1')
    system = Node()

    problem, = problems(env, system)
    assert 'which BIRD 1.x cannot speak to' in problem

    system.apt.versions['bird'] = []
    system.apt.add('bird', '1:2.0.12-1')
    assert problems(env, system) == []


@pytest.mark.parametrize('of_version, words', [
    (-9, 'bird: does not tell its version (exit status -9)'),
    (0, 'bird: was ended by signal 9 while it read')])
def test_a_bird_that_is_broken_is_not_taken_for_a_refusal(of_version, words):
    system, _ = with_bird('1.6.8')
    system.programs['bird'] = lambda argv, text: (
        Answer(-9, '', '') if of_version or '-p' in argv
        else bad('BIRD version 1.6.8', 0))

    problem, = problems(system=system)

    assert words in problem and 'Install the package again' in problem


def test_a_full_disk_is_told():
    system, _ = with_bird('1.6.8')

    def full():
        raise FileError('temporary directory', 'No space left', 'Make room in /tmp')
    system.temporary_directory = full

    assert problems(system=system) == [
        'temporary directory: No space left. Make room in /tmp']


def test_a_node_without_a_calico_role_is_told_so():
    env = changed(roles(3, 2, [['cinder']]), uid='6')

    assert problems(env) == []
    assert 'node-6 has no Calico role: there is nothing to do on it' in told(env)


# The subcommands.

def run(monkeypatch, subcommand, of_nodes=THREE, **settings):
    system = Node(files={
        '/etc/astute.yaml': fuel_metadata.text('6.1', of_nodes, **settings)})
    monkeypatch.setattr(commands, 'system', system)
    return main([subcommand])


def test_a_good_deployment_is_exit_status_0_and_its_last_line(monkeypatch, capfd):
    assert run(monkeypatch, 'preflight') == 0

    shown = capfd.readouterr()
    assert shown.out.startswith('node-1 (primary-controller), environment 7, Fuel 6.1')
    assert shown.out.endswith('preflight: good\n') and shown.err == ''


def test_problems_are_exit_status_1(monkeypatch, capfd):
    assert run(monkeypatch, 'preflight', external_peers='b1 65010 192.0.2.12') == 1

    shown = capfd.readouterr()
    assert '192.0.2.12 of node-2' in shown.err
    assert shown.out.endswith('preflight: 1 problem\n')


def test_every_setting_that_cannot_be_read_is_told(monkeypatch, capfd):
    assert run(monkeypatch, 'preflight', as_number='0', bgp_password='a"b',
               workload_prefixes='x') == 1

    lines = capfd.readouterr().err.strip().split('\n')
    assert len(lines) == 3
    assert all(line.startswith('calico-fuel: /etc/astute.yaml') for line in lines)


@pytest.mark.parametrize('subcommand', ['render', 'topology'])
def test_an_environment_that_cannot_work_is_refused_by_other_commands_too(
        monkeypatch, capfd, subcommand):
    assert run(monkeypatch, subcommand, [['compute']]) == 1

    shown = capfd.readouterr().err
    assert 'there is no route reflector' in shown
    assert 'there is no etcd member' in shown


def test_settings_that_contradict_the_networks_are_not_rendered(monkeypatch, capfd):
    assert run(monkeypatch, 'render', external_peers='b1 65010 192.0.2.12') == 1
    assert '192.0.2.12 of node-2' in capfd.readouterr().err

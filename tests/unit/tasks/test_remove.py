"""What the plugin brought goes, what was there before comes back, no data is lost."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.local_files import PINNED
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack import options
from calico_fuel.resources import deployed_settings
from calico_fuel.render import CRON_FILE
from calico_fuel.resources.iptables import SAVED
from calico_fuel.tasks import (
    cleanup, compute, cron, neutron_server, packages, remove)
from calico_fuel.tasks.command import COMMAND
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.pacemaker import Pacemaker
from tests.unit.fake.services import Services
from tests.unit.fake.system import (
    MODE, OWNER, Entry, FakeSystem, UnknownCommand, good)
from tests.unit.tasks.test_compute import JOBS, NOVA, Compute
from tests.unit.tasks.test_neutron_server import DEFAULTS, ML2, NEUTRON

OVS_AGENT = 'neutron-plugin-openvswitch-agent'
OURS = {'bird', 'calico-felix', 'etcd', 'nova-api-metadata', 'neutron-dhcp-agent'}
RULES = ('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p icmp -j ACCEPT\n'
         '-A INPUT -j DROP\nCOMMIT\n*mangle\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n')


class Kernel(object):
    """The kernel's routes of BIRD and of ``hold-routes``, which stay when it stops."""

    def __init__(self, system, routes=2):
        self.system = system
        of_bird = ['203.0.113.{} via 192.0.2.13 dev br-mgmt'.format(number)
                   for number in range(routes)]
        self.routes = {'12': of_bird, '202': list(of_bird)}
        system.programs['ip'] = self.ip

    def ip(self, argv, text):
        if argv[1:4] == ['route', 'show', 'proto']:
            return good('\n'.join(self.routes[argv[4]]))
        if argv[1:4] == ['route', 'flush', 'proto']:
            self.system.about_to_change()
            self.routes[argv[4]] = []
            return good()
        raise UnknownCommand(' '.join(argv))


class Node(Compute):
    """A compute on which all tasks that change something have run."""

    def __init__(self, dies_at=None):
        super(Node, self).__init__()
        self.routing = Kernel(self)
        self.services.add_job(OVS_AGENT)
        self.services.running.add(OVS_AGENT)
        self.services.running.add('libvirt-bin')
        self.files[SAVED] = Entry(RULES, 'root:root', 0o640)
        # Else its header would stay, without an option.
        self.files[options.NOVA_CONF] = Entry(NOVA + '[neutron]\n', OWNER, MODE)
        self.iptables.rules['filter']['INPUT'] = ['-p icmp -j ACCEPT', '-j DROP']
        self.programs['ovs-vsctl'] = None
        self.before = self.state()
        deploy(self)
        # As a line of cron's file did.
        self.files[cron.METRICS_FILE] = Entry('x 1\n', OWNER, MODE)
        self.changes, self.dies_at = 0, dies_at

    def service(self, argv, text):
        answer = super(Node, self).service(argv, text)
        if argv[1:] == ['bird', 'stop']:
            self.bird.loaded = None
        return answer

    def state(self):
        """What others see of the node."""
        files = {path: entry for path, entry in self.files.items()
                 if not path.startswith('/var/lib/calico-fuel/')
                 # They stay root's.
                 and path not in ('/etc/bird', '/etc/bird/local.d')
                 and '/.calico-fuel-' not in path and not path.endswith('.override')}
        return files, self.iptables.rules


def wanted(of_nodes=None, release='6.1', uid='3'):
    return environment(of_nodes or roles(2, 2), release, uid)


def deploy(node):
    """The tasks, but for the packages themselves."""
    of_all = wanted()
    of_node = of_all.this_node
    pin = packages.resources(of_all, of_node, node)[:2]
    for resources in [pin] + [task.resources(of_all, of_node, node)
                              for task in (compute, cleanup, cron)]:
        outcomes = list(converge(resources, node))
        assert FAILED not in [o.state for o in outcomes], outcomes


def run(node, with_etcd_data=False, of_all=None):
    of_all = of_all or wanted()
    return list(converge(remove.resources(
        of_all, of_all.this_node, node, with_etcd_data), node))


def states(outcomes):
    return set(outcome.state for outcome in outcomes)


class Controller(FakeSystem):
    """A controller whose Neutron has our driver, and whose agents are stopped."""

    def __init__(self, dies_at=None):
        super(Controller, self).__init__({
            options.NEUTRON_CONF: NEUTRON + '[calico]\n',
            options.ML2_CONF: ML2 + '[ml2_type_flat]\n[securitygroup]\n',
            '/etc/default/neutron-server': DEFAULTS, '/sbin/initctl': '',
            '/var/lib/etcd/member/wal/0.wal': '0 a1'})
        self.before = self.state()
        self.services = Services(self, jobs=JOBS + ['neutron-server'],
                                 running=['neutron-server', 'etcd'])
        self.iptables = Iptables(self)
        self.bird = Bird(self)
        Kernel(self, routes=0)
        self.pacemaker = Pacemaker(self, ['p_neutron-l3-agent', 'p_haproxy'])
        self.programs.update({
            'ovs-vsctl': None, 'dpkg-query': lambda argv, text: good('')})
        of_all = wanted(uid='2')
        for resources in (neutron_server.resources(of_all, of_all.this_node, self),
                          cleanup.resources(of_all, of_all.this_node, self)):
            assert FAILED not in states(converge(resources, self))
        assert not self.pacemaker.may_run('p_neutron-l3-agent')
        self.changes, self.dies_at = 0, dies_at

    def state(self):
        return [self.files[path] for path in (
            options.NEUTRON_CONF, options.ML2_CONF, '/etc/default/neutron-server')]


def of_controller(node):
    return run(node, of_all=wanted(uid='2'))


def test_a_compute_is_as_before():
    node = Node()
    assert node.state() != node.before and node.services.running >= OURS
    node.services.starts = []
    # A deployment that pinned routes ended early.
    node.write(PINNED, '#')

    outcomes = run(node)

    assert states(outcomes) == {CHANGED, UNCHANGED}
    assert node.state() == node.before
    assert node.services.running == {'nova-compute', 'libvirt-bin', OVS_AGENT}
    assert sorted(node.services.starts) == ['libvirt-bin', OVS_AGENT, 'nova-compute']
    assert node.bird.loaded is None
    assert node.routing.routes == {'12': [], '202': []}
    # By that a refresh that has waited for this removal changes nothing.
    assert not node.exists(deployed_settings.PATH)
    # Until then it can be typed again.
    assert COMMAND in outcomes[-1].label and not node.exists(COMMAND)
    node.services.boot()
    assert not node.services.running & OURS
    assert OVS_AGENT in node.services.running


def test_the_hook_that_gives_taps_their_mtu_goes_and_libvirt_does_not_miss_it():
    node = Node()
    of_all = environment(roles(2, 2), '6.1', '3', instance_mtu='1400')
    assert FAILED not in states(converge(
        compute.resources(of_all, of_all.this_node, node), node))
    node.services.starts = []

    run(node, of_all=of_all)

    assert node.state() == node.before
    assert 'libvirt-bin' in node.services.starts


def test_a_controller_has_its_options_and_agents_again_and_etcd_goes_on():
    node = Controller()
    node.services.starts = []

    outcomes = of_controller(node)

    assert FAILED not in states(outcomes)
    assert node.state() == node.before
    assert node.pacemaker.may_run('p_neutron-l3-agent')
    assert node.services.starts == ['neutron-server']
    assert node.services.running == {'neutron-server', 'etcd'}
    assert node.exists('/var/lib/etcd/member/wal/0.wal')
    assert 'not restored: the etcd member with its data' in '\n'.join(
        outcome.label for outcome in outcomes)


@pytest.mark.parametrize('is_on', [True, False])
def test_the_core_plugin_and_its_options_are_fuels_again(is_on):
    """Off: it was switched off, and no deployment has done that yet."""
    def with_floating_ips(is_on):
        return environment(roles(2, 2), '9.2', '2', floating_ips=is_on)

    def make(dies_at=None):
        node = Controller()
        of_all = with_floating_ips(True)
        assert FAILED not in states(converge(neutron_server.resources(
            of_all, of_all.this_node, node), node))
        assert 'service_plugins' not in node.text(options.NEUTRON_CONF)
        node.changes, node.dies_at = 0, dies_at
        return node

    for whole, node in at_every_change(
            make, lambda node: run(node, of_all=with_floating_ips(is_on))):
        assert node.text(options.NEUTRON_CONF).count('L3RouterPlugin') == 1
        assert 'core_plugin=' + options.ML2_PLUGIN in node.text(options.NEUTRON_CONF)
        assert 'extension_drivers' not in node.text(options.ML2_CONF)
        # Where instances get ports now, the core plugin must not come back.
        Neutron(node).add_port('net-1', 'compute:nova', 'vm')
        for is_on_again, state in (True, FAILED), (False, UNCHANGED):
            of_all = with_floating_ips(is_on_again)
            assert next(converge(neutron_server.resources(
                of_all, of_all.this_node, node), node)).state == state


@pytest.mark.parametrize('make, remove_from, files', [
    (Node, run, {'nova-compute': options.NOVA_CONF,
                 'libvirt-bin': options.QEMU_CONF}),
    (Controller, of_controller, {'neutron-server': options.ML2_CONF})])
def test_a_removal_killed_at_any_change_is_finished_by_the_next(
        make, remove_from, files):
    for whole, node in at_every_change(make, remove_from):
        assert node.state() == node.before == whole.state()
        assert node.services.running == whole.services.running
        for name, path in files.items():
            assert node.services.found[name][path] == node.files[path]
        changes, starts = node.changes, list(node.services.starts)

        assert states(remove_from(node)) == {UNCHANGED}

        assert (node.changes, node.services.starts) == (changes, starts)


@pytest.mark.parametrize('make, remove_from, name', [
    (Node, run, 'nova-compute'), (Controller, of_controller, 'neutron-server')])
def test_a_service_that_does_not_come_up_fails_the_removal_until_it_does(
        make, remove_from, name):
    node = make()
    node.services.broken.add(name)

    for _ in range(2):
        failed, = [outcome for outcome in remove_from(node) if outcome.state == FAILED]
        assert failed.difference.startswith(
            'service {}: does not run 30 s after its start'.format(name))

    node.services.broken.clear()
    assert FAILED not in states(remove_from(node))
    assert name in node.services.running
    assert states(remove_from(node)) == {UNCHANGED}


def test_the_tasks_bring_everything_back_at_boot_too_and_it_goes_again():
    node = Node()
    run(node)

    deploy(node)
    assert node.services.running >= OURS and OVS_AGENT not in node.services.running
    assert 'reflector_node_1' in node.bird.loaded
    node.services.boot()
    assert node.services.running >= OURS and OVS_AGENT not in node.services.running

    run(node)
    assert node.state() == node.before


def test_services_whose_files_the_plugin_has_never_changed_are_left_alone():
    node = Node()
    node.remove('/var/lib/calico-fuel/backups')
    node.services.starts = []

    run(node)

    assert not {'nova-compute', 'libvirt-bin'} & set(node.services.starts)


@pytest.mark.parametrize('with_etcd_data', [False, True])
def test_an_etcd_proxy_goes_either_way(with_etcd_data):
    node = Node()

    run(node, with_etcd_data)

    assert 'etcd' not in node.services.running


def test_a_dry_run_tells_and_changes_nothing():
    node = Node()
    of_all = wanted()

    outcomes = list(converge(remove.resources(of_all, of_all.this_node, node), node,
                             dry_run=True))

    assert node.changes == 0
    said = '\n'.join(outcome.difference for outcome in outcomes)
    assert 'bird: runs and starts at boot' in said
    assert 'linuxnet_interface_driver = nova.network.linux_net.' in said
    assert 'mysql://secret' not in said


def test_a_node_without_a_part_in_calico_is_left_alone():
    of_all = wanted([['primary-controller'], ['ceph-osd']], uid='2')

    assert remove.resources(of_all, of_all.this_node, FakeSystem()) == []


@pytest.mark.parametrize('release, words', [
    ('6.1', ['not restored: the packages bird, calico-common', "Felix's firewall",
             'net.ipv4.ip_forward', 'Open vSwitch bridges that were removed']),
    ('9.2', ['no deployment of this environment makes them'])])
def test_what_stays_is_told(release, words):
    of_all = wanted(release=release)
    node = FakeSystem({CRON_FILE: 'ours'})

    resources = remove.resources(of_all, of_all.this_node, node)

    said = '\n'.join(resource.label for resource in resources)
    assert not [one for one in words if one not in said]
    # It would set everything up again.
    assert 'no file ' + CRON_FILE == resources[0].label

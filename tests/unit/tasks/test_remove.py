"""What the plugin brought goes, what was there before comes back, no data is lost."""

from __future__ import unicode_literals

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack import options
from calico_fuel.resources import deployed_settings
from calico_fuel.resources import ini
from calico_fuel.resources.file import BACKUPS, original
from calico_fuel.resources.firewall import SAVED
from calico_fuel.tasks import (
    bgp, cleanup, compute, cron, neutron_server, packages, remove)
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.pacemaker import Pacemaker
from tests.unit.fake.services import Services
from tests.unit.fake.system import Entry, FakeSystem, UnknownCommand, good
from tests.unit.tasks.test_compute import JOBS, Compute
from tests.unit.tasks.test_neutron_server import DEFAULTS, ML2, NEUTRON

OVS_AGENT = 'neutron-plugin-openvswitch-agent'
OURS = {'bird', 'calico-felix', 'etcd', 'nova-api-metadata', 'neutron-dhcp-agent'}
RULES = ('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p icmp -j ACCEPT\n'
         '-A INPUT -j DROP\nCOMMIT\n*mangle\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n')


class Kernel(object):
    """The kernel's routes of BIRD, which stay when it stops."""

    def __init__(self, system, routes=2):
        self.system = system
        self.routes = ['203.0.113.{} via 192.0.2.13 dev br-mgmt'.format(number)
                       for number in range(routes)]
        system.programs['ip'] = self.ip

    def ip(self, argv, text):
        if argv[1:] == ['route', 'show', 'proto', '12']:
            return good('\n'.join(self.routes))
        if argv[1:] == ['route', 'flush', 'proto', '12']:
            self.system.about_to_change()
            self.routes = []
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
        self.iptables.rules['filter']['INPUT'] = ['-p icmp -j ACCEPT', '-j DROP']
        self.programs['ovs-vsctl'] = None
        self.before = self.state()
        deploy(self)
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


def test_a_compute_is_as_before():
    node = Node()
    assert node.state() != node.before and node.services.running >= OURS

    assert states(run(node)) == {CHANGED, UNCHANGED}

    assert node.state() == node.before
    assert node.services.running == {'nova-compute', 'libvirt-bin', OVS_AGENT}
    assert node.bird.loaded is None and not node.routing.routes
    # By that a refresh that has waited for this removal changes nothing.
    assert not node.exists(deployed_settings.PATH)
    node.services.boot()
    assert not node.services.running & OURS
    assert OVS_AGENT in node.services.running


def test_a_second_run_changes_nothing_and_restarts_nothing():
    node = Node()
    run(node)
    changes, starts = node.changes, list(node.services.starts)

    assert states(run(node)) == {UNCHANGED}

    assert (node.changes, node.services.starts) == (changes, starts)


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(Node, run):
        assert node.state() == node.before == whole.state()
        assert node.services.running == whole.services.running
        assert states(run(node)) == {UNCHANGED}


def test_nova_and_libvirt_load_the_old_options_once():
    node = Node()
    node.services.starts = []

    run(node)
    run(node)

    assert sorted(node.services.starts) == ['libvirt-bin', OVS_AGENT, 'nova-compute']


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


def test_what_others_have_changed_since_stays():
    """Another option, and an option that was ours and is not any more."""
    node = Node()
    text = ini.with_options(node.text(options.DHCP_AGENT_CONF), [
        ('DEFAULT', 'debug', 'True'), ('DEFAULT', 'use_namespaces', 'maybe')])
    node.write(options.DHCP_AGENT_CONF, text)

    run(node)

    assert ini.with_option(
        text, 'DEFAULT', 'interface_driver', None) == node.text(
            options.DHCP_AGENT_CONF)


def test_what_was_there_first_comes_back_after_many_changes():
    node = Node()
    for number in range(30):
        node.write(CONF, 'neighbor {}'.format(number), 0o640, 'bird:bird')
        of_all = wanted()
        list(converge(bgp.speaker(of_all, of_all.this_node, node), node))

    run(node)

    assert node.files[CONF] == Entry('sample', 'bird:bird', 0o640)


def test_a_file_of_ours_without_a_backup_stays_and_is_told():
    node = Node()
    node.remove(BACKUPS + CONF)

    labels = [outcome.label for outcome in run(node)]

    assert 'reflector_node_1' in node.text(CONF)
    assert ('not restored: /etc/bird/bird.conf: there is no backup of what was there '
            'before') in labels


def test_what_stays_is_told():
    said = '\n'.join(outcome.label for outcome in run(Node()))

    for words in ('not restored: the packages bird, calico-common', "Felix's firewall",
                  'net.ipv4.ip_forward', 'Open vSwitch bridges that were removed'):
        assert words in said


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


class Controller(FakeSystem):
    """A controller whose Neutron has our driver, and whose agents are stopped."""

    def __init__(self, dies_at=None):
        super(Controller, self).__init__({
            options.NEUTRON_CONF: NEUTRON, options.ML2_CONF: ML2,
            '/etc/default/neutron-server': DEFAULTS, '/sbin/initctl': '',
            '/var/lib/etcd/member/wal/0.wal': '0 a1'})
        self.before = dict(self.files)
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


def of_controller(node):
    return run(node, of_all=wanted(uid='2'))


def test_a_controller_has_its_options_and_agents_again_and_etcd_goes_on():
    node = Controller()
    starts = node.services.starts.count('neutron-server')

    outcomes = of_controller(node)

    assert FAILED not in states(outcomes)
    for path in options.NEUTRON_CONF, options.ML2_CONF, (
            '/etc/default/neutron-server'):
        assert node.files[path] == node.before[path]
    assert node.pacemaker.may_run('p_neutron-l3-agent')
    assert node.services.starts.count('neutron-server') == starts + 1
    assert node.services.running == {'neutron-server', 'etcd'}
    assert node.exists('/var/lib/etcd/member/wal/0.wal')
    assert 'not restored: the etcd member with its data' in '\n'.join(
        outcome.label for outcome in outcomes)
    assert states(of_controller(node)) == {UNCHANGED}


def test_a_removal_from_a_controller_killed_anywhere_is_finished_by_the_next():
    for whole, node in at_every_change(Controller, of_controller):
        assert states(of_controller(node)) == {UNCHANGED}
        assert node.text(options.ML2_CONF) == ML2
        assert node.pacemaker.may_run('p_neutron-l3-agent')
        assert node.services.running == whole.services.running


def test_options_in_a_file_that_was_not_there_leave_nothing():
    node = FakeSystem()
    list(converge([neutron_server.ENVIRONMENT], node))
    path = neutron_server.ENVIRONMENT.path
    assert node.exists(path)

    list(converge([remove.RestoredOptions(*neutron_server.ENVIRONMENT[:2])], node))

    assert not node.exists(path) and original(node, path) is None

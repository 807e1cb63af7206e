"""Nodes that the plugin's tasks have changed, from which it is removed."""

from __future__ import unicode_literals

from calico_fuel.converge import FAILED, converge
from calico_fuel.openstack import options
from calico_fuel.resources.iptables import SAVED
from calico_fuel.tasks import cleanup, compute, cron, neutron_server, packages, remove
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.pacemaker import Pacemaker
from tests.unit.fake.services import Services
from tests.unit.fake.system import MODE, OWNER, Entry, FakeSystem, UnknownCommand, good
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
                 # The kernel keeps its values until the next boot.
                 if not path.startswith(('/var/lib/calico-fuel/', '/proc/'))
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

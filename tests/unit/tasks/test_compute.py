"""A compute is brought to its wanted state by one run, and left alone by the next."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import UNCHANGED, converge
from calico_fuel.openstack import options
from calico_fuel.resources import ini
from calico_fuel.tasks import compute
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.openssl import Openssl
from tests.unit.fake.ovs import Ovs
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.sysctl import Sysctl
from tests.unit.fake.system import Entry, FakeSystem, good

JOBS = ['etcd', 'bird', 'nova-compute', 'nova-api-metadata', 'nova-api',
        'neutron-dhcp-agent', 'calico-dhcp-agent', 'calico-felix']
NOVA = '''[DEFAULT]
linuxnet_interface_driver=nova.network.linux_net.LinuxOVSInterfaceDriver
connection=mysql://secret
'''


class Compute(FakeSystem):
    """A compute as Fuel and the task "packages" leave it."""

    def __init__(self, dies_at=None, libvirt='libvirt-bin'):
        super(Compute, self).__init__({
            options.NOVA_CONF: NOVA, options.QEMU_CONF: '#user = "root"\n',
            options.DHCP_AGENT_CONF: '[DEFAULT]\nuse_namespaces=True\n',
            options.NEUTRON_CONF: '[DEFAULT]\n', '/etc/bird/envvars': '#BIRD_ARGS=\n',
            '/sbin/initctl': '', '/etc/init/rc.conf': ''}, dies_at)
        self.files[CONF] = Entry('sample', 'bird:bird', 0o640)
        self.files['/var/lib/etcd'] = Entry('', 'etcd:etcd', 0o700)
        self.bird = Bird(self)
        self.iptables = Iptables(self)
        self.openssl = Openssl(self)
        self.kernel = Sysctl(self, net__ipv4__ip_forward='0',
                             net__ipv4__conf__all__rp_filter='2')
        self.services = Services(self, jobs=JOBS + [libvirt], running=['nova-compute'])
        self.programs.update({
            'service': self.service, 'etcd': None, 'ovs-vsctl': None,
            'dpkg-query': lambda argv, text: good('')})

    def service(self, argv, text):
        answer = self.services.service(argv, text)
        if argv[1:] == ['bird', 'start']:
            self.bird.loaded = self.text(CONF)
        return answer


def run(node, release='6.1', of_nodes=None, uid='2', **settings):
    wanted = environment(of_nodes or roles(2, 2), release, uid, **settings)
    resources = compute.resources(wanted, wanted.node(uid), node)
    return [(o.label, o.state, o.difference) for o in converge(resources, node)]


def states(outcomes):
    return set(state for _, state, _ in outcomes)


def running(node):
    return node.services.running - {'neutron-dhcp-agent', 'calico-dhcp-agent'}


@pytest.mark.parametrize('release, agent', [
    ('6.1', 'neutron-dhcp-agent'), ('7.0', 'neutron-dhcp-agent'),
    ('8.0', 'calico-dhcp-agent'), ('9.2', 'calico-dhcp-agent')])
def test_everything_that_carries_workloads_runs_and_one_dhcp_agent(release, agent):
    node = Compute()

    outcomes = run(node, release, uid='3')

    assert 'failed' not in states(outcomes), outcomes
    assert running(node) >= {
        'bird', 'etcd', 'calico-felix', 'nova-compute', 'libvirt-bin'}
    assert node.services.running - running(node) == {agent}
    assert 'reflector_node_1' in node.bird.loaded
    assert 'EtcdAddr = 127.0.0.1:4001' in node.text('/etc/calico/felix.cfg')


def test_the_dhcp_agent_starts_again_when_it_may_start_dnsmasq():
    """After an upgrade from 4.0.0, which did not bring Neutron's filters for it."""
    node = Compute()
    run(node, '8.0', uid='3')
    starts = len(node.services.starts)
    node.programs['dpkg-query'] = lambda argv, text: good(
        'neutron-dhcp-agent\t2:7.0\tinstall ok installed\n'
        if 'neutron-dhcp-agent' in argv else '')

    run(node, '8.0', uid='3')

    assert node.services.starts[starts:] == ['calico-dhcp-agent']
    assert 'neutron-dhcp-agent' not in node.services.running


@pytest.mark.parametrize('release, found', [('8.0', False), ('9.0', True)])
def test_puppet_of_fuel_9_finds_the_bridge_that_it_waits_for(release, found):
    """No agent makes br-int there, and its ports are nobody's business."""
    node = Compute()
    ovs = Ovs(node, br_prv=['p_1-0'])

    run(node, release, uid='3')

    assert ('br-int' in ovs.bridges) == found
    assert ovs.bridges['br-prv'] == ['p_1-0']
    assert states(run(node, release, uid='3')) == {'unchanged'}


@pytest.mark.parametrize('name', ['libvirtd', 'libvirt-bin'])
def test_libvirt_is_restarted_by_the_name_that_it_has(name):
    """libvirtd with the packages of MOS 7.0 and newer."""
    node = Compute(libvirt=name)

    assert 'failed' not in states(run(node, '7.0', uid='3'))

    assert name in node.services.starts


def test_nova_and_the_kernel_are_as_calico_needs_them():
    node = Compute()

    run(node, uid='3')

    text = node.text(options.NOVA_CONF)
    assert 'linuxnet_interface_driver' not in text and 'mysql://secret' in text
    assert '/dev/net/tun' in ini.value_of(
        node.text(options.QEMU_CONF), '', 'cgroup_device_acl')
    assert node.kernel['net.ipv4.ip_forward'] == '1'
    assert node.kernel['net.ipv4.conf.all.rp_filter'] == '1'


@pytest.mark.parametrize('release', ['6.1', '7.0', '8.0', '9.2'])
def test_nova_dnsmasq_and_libvirt_give_instances_one_mtu(release):
    node = Compute()
    node.write(options.NOVA_CONF, NOVA + 'network_device_mtu=65000\n')

    run(node, release, uid='3')
    assert ini.value_of(node.text(options.NOVA_CONF), 'DEFAULT',
                        'network_device_mtu') == '1500'
    assert '\ndhcp-option-force=26,1500\n' in node.text(options.DNSMASQ_CONF)
    # Taps have 1500 by themselves.
    assert not node.exists(compute.LIBVIRT_HOOK)

    starts = len(node.services.starts)
    run(node, release, uid='3', instance_mtu='1400')
    assert ini.value_of(node.text(options.NOVA_CONF), 'DEFAULT',
                        'network_device_mtu') == '1400'
    assert '\ndhcp-option-force=26,1400\n' in node.text(options.DNSMASQ_CONF)
    assert 'ip link set dev "$tap" mtu 1400\n' in node.text(compute.LIBVIRT_HOOK)
    assert node.owner_and_mode(compute.LIBVIRT_HOOK) == ('root:root', 0o755)
    agent = 'neutron-dhcp-agent' if release in ('6.1', '7.0') else 'calico-dhcp-agent'
    assert {'libvirt-bin', 'nova-compute', agent} <= set(node.services.starts[starts:])

    # libvirt starts no instance if it misses the hook.
    run(node, release, uid='3')
    assert 'ip link set dev "$tap" mtu 1500\n' in node.text(compute.LIBVIRT_HOOK)


def test_a_hook_of_others_is_left_alone():
    node = Compute()
    node.write(compute.LIBVIRT_HOOK, '#!/bin/sh\nexit 0\n')

    run(node, uid='3', instance_mtu='1400')

    assert node.text(compute.LIBVIRT_HOOK) == '#!/bin/sh\nexit 0\n'


def test_on_kilo_the_nova_api_of_a_compute_serves_metadata_only():
    node = Compute()

    run(node, '7.0', uid='3')

    assert 'nova-api' in node.services.running
    assert ini.value_of(node.text(options.NOVA_CONF), 'DEFAULT',
                        'enabled_apis') == 'metadata'


def test_the_chain_that_keeps_instances_out_is_missed_and_comes_back():
    node = Compute()
    run(node, uid='3')
    chain = node.iptables.rules['mangle']['PREROUTING']
    wanted = list(chain)
    assert wanted == ['-i tap+ -j calico-fuel-internal']
    chain.remove(wanted[0])

    assert [label for label, state, _ in run(node, uid='3') if state == 'changed'] == [
        'firewall chain calico-fuel-internal']
    assert node.iptables.rules['mangle']['PREROUTING'] == wanted


def test_a_second_run_changes_nothing_and_restarts_nothing():
    node = Compute()
    run(node, uid='3')
    changes, starts = node.changes, list(node.services.starts)

    assert states(run(node, uid='3')) == {UNCHANGED}

    assert (node.changes, node.services.starts) == (changes, starts)


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(Compute, lambda node: run(node, uid='3')):
        assert states(run(node, uid='3')) == {UNCHANGED}
        assert running(node) == running(whole)
        assert node.bird.loaded == whole.bird.loaded


def test_a_controller_that_is_a_compute_keeps_the_metadata_api_that_it_has():
    node = Compute()

    run(node, of_nodes=[['primary-controller'], ['controller', 'compute']])

    assert not node.services.running & {'nova-api-metadata', 'nova-api'}


def test_a_controller_alone_is_no_compute():
    wanted = environment(roles(1, 1))

    assert compute.resources(wanted, wanted.this_node, FakeSystem()) == []

"""Floating IPs through a real Neutron with Calico as its core plugin.

NAT is that of a real Felix where FELIX names one, else of the double of Felix.
"""

import json
import os
import re
import sys

import pytest

from calico_fuel.addresses import parse_ipv4
from lab import laboratory
from lab.fuel import etcd, felix, fuel_metadata, neutron, stock
from lab.machine import programs, run
from lab.machine.programs import eventually
from lab.network import fabric, stream, traffic
from tests.live import VERIFY_AT_ONCE
from tests.live.test_neutron import LOG, PROGRAMS
from tests.plan import border

FELIX = os.environ.get('FELIX', felix.DOUBLE)
EXTERNAL = 'admin_floating_net'
# An address of the border router.
OUTSIDE = '198.18.0.1'
SETTINGS = {
    'floating_ips': True, 'workload_prefixes': '203.0.113.0/24',
    'external_peers': border.PEER, 'workload_gateway': border.ADDRESS,
    'calico_network_name': 'workloads', 'calico_network_cidr': '203.0.113.0/24'}
ENDPOINTS = ('http://127.0.0.1:4001/v2/keys/calico/v1/host/{}/workload/openstack'
             '?recursive=true')
CONF, ML2_CONF = '/etc/neutron/neutron.conf', '/etc/neutron/plugins/ml2/ml2_conf.ini'
# Sends each client its address.
MIRROR = """
import socket
listening = socket.create_server(('', 2200))
while True:
    one, (address, _) = listening.accept()
    one.sendall(address.encode())
    one.close()
"""
ASK = """
import socket, sys
print(socket.create_connection((sys.argv[1], 2200), 5).recv(100).decode())
"""


@pytest.fixture(scope='class')
def lab(request, demand):
    """A controller and two computes with an instance each, and a border router."""
    demand(['1'], PROGRAMS)
    run.remove_remains()
    with run.Run() as this_run:
        lab = laboratory.Laboratory(this_run, felix=FELIX)
        lab.set_up(request.cls.release, real_neutron=True, **SETTINGS)
        for role in ['primary-controller', 'compute', 'compute', *request.cls.more]:
            lab.fuel.add(role)
        lab.fuel.deploy()
        lab.border = border.start(lab, *request.cls.reflectors).node
        lab.border.configure('address add {}/32 dev lo'.format(OUTSIDE))
        lab.add_workload('node-2')
        lab.add_workload('node-3')
        yield lab


@pytest.fixture
def controller(lab):
    return lab.controller()


@pytest.fixture
def ask(controller):
    """What Neutron's command line client prints, one value a line."""
    def ask(*argv, column='id'):
        result = neutron.client(controller, *argv, '-f', 'value', '-c', column)
        assert result.status == 0, result.stderr
        return [line for line in result.stdout.splitlines()
                if not line.startswith('Created')]
    return ask


@pytest.fixture
def floating(ask, controller):
    """The ID and address of a floating IP of vm-1, which goes when the test ends."""
    uid, = ask('floatingip-create', EXTERNAL)
    address, = ask('floatingip-show', uid, column='floating_ip_address')
    associate(controller, uid, *ask('port-list', '--name=vm-1'))
    yield uid, address
    for verb in 'disassociate', 'delete':
        neutron.client(controller, 'floatingip-' + verb, uid)


def associate(controller, *argv):
    said = neutron.client(controller, 'floatingip-associate', *argv)
    assert said.status == 0, said.stderr


def nat(lab, compute):
    """Pairs of addresses that etcd has for the Felix of a compute."""
    def leaves(node):
        for child in node.get('nodes', ()):
            yield from leaves(child)
        if 'value' in node:
            yield json.loads(node['value'])
    reply = json.loads(etcd.ask(
        lab.controller().node, 'GET', ENDPOINTS.format(compute)))
    return [(pair['ext_ip'], pair['int_ip']) for endpoint in leaves(
        reply.get('node', {})) for pair in endpoint.get('ipv4_nat', ())]


def leads_to(lab, address, compute):
    """Whether the kernel of the border router comes to have that route."""
    hop = 'via ' + lab.fuel.members[compute].machine.node.address
    return eventually(lambda: hop in lab.border.routes(address), 20)


def instance(lab, name, address):
    """The Node of an instance by another address, as the border router sees it."""
    return lab.workloads[name][1]._replace(address=address)


class TestOnFuel8:
    """Fuel makes the external network and the router; the plugin adds an interface.

    Each test leaves the environment as good as it was.
    """

    release, kind, more, reflectors = '8.0', 'flat', [], ['node-1']

    def test_calico_is_the_core_plugin_and_binds_ports(self, lab, controller, ask):
        assert lab.fuel.ready == set(lab.fuel.members)
        extensions = ask('ext-list', column='alias')
        assert 'router' in extensions and 'l3_agent_scheduler' not in extensions
        for name in lab.workloads:
            assert ask('port-show', name, column='binding:vif_type') == ['tap']
        said = lab.task('node-1', 'verify')
        assert "Neutron's core plugin" in said
        assert 'loaded and ready, leader node-1' in said
        assert [line for line in controller.read(LOG).splitlines()
                if ' ERROR ' in line and 'alico' in line] == []

    def test_the_networks_and_the_router_have_the_names_of_fuel(self, lab, ask):
        assert ask('net-show', EXTERNAL, column='router:external') == ['True']
        assert ask('net-show', EXTERNAL, column='provider:network_type') == [
            self.kind]
        assert '203.0.113.1' in ' '.join(
            ask('router-port-list', 'router04', column='fixed_ips'))
        gateway, = ask('router-show', 'router04', column='external_gateway_info')
        address = re.search("'ip_address': u?'([0-9.]+)'", gateway).group(1)
        first, last = map(parse_ipv4, fuel_metadata.FLOATING.split(':'))
        assert first <= parse_ipv4(address) <= last

    @pytest.mark.parametrize('task', ['neutron-server', 'networks'])
    def test_a_task_run_again_changes_nothing(self, lab, controller, task):
        pid = controller.read('/run/neutron-server.pid')

        said = lab.task('node-1', task).splitlines()[-1]

        assert 'changed' not in said.replace('unchanged', ''), said
        assert controller.read('/run/neutron-server.pid') == pid

    @pytest.mark.plan('floating IP: reached from outside')
    def test_a_floating_ip_is_reached_from_the_border_router(self, lab, floating):
        """The floating IP answers a ping, and a TCP connection to it stays open.
        `verify` does not name the address.

        Steps: Give a floating IP to an instance. Ping it from the border router, and
        open a TCP connection to it. Run `calico-fuel verify` on a route reflector and
        on the compute.
        """
        _, address = floating
        assert nat(lab, 'node-2') == [(address, lab.workloads['vm-1'][1].address)]
        assert leads_to(lab, address, 'node-2')
        outside = instance(lab, 'vm-1', address)

        assert eventually(lambda: fabric.ping(lab.border, outside))
        assert stream.during(lab.run, lab.border, outside, lambda: None).is_whole
        # The checks of routes know whose address it is.
        for name in 'node-1', 'node-2':
            said = lab.fuel.members[name].machine.attempt(VERIFY_AT_ONCE).output
            assert address not in said

    @pytest.mark.plan('floating IP: deployment repeated')
    def test_what_puppet_sets_goes_again_and_the_floating_ip_stays(
            self, lab, controller, ask, floating):
        """Neutron has Calico as its core plugin again and creates floating IPs, with
        the extension dns of Fuel 9.2 too. The route of the first one stays.

        Steps: Let Fuel's tasks write their options of Neutron. Run `calico-fuel
        neutron-server` and `calico-fuel networks` on the controller. Create a floating
        IP.
        """
        stock.deploy(controller, self.release, ['primary-controller'], {}, True)
        assert 'Ml2Plugin' in controller.read(CONF)
        if self.release == '9.2':
            controller.write(ML2_CONF, controller.read(ML2_CONF).replace(
                '[ml2]', '[ml2]\nextension_drivers = dns,port_security', 1))

        for task in 'neutron-server', 'networks':
            lab.task('node-1', task)

        assert leads_to(lab, floating[1], 'node-2')
        assert ask('ext-list', column='alias').count('router') == 1
        other, = ask('floatingip-create', EXTERNAL)
        ask('floatingip-show', other)
        neutron.client(controller, 'floatingip-delete', other)


class TestOnFuel9(TestOnFuel8):
    """The plugin makes the external network and the router."""

    release, kind = '9.2', 'local'
    more, reflectors = ['calico-rr'] * 2, ['node-4', 'node-5']

    def test_an_instance_goes_out_under_its_own_address(self, lab, floating):
        """Felix translates the answers alone."""
        assert leads_to(lab, floating[1], 'node-2')
        own = lab.workloads['vm-1'][1]
        lab.run.serve(lab.border, 2200, sys.executable, '-c', MIRROR)

        assert eventually(lambda: own.run(
            sys.executable, '-c', ASK, OUTSIDE,
            check=False).strip() == own.address, 10)

    def test_a_controller_reaches_it_by_a_route_by_the_border_router(
            self, lab, controller, floating):
        """The route of docs/health-check.md; by itself a controller has none."""
        outside = instance(lab, 'vm-1', floating[1])
        assert leads_to(lab, outside.address, 'node-2')
        assert not fabric.ping(controller.node, outside)

        route = '{} via {}'.format(outside.address, border.ADDRESS)
        controller.node.configure('route add ' + route)

        assert eventually(lambda: fabric.ping(controller.node, outside))
        controller.node.configure('route delete ' + route)

    @pytest.mark.plan('floating IP: restarts')
    @pytest.mark.parametrize('event', ['BIRD of its compute', 'a route reflector'])
    def test_no_restart_costs_a_packet(self, lab, floating, event, record_property):
        """No packet is lost, and the TCP connection stays open.

        Steps: Kill BIRD of the compute, and start it again, during a ping at 20 Hz and
        on an open TCP connection from the border router to the floating IP. Reboot one
        of two route reflectors.
        """
        outside = instance(lab, 'vm-1', floating[1])
        assert leads_to(lab, outside.address, 'node-2')
        streams = []

        def restart():
            name = 'node-2' if 'compute' in event else 'node-4'
            machine = lab.fuel.members[name].machine
            if name == 'node-2':
                # As upstart does by our override.
                machine.run('pkill', '-KILL', '-x', 'bird')
                machine.run('service', 'bird', 'start')
            else:
                lab.reboot(name)
            assert eventually(lambda: machine.run(
                'birdc', 'show', 'protocols', check=False).count('Established') >= 2)
        lost = traffic.lost_packets(
            lab.run, lab.border, outside, lambda: streams.append(
                stream.during(lab.run, lab.border, outside, restart)))

        record_property('packets lost, longest gap in TCP', (lost, streams[0].gap))
        assert lost == 0 and streams[0].is_whole

    @pytest.mark.plan('floating IP: moved')
    def test_it_moves_to_an_instance_on_another_compute_and_goes(
            self, lab, controller, ask, floating, record_property):
        """The other instance answers at the floating IP. In the end no node translates
        it, and the border router has no route to it.

        Steps: Associate the floating IP with an instance on another compute.
        Disassociate it.
        """
        uid, address = floating
        port, = ask('port-list', '--name=vm-2')
        assert leads_to(lab, address, 'node-2')

        def move():
            associate(controller, uid, port)
            assert leads_to(lab, address, 'node-3')
        record_property('packets lost', traffic.lost_packets(
            lab.run, lab.border, instance(lab, 'vm-1', address), move))

        assert nat(lab, 'node-2') == []
        assert eventually(lambda: fabric.ping(
            lab.border, instance(lab, 'vm-2', address)))

        neutron.client(controller, 'floatingip-disassociate', uid)

        assert eventually(lambda: not lab.border.routes(address))
        assert nat(lab, 'node-3') == []

    @pytest.mark.plan('floating IP: switched off under ports')
    def test_the_core_plugin_does_not_change_under_ports(self, lab, controller):
        """`preflight` and the task refuse, and name the setting. Neutron keeps its core
        plugin.

        Steps: Switch off "Floating IPs" while Neutron has ports. Run `calico-fuel
        preflight` and `calico-fuel neutron-server` on the controller.
        """
        data = json.loads(controller.read('/etc/astute.yaml'))
        data['calico-fuel-plugin']['floating_ips'] = False
        controller.write('/root/off.yaml', json.dumps(data))

        for command in 'preflight', 'neutron-server':
            said = controller.attempt('calico-fuel {} /root/off.yaml'.format(command))

            assert said.status == 1
            assert 'floating_ips: is off now, and Neutron has' in ' '.join(
                said.output.split())
        assert 'core_plugin=calico' in controller.read(CONF)

    @pytest.mark.plan('floating IP: instance on another host')
    def test_the_floating_ip_follows_its_instance(self, lab, controller, floating):
        """The floating IP leads to the other compute, and the instance answers there.

        Steps: Bind the port of the instance to another compute, as Nova does in a live
        migration.
        """
        _, address = floating
        assert leads_to(lab, address, 'node-2')
        place, old = lab.workloads['vm-1']
        port, = json.loads(neutron.client(
            controller, 'port-list', '--name=vm-1', '-f', 'json').stdout)
        programs.run(['ip', 'netns', 'delete', old.namespace])
        new, _ = lab.fabric.plug_workload(
            'vm-1', lab.fuel.members['node-3'].machine.node, old.address,
            'tap' + port['id'][:11], port['mac_address'])
        lab.workloads['vm-1'] = 'node-3', new

        said = neutron.client(controller, 'port-update', port['id'],
                              '--binding:host_id=node-3')

        assert said.status == 0, said.stderr
        assert leads_to(lab, address, 'node-3')
        assert eventually(lambda: fabric.ping(
            lab.border, new._replace(address=address)))

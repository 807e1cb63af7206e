"""Floating IPs on Fuel 9.2: what its release and dedicated reflectors add."""

import json
import sys

import pytest

from lab.fuel import neutron
from lab.machine import programs
from lab.machine.programs import eventually
from lab.network import fabric, stream, traffic
from tests.live.neutron.floating_ips import (
    OUTSIDE, associate, instance, leads_to, nat)
from tests.live.neutron.fuel8 import test_floating_ips
from tests.live.neutron.fuel8.test_floating_ips import CONF
from tests.plan import border

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


class TestFloatingIps(test_floating_ips.TestFloatingIps):
    """The plugin makes the external network and the router."""

    kind = 'local'

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

"""Floating IPs on Fuel 8.0, through a real Neutron with Calico as its core plugin."""

import re

import pytest

from calico_fuel.addresses import parse_ipv4
from lab.fuel import fuel_metadata, neutron, stock
from lab.machine.programs import eventually
from lab.network import fabric, stream
from tests.live import VERIFY_AT_ONCE
from tests.live.neutron import LOG
from tests.live.neutron.floating_ips import EXTERNAL, instance, leads_to, nat

CONF, ML2_CONF = '/etc/neutron/neutron.conf', '/etc/neutron/plugins/ml2/ml2_conf.ini'


class TestFloatingIps:
    """Fuel makes the external network and the router; the plugin adds an interface.

    Each test leaves the environment as good as it was.
    """

    kind = 'flat'

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
        stock.deploy(controller, lab.fuel.release, ['primary-controller'], {}, True)
        assert 'Ml2Plugin' in controller.read(CONF)
        if lab.fuel.release == '9.2':
            controller.write(ML2_CONF, controller.read(ML2_CONF).replace(
                '[ml2]', '[ml2]\nextension_drivers = dns,port_security', 1))

        for task in 'neutron-server', 'networks':
            lab.task('node-1', task)

        assert leads_to(lab, floating[1], 'node-2')
        assert ask('ext-list', column='alias').count('router') == 1
        other, = ask('floatingip-create', EXTERNAL)
        ask('floatingip-show', other)
        neutron.client(controller, 'floatingip-delete', other)

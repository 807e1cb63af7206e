"""What Fuel's health check asks of a real Neutron, as docs/health-check.md has it.

The calls are those of its tests in their order; of Nova it is the port of an instance.
"""

import json

import pytest

from lab import laboratory
from lab.fuel import neutron, stock
from lab.machine import run
from tests.live.test_neutron import PROGRAMS, SETTINGS

NETWORK = 'admin_internal_net'
# As Fuel 6.1-8.0 creates it.
VLAN = {'net04': {'L2': {'network_type': 'vlan', 'router_ext': False},
                  'L3': {'subnet': '10.65.4.0/24', 'gateway': '10.65.4.1'}}}
# What the calls of all tests share.  argv: the host of the instance.
PRELUDE = """
import json
import sys
import urllib2
from neutronclient.v2_0.client import Client

KEY = ('http://127.0.0.1:4001/v2/keys/calico/v1/host/{}/workload/openstack/{}'
       '/endpoint/{}')
neutron = Client(endpoint_url='http://127.0.0.1:9696', auth_strategy='noauth')
host, made = sys.argv[1], []


def make(kind, **body):
    one = getattr(neutron, 'create_' + kind)({kind: dict(tenant_id='admin', **body)})[
        kind]
    made.append((getattr(neutron, 'delete_' + kind), one['id']))
    return one


def external_network():
    for network in neutron.list_networks()['networks']:
        if network['router:external']:
            return network['id']
    for delete, uid in reversed(made):
        delete(uid)
    sys.exit('Cannot find the external network')


def boot(network, *groups):
    extra = {'security_groups': list(groups)} if groups else {}
    return make('port', network_id=network, device_id='ost1_test',
                device_owner='compute:nova', **dict(extra, **{'binding:host_id': host}))


def associate(port):
    floating = make('floatingip', floating_network_id=external_network())
    neutron.update_floatingip(floating['id'], {'floatingip': {
        'port_id': port['id'],
        'fixed_ip_address': port['fixed_ips'][0]['ip_address']}})
    return floating


def nat(port):
    value = json.load(urllib2.urlopen(KEY.format(host, 'ost1_test', port['id'])))
    return json.loads(value['node']['value']).get('ipv4_nat', [])


def tell(port, floating, before, after):
    print(json.dumps({
        'port': port['binding:vif_type'], 'after': after, 'before': before, 'wanted': [{
            'int_ip': port['fixed_ips'][0]['ip_address'],
            'ext_ip': floating['floating_ip_address']}]}))
"""
# "Check network connectivity from instance via floating IP".  argv: of the gateway.
OWN_NETWORK = """
group = make('security_group', name='ost1_test-secgroup')['id']
for protocol, port in ('tcp', 22), ('icmp', None):
    make('security_group_rule', security_group_id=group, direction='ingress',
         protocol=protocol, port_range_min=port, port_range_max=port,
         remote_ip_prefix='0.0.0.0/0')
router = make('router', name='ost1_test', external_gateway_info=dict(
    json.loads(sys.argv[2]), network_id=external_network()))['id']
network = make('network', name='ost1_test')['id']
subnet = {'subnet_id': make('subnet', network_id=network, ip_version=4,
                            cidr='10.0.7.0/24')['id']}
neutron.add_interface_router(router, subnet)
port = boot(network, group)
floating = associate(port)
before = nat(port)
neutron.update_floatingip(floating['id'], {'floatingip': {'port_id': None}})
tell(port, floating, before, nat(port))
neutron.delete_floatingip(floating['id'])
neutron.delete_port(port['id'])
neutron.remove_gateway_router(router)
neutron.remove_interface_router(router, subnet)
neutron.delete_router(router)
neutron.delete_subnet(subnet['subnet_id'])
neutron.delete_network(network)
neutron.delete_security_group(group)
"""
SNAT = '{"enable_snat": true}'
# "Launch instance with file injection", "Instance live migration".  argv: a network.
NAMED_NETWORK = """
network, = neutron.list_networks(name=sys.argv[2])['networks']
port = boot(network['id'])
try:
    floating = associate(port)
    before = nat(port)
    neutron.update_floatingip(floating['id'], {'floatingip': {'port_id': None}})
    tell(port, floating, before, nat(port))
finally:
    for left in neutron.list_floatingips()['floatingips']:
        neutron.delete_floatingip(left['id'])
    neutron.delete_port(port['id'])
"""
# "Launch instance" and what else only starts one.  argv: a network.
BOOT = """
network, = neutron.list_networks(name=sys.argv[2])['networks']
port = boot(network['id'])
print(json.dumps({'port': port['binding:vif_type']}))
neutron.delete_port(port['id'])
"""
# "Ceilometer test to check notifications from Neutron".
OBJECTS = """
network = make('network', name='ceilo-net')['id']
neutron.update_network(network, {'network': {'name': 'ceilo-net-update'}})
subnet = make('subnet', network_id=network, ip_version=4, cidr='10.0.7.0/24')['id']
neutron.update_subnet(subnet, {'subnet': {'name': 'ceilo-subnet'}})
port = make('port', network_id=network)['id']
neutron.update_port(port, {'port': {'name': 'ceilo-port-update'}})
router = make('router', name='ceilo-router')['id']
neutron.update_router(router, {'router': {'name': 'ceilo-router-update'}})
floating = make('floatingip', floating_network_id=external_network())['id']
neutron.update_floatingip(floating, {'floatingip': {'port_id': None}})
neutron.delete_floatingip(floating)
neutron.delete_router(router)
neutron.delete_port(port)
neutron.delete_subnet(subnet)
neutron.delete_network(network)
print('{}')
"""


@pytest.fixture(scope='module')
def lab(demand):
    """A controller and a compute of Fuel 8.0, without the networks that Fuel makes."""
    demand(['1'], PROGRAMS)
    run.remove_remains()
    with run.Run() as this_run:
        lab = laboratory.Laboratory(this_run)
        lab.set_up('8.0', real_neutron=True, **SETTINGS)
        lab.fuel.add('primary-controller')
        lab.fuel.add('compute')
        lab.fuel.deploy()
        yield lab


@pytest.fixture(scope='module')
def controller(lab):
    return lab.controller()


@pytest.fixture(scope='module')
def ask(controller):
    """The Result of a test of the health check."""
    def ask(calls, *argv):
        return controller.result(neutron.TARGET + '/bin/python', '-c', PRELUDE + calls,
                                 'node-2', *argv)
    return ask


@pytest.fixture(scope='module')
def told(ask):
    """What a test of the health check, all of whose calls succeed, tells."""
    def told(calls, *argv):
        result = ask(calls, *argv)
        assert result.status == 0, result.stderr
        return json.loads(result.stdout)
    return told


def do(controller, *command):
    """A command of the page."""
    result = neutron.client(controller, *command)
    assert result.status == 0, result.stderr


def rename(controller, old, new):
    do(controller, 'net-update', old, '--name', new)


class TestMechanismDriver:
    """Without floating IPs, in the order of the page."""

    def test_an_instance_starts_on_the_network_of_that_name(self, controller, told):
        rename(controller, 'workloads', NETWORK)

        assert told(BOOT, NETWORK) == {'port': 'tap'}

    @pytest.mark.parametrize('calls', [OWN_NETWORK, OBJECTS])
    def test_a_test_that_makes_a_router_finds_no_external_network(self, ask, calls):
        assert ask(calls, SNAT).stderr.strip() == 'Cannot find the external network'

    def test_with_an_external_network_all_calls_succeed(self, controller, told):
        do(controller, 'net-create', 'health-check', '--router:external=True',
           '--provider:network_type=local')
        do(controller, 'subnet-create', 'health-check', '198.51.100.0/24',
           '--disable-dhcp')

        assert told(OBJECTS) == {}

    def test_and_yet_felix_learns_of_no_floating_address(self, told):
        said = told(OWN_NETWORK, SNAT)

        assert said['port'] == 'tap' and said['wanted']
        assert said['before'] == []

    def test_nor_does_neutron_associate_one_where_no_router_leads(self, ask):
        assert 'not reachable from subnet' in ask(NAMED_NETWORK, NETWORK).stderr

    def test_on_the_network_that_fuel_made_no_instance_starts(
            self, lab, controller, told):
        rename(controller, NETWORK, 'workloads')
        stock.deploy(controller, lab.fuel.release, ['primary-controller'], {}, True)
        neutron.make_networks(controller, VLAN)
        for task in 'neutron-server', 'networks':
            lab.task('node-1', task)

        assert told(BOOT, 'net04') == {'port': 'binding_failed'}
        rename(controller, 'workloads', NETWORK)


@pytest.fixture(scope='class')
def floating_ips(lab, controller):
    rename(controller, NETWORK, 'workloads')
    for network in 'health-check', 'net04':
        do(controller, 'net-delete', network)
    lab.fuel.settings.update(floating_ips=True, remove_default_networks=False)
    lab.fuel.ready.clear()
    lab.fuel.deploy()
    rename(controller, NETWORK, 'of-fuel')
    rename(controller, 'workloads', NETWORK)


@pytest.mark.usefixtures('floating_ips')
class TestCorePlugin:
    """With floating IPs, in the same environment."""

    def test_all_calls_succeed_and_felix_learns_the_address(self, told):
        said = told(OWN_NETWORK, '{}')

        assert said['port'] == 'tap'
        assert said['before'] == said['wanted']
        assert said['after'] == []

    def test_only_neutron_10_refuses_a_key_of_the_router(self, ask):
        """Neutron of Liberty and Mitaka ignore a key that they do not know."""
        assert 'Unexpected keys supplied: enable_snat' in ask(OWN_NETWORK, SNAT).stderr

    def test_the_router_of_fuel_leads_to_the_network_of_that_name(self, told):
        said = told(NAMED_NETWORK, NETWORK)

        assert said['before'] == said['wanted']
        assert said['after'] == []

    def test_the_objects_of_the_platform_tests_come_and_go(self, told):
        assert told(OBJECTS) == {}

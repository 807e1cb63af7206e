"""What Fuel's health check asks of Neutron, as docs/health-check.md has it.

The calls are those of its tests in their order; of Nova it is the port of an instance.
"""

import contextlib
import json

from lab.fuel import neutron

NETWORK = 'admin_internal_net'
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


def asked(controller, calls, *argv):
    """The Result of a test of the health check."""
    return controller.result(neutron.TARGET + '/bin/python', '-c', PRELUDE + calls,
                             'node-2', *argv)


def told(controller, calls, *argv):
    """What a test of the health check, all of whose calls succeed, tells."""
    result = asked(controller, calls, *argv)
    assert result.status == 0, result.stderr
    return json.loads(result.stdout)


def do(controller, *command):
    """A command of the page."""
    result = neutron.client(controller, *command)
    assert result.status == 0, result.stderr


@contextlib.contextmanager
def named(controller, network, name=NETWORK):
    """A network has another name meanwhile, as the page has an operator rename it."""
    do(controller, 'net-update', network, '--name', name)
    try:
        yield
    finally:
        do(controller, 'net-update', name, '--name', network)

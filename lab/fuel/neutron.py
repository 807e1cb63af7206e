"""A real Neutron on the controller, with the Calico driver, instead of stand-ins.

Neutron 10 (Ocata) is the oldest that the public package index has, and
networking-calico 1.4.3 the driver of etcd's API v2 that works in it.  RabbitMQ
and MariaDB are Debian's, and there is no Keystone.  As with Fuel the driver is
in the plugin's repository, and until then Neutron serves Open vSwitch.
"""

import json
import shutil
from collections import namedtuple
from pathlib import Path

from lab.machine import programs, standins
from lab.network import bird

ENVIRONMENT = bird.PROJECT / '.cache/neutron-py27'
SITE_PACKAGES = 'lib/python2.7/site-packages'
FILES = Path(__file__).with_name('neutron-files')
KIND = 'lab'
FIND = 'import sys; print(sys.base_prefix)'
WHAT_IT_IS = ('Neutron is real: 10.0.7 with networking-calico 1.4.3, RabbitMQ and '
              'MariaDB, without Keystone')
DEBIAN_PACKAGES = ('mariadb-server-core', 'rabbitmq-server')
PACKAGES = (
    # The daemon alone, for neutron-server alone: without users and their passwords.
    standins.Package('mariadb', '1:10.11', 'mariadb-server-core', True),
    standins.Package('neutron-common', '2:10.0.7', '', False),
    standins.Package('neutron-server', '2:10.0.7', 'neutron-plugin-ml2', True),
    standins.Package('python-neutronclient', '1:6.1.1', '', False),
    standins.Package('networking-calico', '2:1.4.3', 'python-etcd', False),
    standins.Package('python-etcd', '1:0.4.4', '', False),
)
# What these packages of the plugin's repository bring; the rest is Fuel's own.
MODULES = {'networking-calico': 'networking_calico*', 'python-etcd': '*etcd*'}
# On a controller.
TARGET = '/usr/lib/neutron'
OPENRC = "export OS_URL='http://127.0.0.1:9696'\nexport OS_TENANT_NAME='admin'\n"
DATABASE = 'mysql+pymysql://neutron@127.0.0.1/neutron'
CREATE = """
import pymysql
pymysql.connect(host='127.0.0.1').cursor().execute(
    'create database neutron character set utf8')
"""
SET_UP = """
target=$1 database=$2 create=$3
install -d /etc/neutron
cp "$target"/etc/neutron/api-paste.ini "$target"/etc/neutron/policy.json /etc/neutron
useradd --system --home-dir /var/lib/neutron --create-home neutron
install -d -o neutron -g neutron /var/log/neutron
"$target/bin/python" -c "$create"
"$target/bin/python" "$target/bin/neutron-db-manage" \\
    --database-connection "$database" upgrade heads
"""
# argv: the predefined networks of astute.yaml, as JSON.
MAKE_NETWORKS = """
import json
import sys
from neutronclient.v2_0.client import Client

neutron = Client(endpoint_url='http://127.0.0.1:9696', auth_strategy='noauth')
physical = {'flat': 'physnet1', 'vlan': 'physnet2'}
subnets = {}
for name, settings in json.loads(sys.argv[1]).items():
    if neutron.list_networks(name=name)['networks']:
        continue
    external, kind = settings['L2']['router_ext'], settings['L2']['network_type']
    network = neutron.create_network({'network': {
        'name': name, 'tenant_id': 'admin', 'router:external': external,
        'provider:network_type': kind,
        'provider:physical_network': physical[kind]}})['network']['id']
    subnets[external] = network, neutron.create_subnet({'subnet': {
        'name': name + '__subnet', 'tenant_id': 'admin', 'network_id': network,
        'ip_version': 4, 'cidr': settings['L3']['subnet'],
        'gateway_ip': settings['L3']['gateway'], 'enable_dhcp': not external,
        'allocation_pools': [dict(zip(('start', 'end'), pool.split(':')))
                             for pool in [settings['L3'].get('floating')] if pool]
    }})['subnet']['id']
if len(subnets) == 2 and not neutron.list_routers(name='router04')['routers']:
    router = neutron.create_router({'router': {
        'name': 'router04', 'tenant_id': 'admin', 'external_gateway_info': {
            'network_id': subnets[True][0]}}})['router']['id']
    neutron.add_interface_router(router, {'subnet_id': subnets[False][1]})
"""
# argv: a host, the names of a workload and of its group; prints the Port made.  The
# group allows ICMP from itself, and SSH.
MAKE_PORT = """
import json
import sys
from neutronclient.v2_0.client import Client

neutron = Client(endpoint_url='http://127.0.0.1:9696', auth_strategy='noauth')
host, name, group = sys.argv[1:]
ours = {'tenant_id': 'admin'}
networks = [one for one in neutron.list_networks(**{'router:external': False})[
    'networks'] if one['provider:network_type'] == 'local' and one['subnets']]
if not networks:
    networks = [neutron.create_network({'network': dict(ours, name='workloads')})[
        'network']]
    neutron.create_subnet({'subnet': dict(
        ours, network_id=networks[0]['id'], ip_version=4, cidr='203.0.113.0/24')})
groups = neutron.list_security_groups(name=group)['security_groups']
if not groups:
    groups = [neutron.create_security_group({'security_group': dict(
        ours, name=group)})['security_group']]
    for rule in ({'protocol': 'icmp', 'remote_group_id': groups[0]['id']},
                 {'protocol': 'tcp', 'port_range_min': 22, 'port_range_max': 22}):
        neutron.create_security_group_rule({'security_group_rule': dict(
            ours, direction='ingress', security_group_id=groups[0]['id'], **rule)})
port = neutron.create_port({'port': dict(
    ours, name=name, network_id=networks[0]['id'], device_id=name,
    device_owner='compute:nova', security_groups=[groups[0]['id']],
    **{'binding:host_id': host})})['port']
print(json.dumps(['tap' + port['id'][:11], port['fixed_ips'][0]['ip_address'],
                  port['mac_address']]))
"""
SECONDS_TO_START = 60


class Port(namedtuple('Port', 'tap address mac')):
    """What Nova plugs a workload with."""


def build(directory):
    """Build the packages; the .deb files, in the place of those of the stand-ins."""
    files = Path(directory) / 'neutron-files'
    # What is in the stand-in beside its neutron.conf.
    shutil.copytree(standins.FILES / 'neutron-common', files / 'neutron-common')
    shutil.copytree(FILES, files, symlinks=True, dirs_exist_ok=True)
    for name, pattern in MODULES.items():
        for path in (ENVIRONMENT / SITE_PACKAGES).glob(pattern):
            shutil.copytree(path, '{}/{}{}/{}/{}'.format(
                files, name, TARGET, SITE_PACKAGES, path.name))
    debs = standins.build(directory, PACKAGES, files, KIND)
    shutil.rmtree(files)
    return debs


def set_up(machine):
    """What Fuel's tasks make on a controller before they install Neutron itself.

    All that it imports, and its database; MariaDB and RabbitMQ run already.
    """
    machine.copy(ENVIRONMENT, TARGET)
    # The driver is not Fuel's.
    machine.run('sh', '-c', 'cd "$1" && shift && rm -r $*', 'sh',
                '{}/{}'.format(TARGET, SITE_PACKAGES), *MODULES.values())
    # Its user has to reach the Python that the environment was made from.
    prefix = programs.run([str(ENVIRONMENT / 'bin/python'), '-c', FIND]).strip()
    machine.run('find', *Path(prefix).parents, '-maxdepth', 0, '!', '-perm', '-o+x',
                '-exec', 'chmod', 'o+x', '{}', '+')
    machine.run('sh', '-euc', SET_UP, 'sh', TARGET, DATABASE, CREATE)


def make_networks(machine, predefined):
    """What Fuel's tasks make in Neutron, where it is missing: networks and a router.

    *predefined* are those of astute.yaml.
    """
    if not programs.eventually(
            lambda: client(machine, 'net-list').status == 0, SECONDS_TO_START, 0.2):
        raise programs.LabError('{}: neutron-server does not answer; see '
                                '/var/log/neutron there'.format(machine.name))
    machine.run(TARGET + '/bin/python', '-c', MAKE_NETWORKS, json.dumps(predefined))


def add_port(machine, host, name, group):
    """The Port of the workload *name* on *host*, in a security group, as Nova asks."""
    return Port(*json.loads(machine.run(
        TARGET + '/bin/python', '-c', MAKE_PORT, host, name, group)))


def remove_port(machine, name):
    """As Nova does when somebody deletes the workload *name*."""
    result = client(machine, 'port-delete', name)
    if result.status:
        raise programs.LabError('{}: {}'.format(machine.name, result.stderr.strip()))


def client(machine, *argv):
    """The Result of Neutron's command line client on a controller."""
    return machine.result(
        'bash', '-c', '. /root/openrc && exec neutron "$@"', 'neutron', *argv)

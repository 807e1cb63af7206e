"""Nodes as the versions 1.0 (Fuel 6.1) and 2.0 (Fuel 7.0) of the plugin leave them.

Facts of openstack/fuel-plugin-calico, branches 6.1 and 7.0, and of Calico 1.2's
configuration of BIRD.  Debian's scripts start what upstart started there.
"""

from lab.fuel import stock
from lab.machine import standins

MONITOR = 'calico-fuel-monitor'
AS_NUMBER = 64511
# Each run of its scripts opened them once more.
OPEN_TWICE = {'controller': (179, 2379, 2380, 4001), 'compute': (179,)}
RULE = '-p tcp -m tcp --dport {} -j ACCEPT'
PINS = '/etc/apt/preferences.d/calico-fuel'
PIN = 'Package: *\nPin: origin binaries.projectcalico.org\nPin-Priority: {}\n'
PACKAGES = {
    'controller': ('bird', 'etcd', 'calico-control', 'iptables-persistent'),
    'compute': ('bird', 'etcd', 'calico-felix', 'iptables-persistent')}
REFLECTOR = '''\
log syslog all;
router id {address};
debug protocols all;
protocol device {{ scan time 2; }}
'''
CLIENT = '''\
protocol bgp {{
  description "{peer}";
  local as {number};
  neighbor {peer} as {number};
  multihop;
  rr client;
  rr cluster id 1.2.3.4;
  import all;
  export all;
  source address {address};
}}
'''
COMPUTE = '''\
log syslog all;
router id {address};
filter of_workloads {{ if ifname ~ "tap*" then accept; reject; }}
protocol kernel {{
  learn;
  persist;
  scan time 2;
  import all;
  graceful restart;
  export all;
}}
protocol device {{ scan time 2; }}
protocol direct {{ interface "eth*", "br-mgmt"; }}
'''
SERVER = '''\
protocol bgp 'N{peer}' {{
  local as {number};
  neighbor {peer} as {number};
  multihop;
  import all;
  graceful restart;
  export filter of_workloads;
  next hop self;
  source address {address};
}}
'''
# Its upstart job gives these as options; here Debian's script reads variables.
MEMBER = '''\
ETCD_NAME="{0}"
ETCD_DATA_DIR="/var/lib/etcd"
ETCD_ENABLE_V2="true"
ETCD_ADVERTISE_CLIENT_URLS="http://{0}:2379,http://{0}:4001"
ETCD_LISTEN_CLIENT_URLS="http://0.0.0.0:2379,http://0.0.0.0:4001"
ETCD_LISTEN_PEER_URLS="http://0.0.0.0:2380"
ETCD_INITIAL_ADVERTISE_PEER_URLS="http://{0}:2380"
ETCD_INITIAL_CLUSTER_TOKEN="fuel-cluster-1"
ETCD_INITIAL_CLUSTER="{1}"
ETCD_INITIAL_CLUSTER_STATE="new"
'''
PROXY = '''\
ETCD_PROXY="on"
ETCD_DATA_DIR="/var/lib/etcd"
ETCD_LISTEN_CLIENT_URLS="http://127.0.0.1:4001"
ETCD_ADVERTISE_CLIENT_URLS="http://127.0.0.1:7001"
ETCD_INITIAL_CLUSTER="{1}"
'''


def deploy(environment):
    """Fuel's own deployment of the nodes of a lab's *environment*, and that plugin."""
    controllers = [m.machine.address for m in environment.members.values()
                   if m.is_controller]
    computes = [m.machine.address for m in environment.members.values()
                if not m.is_controller]
    for name, member in environment.members.items():
        machine = member.machine
        kind = 'controller' if member.is_controller else 'compute'
        environment.deploy_stock(name)
        stock.add_plugin_repository(machine, environment.source, environment.release)
        machine.run('apt-get', '-qq', '-y', 'install', *PACKAGES[kind],
                    env={'DEBIAN_FRONTEND': 'noninteractive'})
        # It has package sources of its own, on the internet.
        machine.run('sh', '-c', 'rm /etc/apt/sources.list.d/* /etc/apt/preferences.d/*')
        pin = PIN.format(1100 if environment.release == '6.1' else 1200)
        machine.write(PINS, pin + pin)
        open_ports(machine, OPEN_TWICE[kind])
        cluster = ','.join('{0}=http://{0}:2380'.format(a) for a in controllers)
        settings = MEMBER if member.is_controller else PROXY
        machine.write('/etc/default/etcd', settings.format(machine.address, cluster))
        machine.write('/etc/bird/bird.conf', bird_conf(
            machine.address, controllers, computes))
        for service in 'etcd', 'bird':
            machine.run('service', service, 'restart')
        if member.is_controller:
            start_monitor(machine)


def bird_conf(address, controllers, computes):
    """bird.conf of the node with *address*, which peers with all of the other kind."""
    begin, session, peers = (
        (REFLECTOR, CLIENT, computes) if address in controllers else
        (COMPUTE, SERVER, controllers))
    return begin.format(address=address) + ''.join(
        session.format(address=address, peer=peer, number=AS_NUMBER)
        for peer in peers)


def open_ports(machine, ports):
    for port in ports * 2:
        machine.run('iptables', '-I', 'INPUT', *RULE.format(port).split())
    machine.write('/etc/iptables/rules.v4', machine.run('iptables-save'))


def start_monitor(machine):
    """A job that the plugin has brought itself; a script starts it here."""
    machine.run('mkdir', '-p', '/var/log/standin')
    machine.run('ln', '-s', '/bin/sleep', '/usr/bin/' + MONITOR)
    machine.write('/etc/init.d/' + MONITOR, standins.SERVICE.format(
        name=MONITOR, arguments='infinity'), 0o755)
    machine.write('/etc/init/{}.conf'.format(MONITOR), 'respawn\n')
    machine.run('service', MONITOR, 'start')

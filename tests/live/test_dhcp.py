"""What rootwrap and dnsmasq do is what verify and the rendered files say."""

import subprocess
import sys

import pytest

from calico_fuel import render, system
from calico_fuel.calico import dhcp
from lab.fuel import neutron
from lab.machine.programs import eventually
from lab.network import bird, fabric
from tests.unit.builders import environment

ROOTWRAP = neutron.ENVIRONMENT / 'bin/neutron-rootwrap'
UNAUTHORIZED = 99
# Of Neutron itself, some of which come with each of its packages.
FILTERS = neutron.ENVIRONMENT / 'etc/neutron/rootwrap.d'
DNSMASQ = bird.PROJECT / '.cache/dnsmasq/usr/sbin/dnsmasq'
# Sends a DHCPDISCOVER that asks for no option; prints option 26 of the offer.
CLIENT = r'''
import fcntl, socket, struct
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
wire.bind(('', 68))
wire.settimeout(1)
name = struct.pack('256s', b'eth0')
mac = fcntl.ioctl(wire.fileno(), 0x8927, name)[18:24]
wire.sendto(struct.pack('!4BI2xH16x6s10x192x4s4s', 1, 1, 6, 0, 7, 0x8000, mac,
                        b'\x63\x82\x53\x63', b'\x35\x01\x01\xff'),
            ('255.255.255.255', 67))
options = wire.recv(2000)[240:]
while options[0] != 255:
    if options[0] == 26:
        print(struct.unpack('!H', options[2:4])[0])
    options = options[2 + options[1]:]
'''


@pytest.mark.parametrize('names, is_allowed', [
    (['dhcp'], True), (['l3', 'ebtables', 'iptables-firewall'], False), ([], False)])
def test_rootwrap_starts_dnsmasq_where_verify_says_so(
        tmp_path, demand, names, is_allowed):
    demand(programs=[str(ROOTWRAP)])
    (tmp_path / 'dnsmasq').symlink_to('/bin/true')
    directory = tmp_path / 'rootwrap.d'
    directory.mkdir()
    for name in names:
        (directory / (name + '.filters')).write_bytes(
            (FILTERS / (name + '.filters')).read_bytes())
    conf = tmp_path / 'rootwrap.conf'
    conf.write_text('[DEFAULT]\nfilters_path={},/usr/share/none\n'
                    'exec_dirs={}\n'.format(directory, tmp_path))

    done = subprocess.run([str(ROOTWRAP), str(conf), 'dnsmasq'],
                          capture_output=True, text=True)

    directories = dhcp.filter_directories(conf.read_text())
    check = dhcp.may_start(directories, [
        system.read('{}/{}'.format(one, name)) for one in directories
        for name in system.names_in(one)])
    assert (done.returncode == UNAUTHORIZED) == check.is_problem == (not is_allowed)
    assert is_allowed or 'Unauthorized command: dnsmasq' in done.stderr


def test_dnsmasq_tells_instances_the_mtu_that_their_taps_have(lab_run, demand):
    """Started as Neutron's agent does; on Mitaka that would tell 1500 by itself."""
    demand(programs=[str(DNSMASQ)])
    network = fabric.Fabric(lab_run)
    node = network.add_node('node-2', '192.0.2.12')
    instance, tap = network.plug_workload('vm', node, '203.0.113.7')
    node.configure('address add 203.0.113.1/24 dev ' + tap)
    hosts, conf = lab_run.directory / 'hosts', lab_run.directory / 'dnsmasq.conf'
    hosts.write_text('{},203.0.113.7\n'.format(fabric.mac('203.0.113.7')))
    conf.write_text(render.dnsmasq_conf(environment(uid='2', instance_mtu='1400')))
    lab_run.start(node.inside(
        DNSMASQ, '--keep-in-foreground', '--no-hosts', '--no-resolv', '--strict-order',
        '--user=root', '--pid-file', '--bind-dynamic', '--interface=' + tap,
        '--except-interface=lo', '--leasefile-ro', '--dhcp-hostsfile={}'.format(hosts),
        '--dhcp-range=set:tag0,203.0.113.0,static,86400s',
        '--dhcp-option-force=option:mtu,1500', '--conf-file={}'.format(conf)),
        lab_run.directory / 'dnsmasq.log')

    assert eventually(lambda: instance.run(
        sys.executable, '-c', CLIENT, check=False)) == '1400\n'

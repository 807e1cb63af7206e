"""An instance advertises itself as an IPv6 router to its host (RFC 4861)."""

import sys

from lab.machine.programs import eventually
from lab.network import fabric

# Type 134, lifetime 1800 s, and the option 3: a prefix for addresses on the link.
ADVERTISE = """
import ipaddress, socket, struct
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
raw.sendto(struct.pack('!BBHBBHII', 134, 0, 0, 64, 0, 1800, 0, 0)
           + struct.pack('!BBBBIII', 3, 4, 64, 0xC0, 1800, 1800, 0)
           + ipaddress.ip_address("2001:db8:bad::").packed, ("ff02::1", 0, 0, 2))
"""
# The settings for IPv6 of the task "compute", with its files elsewhere.
CLOSE = """
import sys
from calico_fuel import system
from calico_fuel.resources import sysctl
from calico_fuel.tasks import compute
sysctl.DIRECTORY = sys.argv[1]
for one in compute.SYSCTLS:
    if 'ipv6' in one.key:
        one.change(system)
"""


def plug(network, node, name):
    instance, tap = network.plug_workload(name, node, '203.0.113.21')
    assert eventually(lambda: 'fe80:' in instance.run(
        'ip', '-6', 'address', 'show', 'dev', 'eth0', 'scope', 'link', '-tentative'))
    return instance, tap


def takes(node, instance, tap, timeout):
    """Whether the host gets an address of the advertised network."""
    def has_address():
        instance.run(sys.executable, '-c', ADVERTISE)
        return '2001:db8:bad:' in node.run('ip', '-6', 'address', 'show', 'dev', tap)
    return eventually(has_address, timeout)


def test_a_host_takes_no_address_of_an_instance_that_runs_or_comes(lab_run):
    network = fabric.Fabric(lab_run)
    node = network.add_node('node-2', '192.0.2.12')
    running = plug(network, node, 'running')
    assert takes(node, *running, timeout=30)
    node.run('ip', '-6', 'address', 'flush', 'dev', running[1], 'scope', 'global')

    node.run(sys.executable, '-c', CLOSE, lab_run.directory)

    assert not takes(node, *running, timeout=2)
    assert not takes(node, *plug(network, node, 'new'), timeout=2)

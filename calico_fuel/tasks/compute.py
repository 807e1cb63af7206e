"""Routing, DHCP, metadata and Felix on computes."""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel.bgp import reachable
from calico_fuel.fuel import mtu
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.openstack import options
from calico_fuel.openstack.ovs_bridge import Bridge
from calico_fuel.packages.package import Package
from calico_fuel.resources.file import File
from calico_fuel.resources.options import Options
from calico_fuel.resources.service import Disabled, Service, is_installed
from calico_fuel.resources.sysctl import Sysctl
from calico_fuel.resources.tap_sysctl import TapSysctl
from calico_fuel.tasks import bgp, etcd, firewall, gateway, packages

INTEGRATION_BRIDGE = 'br-int'
LIBVIRT_HOOK = '/etc/libvirt/hooks/qemu'
NEUTRON_DHCP_AGENT = 'neutron-dhcp-agent'
SYSCTLS = (
    Sysctl('net.ipv4.ip_forward', '1'),
    # Felix sets the strict check on each tap, and does not start if the node's is
    # loose (2).
    Sysctl('net.ipv4.conf.all.rp_filter', '1', others=('0',)),
    # An instance could give its host an IPv6 address and routes (RFC 4861, RFC 4862).
    TapSysctl('net.ipv6.conf', 'accept_ra', '0'),
)


def resources(environment, node, system):
    if not node.is_compute:
        return []
    return (reachable.resources(environment, node)
            + list(SYSCTLS)
            + [firewall.internal(environment), firewall.dhcp_checksums()]
            + etcd.resources(environment, node, system)
            + bgp.speaker(environment, node, system)
            + nova(environment, node, system)
            + dhcp_agent(environment, node)
            + felix()
            + integration_bridge(environment)
            + gateway.resources(environment, node, system))


def nova(environment, node, system):
    """libvirt, nova-compute, and the metadata API of this node."""
    conf = Options(options.NOVA_CONF,
                   options.options_of(environment, node, options.NOVA_CONF))
    qemu = Options(options.QEMU_CONF,
                   options.options_of(environment, node, options.QEMU_CONF))
    hook = libvirt_hook(environment, system)
    return [qemu] + hook + [
        Service(libvirt(system), tuple([qemu] + hook)),
        conf, Service('nova-compute', (conf, Package('nova-compute'))),
    ] + metadata_api(environment, node, conf)


def libvirt(system):
    """The name of libvirt's service: libvirtd with the packages of MOS 7.0 and
    newer, libvirt-bin with those of MOS 6.1 and of Ubuntu."""
    return 'libvirtd' if is_installed(system, 'libvirtd') else 'libvirt-bin'


def libvirt_hook(environment, system):
    """What gives taps another MTU than 1500.

    Nova does so in Liberty only: those of Juno and Kilo, with Calico's patches, give a
    tap none, and that of Mitaka gives it what Neutron has of the network, which is 1500
    for type local.  libvirt starts no instance without a hook that it has seen before:
    so one of ours stays, also for 1500.  One of others is not touched.
    """
    there = system.read_if_exists(LIBVIRT_HOOK)
    is_needed = (PLUGIN_NAME in there if there
                 else environment.instance_mtu != mtu.DEFAULT)
    return [File(LIBVIRT_HOOK, render.libvirt_hook(environment),
                 0o755)] if is_needed else []


def metadata_api(environment, node, conf):
    """A controller that is a compute too has its nova-api on that port already."""
    if node.is_controller:
        return []
    name = packages.metadata_api(environment)
    return [Service(name, (conf, Package(name)))]


def dhcp_agent(environment, node):
    """One DHCP agent: Neutron's, which Calico patches up to Kilo, or Calico's."""
    name = dhcp_service(environment)
    # Neutron's package has the filter with which either agent starts dnsmasq.
    watched = tuple(Package(one) for one in sorted(set((name, NEUTRON_DHCP_AGENT))))
    other, path = [], options.DHCP_AGENT_CONF
    if name != NEUTRON_DHCP_AGENT:
        other, path = [Disabled(NEUTRON_DHCP_AGENT)], options.NEUTRON_CONF
    conf = Options(path, options.options_of(environment, node, path))
    of_dnsmasq = File(render.DNSMASQ_CONF, render.dnsmasq_conf(environment), 0o644)
    return other + [of_dnsmasq, conf, Service(name, (of_dnsmasq, conf) + watched)]


def dhcp_service(environment):
    return NEUTRON_DHCP_AGENT if options.has_patched_dhcp_agent(environment) else (
        'calico-dhcp-agent')


def integration_bridge(environment):
    """Fuel 9's Puppet waits for this bridge, but its agents' tasks are skipped."""
    return [Bridge(INTEGRATION_BRIDGE)] if environment.is_of_fuel_9 else []


def felix():
    configuration = File(render.FELIX_CFG, render.felix_cfg(), 0o644)
    return [configuration,
            Service('calico-felix', (configuration, Package('calico-felix')))]

"""The options wanted in the files of Neutron, Nova and libvirt.

Data for the tasks that converge a node; nothing here changes a file.  Only the
options are named that Calico needs with other values than Fuel's.  Puppet writes single
options, so others survive its next run.

Sources: Calico 1.0-1.4 installation guide for OpenStack, networking-calico
1.3, Fuel library 6.1-9.2.  A controller's are tested with Neutron 10 (Ocata)
and networking-calico 1.4.3.
"""

from __future__ import unicode_literals

from calico_fuel.fuel.model import CORE_PLUGIN_RELEASES

NEUTRON_CONF = '/etc/neutron/neutron.conf'
ML2_CONF = '/etc/neutron/plugins/ml2/ml2_conf.ini'
DHCP_AGENT_CONF = '/etc/neutron/dhcp_agent.ini'
NOVA_CONF = '/etc/nova/nova.conf'
QEMU_CONF = '/etc/libvirt/qemu.conf'
DNSMASQ_CONF = '/etc/neutron/calico-fuel-dnsmasq.conf'

# An option with this value has to be removed from the file.
ABSENT = None

# Up to Kilo Calico patches Neutron's own DHCP agent; from Liberty on it has
# calico-dhcp-agent, which reads only neutron.conf.
PATCHED_DHCP_AGENT = ('juno', 'kilo')

# As Fuel writes it.
ML2_PLUGIN = 'neutron.plugins.ml2.plugin.Ml2Plugin'
# Calico's is ML2 with its own driver and the extension "router".  A second plugin with
# that extension stops neutron-server, and Fuel's others (metering, qos) need agents
# that Calico does not have.  The extension "dns" of Fuel 9.2 calls methods that
# Calico's plugin lacks, so no floating IP could be created (Mitaka, l3_db).
CALICO_PLUGIN = {'core_plugin': 'calico', 'service_plugins': ABSENT}
EXTENSIONS_OF_MITAKA = 'port_security'

# Fuel 9 writes it in tasks after which none of ours may run. Calico accepts any.
LOCKS = {'lock_path': '/var/lib/neutron/lock'}
CALICO_SECTION = {'etcd_host': '127.0.0.1', 'etcd_port': '4001'}

# libvirt's own list with /dev/net/tun added: up to libvirt 1.3.2 QEMU itself opens the
# tap of an interface of type=ethernet.  It needs no root for that: Nova (2014.2 and
# 2015.1 with Calico's patches, 12, 13) creates the tap before, and without an owner.
CGROUP_DEVICES = (
    '/dev/null', '/dev/full', '/dev/zero', '/dev/random', '/dev/urandom',
    '/dev/ptmx', '/dev/kvm', '/dev/kqemu', '/dev/rtc', '/dev/hpet',
    '/dev/net/tun')


def wanted_options(environment, node):
    """Path -> section -> option -> value as text, or ABSENT.

    qemu.conf has no sections: its options stand under ''.
    """
    wanted = {}
    if node.is_controller:
        _add(wanted, _controller(environment.openstack_release))
        if environment.openstack_release in CORE_PLUGIN_RELEASES:
            _add(wanted, _core_plugin(environment))
    if node.is_compute:
        _add(wanted, _compute(environment.openstack_release))
        _add(wanted, _mtu(environment))
        if environment.openstack_release == 'kilo' and not node.is_controller:
            # There nova-api serves metadata on computes, and nothing else.
            _add(wanted, {NOVA_CONF: {'DEFAULT': {'enabled_apis': 'metadata'}}})
    return wanted


def options_of(environment, node, path):
    """The wanted (section, option, value) of one file, in a stable order."""
    return tuple(
        (section, option, value)
        for section, options in sorted(
            wanted_options(environment, node).get(path, {}).items())
        for option, value in sorted(options.items()))


def calico_plugin(release):
    """What Calico as the core plugin needs, as ``wanted_options`` returns it."""
    files = {NEUTRON_CONF: {'DEFAULT': CALICO_PLUGIN}}
    if release == 'mitaka':
        files[ML2_CONF] = {'ml2': {'extension_drivers': EXTENSIONS_OF_MITAKA}}
    return files


def has_patched_dhcp_agent(environment):
    """Whether the DHCP agent is Neutron's own, patched, or calico-dhcp-agent."""
    return environment.openstack_release in PATCHED_DHCP_AGENT


def _add(wanted, files):
    for path, sections in files.items():
        for section, options in sections.items():
            wanted.setdefault(path, {}).setdefault(section, {}).update(options)


def _controller(release):
    default = {
        # Felix reports every 30 s; with Fuel's 15 s it would flap.
        'agent_down_time': '60',
        'allow_automatic_l3agent_failover': 'False',
        'l3_ha': 'False',
        'router_distributed': 'False',
    }
    if release in PATCHED_DHCP_AGENT:
        # One DHCP agent on every compute, however many there will be.
        default['dhcp_agents_per_network'] = '1000'
    neutron = {'DEFAULT': default, 'calico': CALICO_SECTION}
    if release not in PATCHED_DHCP_AGENT:
        neutron['oslo_concurrency'] = LOCKS
    return {
        NEUTRON_CONF: neutron,
        ML2_CONF: {
            'ml2': {
                'mechanism_drivers': 'calico',
                'type_drivers': 'local,flat',
                'tenant_network_types': 'local',
            },
            'ml2_type_flat': {'flat_networks': '*'},
            'securitygroup': {'enable_security_group': 'True'},
        },
    }


def _core_plugin(environment):
    if not environment.has_floating_ips:
        return {NEUTRON_CONF: {'DEFAULT': {'core_plugin': ML2_PLUGIN}}}
    return calico_plugin(environment.openstack_release)


def _compute(release):
    files = {
        NOVA_CONF: {
            'DEFAULT': {
                'linuxnet_interface_driver': ABSENT,
                'linuxnet_ovs_integration_bridge': ABSENT,
            },
            # The compute's own metadata API answers; no Neutron proxy does.
            'neutron': {'service_metadata_proxy': 'False'},
        },
        QEMU_CONF: {'': {
            'cgroup_device_acl': '[{}]'.format(', '.join(
                '"{}"'.format(path) for path in CGROUP_DEVICES)),
        }},
    }
    if release in PATCHED_DHCP_AGENT:
        files[DHCP_AGENT_CONF] = {'DEFAULT': {
            'interface_driver':
                'neutron.agent.linux.interface.RoutedInterfaceDriver',
            'use_namespaces': 'False',
        }}
    else:
        files[NEUTRON_CONF] = {
            'calico': CALICO_SECTION,
            'oslo_concurrency': LOCKS,
        }
    return files


def _mtu(environment):
    """The MTU of taps, and how DHCP tells instances the same.

    Neutron itself would tell what it has of a network: of one of type local no MTU
    (2015.1, Liberty), or 1500 (Mitaka); 2014.2 has no such option and ignores it.
    """
    dhcp_agent = (DHCP_AGENT_CONF if has_patched_dhcp_agent(environment)
                  else NEUTRON_CONF)
    return {
        # Fuel writes 65000, for ports of Open vSwitch.
        NOVA_CONF: {'DEFAULT': {
            'network_device_mtu': '{}'.format(environment.instance_mtu)}},
        dhcp_agent: {'DEFAULT': {
            'advertise_mtu': 'False', 'dnsmasq_config_file': DNSMASQ_CONF}},
    }

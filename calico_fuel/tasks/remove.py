"""Remove the plugin from this node, and restore the files that it changed.

Fuel does not run this task, an operator does.  The next run of the other tasks, by Fuel
or by hand, sets everything up again.
"""

from __future__ import unicode_literals

from calico_fuel import render, roles
from calico_fuel.bgp import bird
from calico_fuel.bgp.bird_service import NoBird
from calico_fuel.bgp.local_files import PINNED
from calico_fuel.etcd import certificates, settings as etcd_settings
from calico_fuel.etcd.leaving import step_of_leaver
from calico_fuel.openstack import core_plugin, options
from calico_fuel.openstack.pacemaker import Startable
from calico_fuel.resources import deployed_settings
from calico_fuel.resources.base import Message
from calico_fuel.resources.file import File, NoFile
from calico_fuel.resources.firewall import NoChain
from calico_fuel.resources.restored import no_copies, restored_files, restored_options
from calico_fuel.resources.service import Disabled, Service, is_installed
from calico_fuel.tasks import (
    bgp, cleanup, command, compute, cron, etcd, firewall, gateway, neutron_server,
    packages)

OPTION_FILES = (options.NEUTRON_CONF, options.ML2_CONF, options.DHCP_AGENT_CONF,
                options.NOVA_CONF, options.QEMU_CONF)


def resources(environment, node, system, with_etcd_data=False):
    if not roles.has_calico_role(environment, node):
        return []
    wanted = (
        # First, because it would set everything up again.
        [NoFile(path) for path in (
            render.CRON_FILE, deployed_settings.PATH, cron.METRICS_FILE, PINNED)]
        # Before BIRD stops: with the override upstart kills BIRD, as for a restart.
        + restored_files(system, render.BIRD_OVERRIDE)
        + daemons(environment, node)
        + etcd_of(environment, node, system, with_etcd_data)
        + [NoChain(*firewall.BGP), NoChain(*firewall.BFD), NoChain(*firewall.DHCP),
           NoChain(*firewall.INTERNAL)]
        + cleanup.saved_rules(node)
        + restored_files(system, bird.BIRD_CONF, render.BIRD_LOCAL_README,
                         render.FELIX_CFG, render.DNSMASQ_CONF, packages.PREFERENCES)
        + [NoFile(sysctl.file) for sysctl in compute.SYSCTLS + (bgp.SOCKET_OPTIONS,)]
        + hiera_override(environment)
        + gateway.none(system)
        + options_before(environment, node, system)
        + agents(environment, node, system)
        # Remembered, because instances may get ports now.
        + [File(core_plugin.PATH, core_plugin.ML2, 0o644)
           for _ in core_plugin.resources(environment, node)]
        + what_stays(environment, node)
        + [NoFile(command.MAN_PAGE), NoFile(command.COMPLETION)])
    # The command last, because a removal that fails has to be run again.
    return wanted + [no_copies(wanted), NoFile(command.COMMAND)]


def hiera_override(environment):
    return [NoFile(render.HIERA_OVERRIDE)] if environment.is_of_fuel_9 else []


def daemons(environment, node):
    """BIRD first: it withdraws its routes from its neighbors at once."""
    names = []
    if node.is_compute:
        names += ['calico-felix', 'calico-dhcp-agent', 'neutron-dhcp-agent']
    if node.is_compute and not node.is_controller:
        names.append(packages.metadata_api(environment))
    return [NoBird('bird')] + [Disabled(name) for name in names]


def etcd_of(environment, node, system, with_data):
    if not roles.uses_etcd(environment, node):
        return []
    is_member = roles.is_etcd_member(environment, node) or system.exists(
        etcd_settings.MEMBER_DIR)
    if is_member and not with_data:
        return [_stays('the etcd member with its data, its settings and its firewall '
                       'chains: other nodes may need it. --with-etcd-data removes all '
                       'of it')]
    leave = etcd.leaving(etcd.local(
        environment, node, system)[0], system, step_of_leaver) if is_member else []
    return leave + [
        Disabled(etcd.SERVICE), certificates.NoCertificate(), NoChain(*firewall.ETCD),
        NoChain(*firewall.ETCD_USERS),
    ] + restored_files(system, etcd_settings.JOB, render.ETCD_ENVIRONMENT)


def options_before(environment, node, system):
    """The former options, and the services that load them."""
    found = core_plugin.options_of_ml2(environment, system)
    for path, of_path in [(path, options.options_of(environment, node, path))
                          for path in OPTION_FILES] + [
            neutron_server.ENVIRONMENT[:2], (bgp.ENVVARS, (bgp.ARGUMENTS,))]:
        found += restored_options(system, path, of_path)
    found += restored_files(system, compute.LIBVIRT_HOOK)
    services = []
    if node.is_controller:
        services.append((neutron_server.SERVICE, (
            options.NEUTRON_CONF, options.ML2_CONF, neutron_server.ENVIRONMENT.path)))
    if node.is_compute:
        services += [
            (compute.libvirt(system), (options.QEMU_CONF, compute.LIBVIRT_HOOK)),
            ('nova-compute', (options.NOVA_CONF,))]
    watched = [(name, tuple(one for one in found if one.path in paths))
               for name, paths in services]
    return found + [Service(name, files) for name, files in watched if files]


def agents(environment, node, system):
    """The agents of the layer-2 set-up, if ``cleanup`` had stopped them."""
    if not environment.settings.cleanup_ovs:
        return []
    if node.is_controller:
        return [Startable(cleanup.PRIMITIVES)]
    return [Service(name, ()) for name in cleanup.SERVICES
            if is_installed(system, name)]


def what_stays(environment, node):
    stays = ['the packages {}'.format(', '.join(packages.names(environment, node)))]
    if node.is_compute:
        stays.append("Felix's firewall chains and routes of instances, and the values "
                     'of {}: until the next boot'.format(', '.join(
                         sysctl.key for sysctl in compute.SYSCTLS)))
    if roles.is_route_reflector(environment, node):
        stays.append('the value of {}: until the next boot'.format(
            bgp.SOCKET_OPTIONS.key))
    if environment.settings.cleanup_ovs:
        stays.append('Open vSwitch bridges that were removed: up to Fuel 9.0 the next '
                     'boot makes them, later releases have Linux bridges in their '
                     'place')
    if environment.is_of_fuel_9:
        stays.append("the agents, layer-2 networks and routers that Fuel's tasks have "
                     'left out: no deployment of this environment makes them')
    if 'primary-controller' in node.roles:
        stays.append('networks, ports and records of agents in Neutron, and the keys '
                     'of Calico in etcd')
    return [_stays(what) for what in stays]


def _stays(what):
    return Message('not restored: ' + what)

"""The packages of a node, from the plugin's own repository.

The command calico-fuel comes first: the messages say to run it if they fail.
"""

from __future__ import unicode_literals

import re

from calico_fuel import __version__, roles
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.openstack import options
from calico_fuel.packages.package import Packages
from calico_fuel.resources.file import File, NoFile
from calico_fuel.tasks import command, earlier_plugin

SOURCES, PINS = '/etc/apt/sources.list.d', '/etc/apt/preferences.d'
# apt reads names that end in .pref or have no dot. Fuel's own file has the
# version in its name, and Fuel 9.0 writes none.
PREFERENCES = PINS + '/calico-fuel-plugin.pref'
# As high as Fuel's own (REPO_PRIORITIES of Nailgun); MOS has 1050.
PRIORITY = 1100
# What Calico's packages depend on and nothing of OpenStack does; the plugin's
# repository has it, too.
BROUGHT_ALONG = (
    'calico-common', 'networking-calico', 'python-datrie', 'python-etcd',
    'python-ijson', 'python-posix-spawn', 'python-prometheus-client')


def resources(environment, node, system):
    wanted = names(environment, node)
    if not wanted:
        return []
    return (command.resources()
            + earlier_plugin.leftovers(system)
            + of_other_versions(system)
            + [File(PREFERENCES, preferences(wanted), 0o644),
               Packages(wanted, environment.fuel_release)])


def of_other_versions(system):
    """Remove the sources and pins that Fuel wrote for other versions of the plugin.

    Their names have the whole version up to Fuel 9.1, X.Y of it in 9.2, and Fuel never
    removes them.  They stay if there is no source of this version.
    """
    current = tuple('{}-{}'.format(PLUGIN_NAME, version) for version in (
        __version__, __version__.rpartition('.')[0]))
    if not any(system.exists('{}/{}.list'.format(SOURCES, name)) for name in current):
        return []
    return [NoFile('{}/{}'.format(directory, name))
            for directory, ending in ((SOURCES, 'list'), (PINS, 'pref'))
            for name in system.names_in(directory)
            if re.match(r'{}-\d+(?:\.\d+)+\.{}\Z'.format(PLUGIN_NAME, ending), name)
            and name.rpartition('.')[0] not in current]


def names(environment, node):
    """The packages of *node*, sorted; () on a node without a Calico role.

    Not calico-compute, which depends on those of a compute: each configuration of it
    (an upgrade too) appends to /etc/sysctl.conf and saves all current chains, also
    Felix's, in rules.v4 (networking-calico 1.0-3.12).
    """
    wanted = set()
    if roles.has_calico_role(environment, node):
        # At boot it loads the rules that open the ports of BGP and etcd.
        wanted.add('iptables-persistent')
    if roles.speaks_bgp(environment, node):
        wanted.add('bird')
    if roles.uses_etcd(environment, node):
        wanted.add('etcd')
    if node.is_controller:
        wanted.update(_of_controller(environment))
    if node.is_compute:
        wanted.update(_of_compute(environment, node))
    return tuple(sorted(wanted))


def _of_controller(environment):
    yield 'calico-control'
    # The driver works only with Calico's build of it, which replaces any other one.
    yield 'python-etcd'
    if options.has_patched_dhcp_agent(environment):
        yield 'neutron-server'


def _of_compute(environment, node):
    yield 'calico-felix'
    yield 'calico-common'
    # Felix calls both; some builds of its package do not depend on them.
    yield 'conntrack'
    yield 'ipset'
    # Calico's build has the DHCP fixes that Trusty's 2.68 lacks.
    yield 'dnsmasq-base'
    # Up to Kilo it serves, patched. From Liberty on it is disabled, and its rootwrap
    # filters let Calico's agent start dnsmasq.
    yield 'neutron-dhcp-agent'
    if options.has_patched_dhcp_agent(environment):
        # Up to Kilo Nova knows no interface without a bridge but for Calico's
        # patch. What has to be in the same version comes along.
        yield 'nova-compute'
    else:
        yield 'calico-dhcp-agent'
    if not node.is_controller:
        # On a controller nova-api answers at the same port already.
        yield metadata_api(environment)


def metadata_api(environment):
    """The package that serves metadata on a compute; MOS 7.0 has no other."""
    return 'nova-api' if environment.openstack_release == 'kilo' else (
        'nova-api-metadata')


def preferences(wanted):
    """A pin for the plugin's packages, and for no other of any source.

    apt_preferences(5); the label is what fuel-plugin-builder writes into the
    repository's Release file.
    """
    return (
        'Explanation: Written by calico-fuel-plugin: its packages come from its\n'
        'Explanation: own repository.\n'
        'Package: {}\n'
        'Pin: release l={}\n'
        'Pin-Priority: {}\n'.format(
            ' '.join(sorted(set(wanted) | set(BROUGHT_ALONG))), PLUGIN_NAME, PRIORITY))

"""Check whether this deployment can work; report all problems, change nothing.

Fuel runs it before it configures anything: a new node has neither its networks nor a
package of Calico.
"""

from __future__ import unicode_literals

import posixpath
import re

from calico_fuel import render, roles
from calico_fuel.bgp import bird, route_policy
from calico_fuel.checks import complaint, fault, said
from calico_fuel.codes.node import (
    APT_FAILS, ENVIRONMENT_UNFIT, LOCK_MISSING, NOT_RENDERED, PACKAGE_MISSING,
    SETTING_WRONG)
from calico_fuel.errors import (
    CalicoFuelError, CommandError, MetadataError, NodeError, NotInstalledError,
    SettingsError)
from calico_fuel.fuel import secret
from calico_fuel.openstack import core_plugin
from calico_fuel.packages import apt, lock_file, package
from calico_fuel.tasks import addressing, packages

SEGMENTATION = 'vlan'
BIRD_DIRECTORY = posixpath.dirname(bird.BIRD_CONF)


def checks_of(environment, node, system):
    """Checks of the environment, the settings, and this node."""
    if not roles.has_calico_role(environment, node):
        return _of_environment(environment) + [
            said('{} has no Calico role: there is nothing to do on it'.format(
                node.name))]
    try:
        wanted = _packages_to_install(environment, node, system)
    except NotInstalledError:
        wanted, about_packages = None, [
            said('There is no apt here: the packages are not checked')]
    except CommandError as error:
        wanted, about_packages = None, [complaint(
            APT_FAILS,
            'apt cannot list its packages: {}. Fix the package sources of the node '
            'and deploy again'.format(error.args[0]))]
    else:
        about_packages = _about_packages(environment, system, *wanted)
    return (_of_environment(environment)
            + _about_core_plugin(environment, node, system)
            + addressing.checks_of(environment, node, system)
            + about_packages
            + _about_files(environment, node, system, wanted))


def of_metadata(environment, node):
    """Those of them that metadata alone answers, for the Fuel master."""
    return _of_environment(environment) + addressing.of_metadata(environment, node)


def _of_environment(environment):
    found = [complaint(ENVIRONMENT_UNFIT, text) for text in roles.problems(environment)]
    if environment.neutron.is_used and environment.neutron.segmentation not in (
            None, SEGMENTATION):
        found.append(complaint(
            ENVIRONMENT_UNFIT,
            '{}: quantum_settings.L2.segmentation_type: "{}" instead of "{}": '
            'the plugin replaces what Fuel sets up for VLANs, and no tunnels. '
            'It cannot be changed later: create the environment with "{}"'.format(
                environment.source, environment.neutron.segmentation, SEGMENTATION,
                roles.wizard(environment))))
    if environment.neutron.auto_assigns_floating_ips and (
            not environment.has_floating_ips):
        found.append(complaint(
            ENVIRONMENT_UNFIT,
            '{}: auto_assign_floating_ip: is on, and Calico gives floating IPs only as '
            'the core plugin of Neutron (floating_ips; Fuel 8.0 and newer). Switch '
            '"Auto assign floating IP" off'.format(environment.source)))
    if environment.this.dpdk_ports:
        found.append(complaint(
            ENVIRONMENT_UNFIT,
            '{}: network_scheme.transformations: provider: is "dpdkovs" for {}, and '
            'Calico routes in the kernel, from which Open vSwitch takes such an '
            'interface. Switch DPDK off for it ("Configure Interfaces" of the '
            'node)'.format(environment.source, ', '.join(environment.this.dpdk_ports))))
    try:
        route_policy.check(environment)
    except SettingsError as error:
        found += [complaint(SETTING_WRONG, text) for text in error.args[0].split('\n')]
    return found + [said(text) for text in _without_effect(environment)] + [
        said('Risk: {}.'.format(text)) for text in _risks(environment)]


def _without_effect(environment):
    if environment.settings.floating_ips and not environment.has_floating_ips:
        yield 'floating_ips: has no effect on Fuel {}, only on 8.0 and newer'.format(
            environment.fuel_release)
    if environment.has_floating_ips and not environment.neutron.floating_network:
        yield ('quantum_settings.default_floating_net: names no network with a range. '
               'For floating IPs, make an external network and a router by hand')


def _about_core_plugin(environment, node, system):
    try:
        for resource in core_plugin.resources(environment, node):
            resource.refuse(system, core_plugin.before_deployment(system))
    except NodeError as error:
        return [complaint(SETTING_WRONG, error.args[0])]
    return []


def _risks(environment):
    # No problem: workloads reach each other without a route to the outside.
    # Without a public network a compute sends the rest to the vrouter VIP, by
    # Fuel's configure_default_route.
    if roles.computes(environment) and (
            environment.public_network_on_all_nodes is False):
        yield (
            '"Assign public network to all nodes" is off: what instances '
            'exchange with the outside goes through the virtual router of one '
            'controller, and replies come back only if that has their routes. '
            'Instances reach each other in any case')
    if not environment.workload_prefixes:
        yield (
            'workload_prefixes ("Instance CIDRs") is empty: a compute that is taken '
            'over can attract the traffic to any address outside of the deployment, '
            'also the traffic of the nodes')
    if environment.settings.bgp_password is None:
        yield (
            '{}: {} is missing, so the nodes cannot derive the BGP password: their '
            'sessions have none. Set one (bgp_password)'.format(
                environment.source, secret.names()))
    for risk in roles.risks(environment):
        yield risk


def _packages_to_install(environment, node, system):
    names = packages.names(environment, node)
    offers = apt.offers(system, names)
    return package.targets(names, apt.installed(system, names), offers), offers


def _about_packages(environment, system, wanted, offers):
    absent = package.missing(wanted, offers)
    if absent:
        return [complaint(PACKAGE_MISSING, package.missing_text(
            absent, environment.fuel_release))]
    if not wanted:
        return [said('All packages are installed')]
    return [said('Packages to install: {}'.format(', '.join(
        '{} {}'.format(name, version or offers[name].candidate)
        for name, version in wanted)))] + _about_lock(environment, system)


def _about_lock(environment, system):
    path = lock_file.path(environment.fuel_release)
    return [] if system.exists(path) else [fault(
        LOCK_MISSING, path, 'is missing', 'there', (
            'No package is compared with a SHA-256 before it is installed. The RPM has '
            'a lock where "make packages" has filled it'))]


def _about_files(environment, node, system, wanted):
    try:
        installed = bird.version(system)
        coming = _bird_to_install(*wanted) if wanted else None
        if coming and coming < bird.OLDEST:
            return [complaint(
                PACKAGE_MISSING,
                'apt would install BIRD {}.{}.{}, which is too old for graceful '
                'restart or large communities: put BIRD 1.6.3 or newer, or 2, into the '
                "plugin's repository (make packages)".format(*coming))]
        line = bird.line(coming or installed)
        files = render.files(environment, node, line)
        in_birds = [(posixpath.relpath(path, BIRD_DIRECTORY), text)
                    for path, text in files if path.startswith(BIRD_DIRECTORY)]
        asks = installed and not coming
        if in_birds and asks:
            bird.parse(system, in_birds)
    except MetadataError:
        return []  # A node without address: reported already.
    except CalicoFuelError as error:
        return [complaint(NOT_RENDERED, error.args[0])]
    verdict = ('BIRD {}.{}.{} accepts it'.format(*installed) if asks else
               'BIRD is not installed yet and was not asked')
    return [said('{}: renders{}'.format(
        path, ', and ' + verdict if path == bird.BIRD_CONF else ''))
        for path, _ in files]


def _bird_to_install(wanted, offers):
    """The three numbers of the version of the BIRD that apt will install, or None."""
    for name, version in wanted:
        version = version or offers[name].candidate
        if name == 'bird' and version:
            return tuple(int(number) for number in re.match(
                r'(?:\d+:)?(\d+)(?:\.(\d+))?(?:\.(\d+))?', version).groups('0'))
    return None

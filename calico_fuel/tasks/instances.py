"""Checks of the daemons of a compute that serve its instances."""

from __future__ import unicode_literals

from calico_fuel import checks
from calico_fuel.calico import dhcp, felix, keys as calico_keys
from calico_fuel.errors import CalicoFuelError, FileError
from calico_fuel.etcd import client
from calico_fuel.openstack import options
from calico_fuel.resources import firewall, ini
from calico_fuel.resources.iptables import Table
from calico_fuel.resources.service import service_runs
from calico_fuel.tasks import compute

METADATA_API = 'http://127.0.0.1:8775/'
SECONDS_TO_ANSWER = 2


def alive(environment, node, system, keys):
    """Checks of this compute; *keys* are those of Calico about itself, or None."""
    is_running = _felix_runs(system)
    found = []
    if not node.is_controller:
        # A controller checks the Felix of every compute anyway.
        found += felix.reports([node], keys, is_running)
    found += felix.host_name(node, keys, nova_host(system))
    if is_running and felix.is_awaited(keys):
        found += policy(system)
    return found + dhcp_of(environment, node, system)


def metadata_api(system):
    subject = 'metadata API on port 8775'
    if system.http('GET', METADATA_API, timeout=SECONDS_TO_ANSWER):
        return checks.good(subject, 'answers')
    return checks.bad(subject, 'does not answer', 'answers', (
        'Run calico-fuel compute; if nova-api-metadata does not stay up, see '
        '/var/log/nova'))


def _felix_runs(system):
    try:
        return service_runs(system, felix.SERVICE)
    except CalicoFuelError:
        # Its service has a row of its own.
        return False


def nova_host(system):
    """The name by which Nova knows this host, to which Neutron binds ports."""
    text = system.read_if_exists(options.NOVA_CONF) or ''
    return ini.value_of(text, 'DEFAULT', 'host') or system.host_name()


def policy(system):
    try:
        table = Table(firewall.live_rules(system, 'filter'), 'filter')
    except CalicoFuelError:
        # The rows of our own chains report a firewall that cannot be read.
        return []
    return felix.policy(dict((name, table.rules(name)) for name, _ in felix.JUMPS))


def dhcp_of(environment, node, system):
    """Whether instances have their dnsmasq; if none may start, only that row."""
    conf = dhcp.rootwrap_conf(system.read_if_exists(options.NEUTRON_CONF))
    found = []
    if conf:
        directories = dhcp.filter_directories(system.read_if_exists(conf))
        found.append(dhcp.may_start(directories, list(_filters(system, directories))))
    if any(check.is_problem for check in found):
        return found
    hosts = [entry for directory in calico_keys.of_host(node)
             for entry in _entries(system, directory + '/workload')]
    if not hosts:
        return found
    running = system.run(['pgrep', '-a', '-x', 'dnsmasq'], accept=None).stdout
    return found + [dhcp.served(compute.dhcp_service(environment), hosts, _entries(
        system, dhcp.SUBNETS), running)]


def _filters(system, directories):
    """The texts of rootwrap's filters.  One that cannot be read lets nobody start."""
    for directory in directories:
        for name in system.names_in(directory):
            if name.endswith('.filters'):
                try:
                    yield system.read('{}/{}'.format(directory, name))
                except FileError:
                    pass


def _entries(system, directory):
    """The Entries, empty without etcd, which has a row of its own."""
    return client.entries(system, directory, seconds=SECONDS_TO_ANSWER) or ()

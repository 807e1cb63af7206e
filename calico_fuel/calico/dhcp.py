"""DHCP of the instances of a compute -> Checks.

The DHCP agent starts dnsmasq through Neutron's rootwrap; its command line names
every tap that it serves.  Source: networking-calico 1.1-1.4 (agent, t_etcd), Neutron
2014.2-10 (agent/linux/dhcp), oslo.rootwrap (filters).
"""

from __future__ import unicode_literals

import re

from calico_fuel import checks
from calico_fuel.calico import endpoints, keys
from calico_fuel.codes.cluster import DHCP_MISSING, DHCP_REFUSED
from calico_fuel.errors import FileError
from calico_fuel.etcd import client
from calico_fuel.openstack.options import NEUTRON_CONF
from calico_fuel.resources import ini

PACKAGE = 'neutron-dhcp-agent'
# A CommandFilter or an EnvFilter; a KillFilter does not allow to start it.
FILTER = re.compile(
    r'(?m)^[^#;\n:=]+[:=]\s*(?!Kill)\w+Filter\s*,\s*(?:\S*/)?dnsmasq\s*,')
# Linux 3.13 shows a page (4096 bytes) of a command line, as does pgrep of procps 3.3.9:
# with more than some 127 instances the last ports of Calico's dnsmasq are cut off.
CUT_OFF = 4000


def of_node(agent, node, system):
    """Whether instances have their dnsmasq; if none may start, only that Check.

    *agent* is the name of the agent's service.
    """
    conf = rootwrap_conf(system.read_if_exists(NEUTRON_CONF))
    found = []
    if conf:
        directories = filter_directories(system.read_if_exists(conf))
        found.append(may_start(directories, list(_filters(system, directories))))
    if any(check.is_problem for check in found):
        return found
    here = endpoints.of_node(system, node)
    if not here:
        return found
    # Without etcd, which has a row of its own, no subnet is known.
    subnets = client.entries(system, keys.SUBNETS, client.SECONDS_TO_ASK) or ()
    running = system.run(['pgrep', '-a', '-x', 'dnsmasq'], accept=None).stdout
    return found + [served(agent, here, subnets, running)]


def _filters(system, directories):
    """The texts of rootwrap's filters.  One that cannot be read lets nobody start."""
    for directory in directories:
        for name in system.names_in(directory):
            if name.endswith('.filters'):
                try:
                    yield system.read('{}/{}'.format(directory, name))
                except FileError:
                    pass


def rootwrap_conf(neutron_conf):
    """The path of rootwrap's configuration; None where Neutron uses none."""
    helper = ini.value_of(neutron_conf or '', 'agent', 'root_helper') or ''
    return helper.split()[-1] if 'rootwrap' in helper else None


def filter_directories(conf):
    """The directories with filters, by the text of rootwrap's configuration."""
    value = ini.value_of(conf or '', 'DEFAULT', 'filters_path') or ''
    return [path.strip() for path in value.split(',') if path.strip()]


def may_start(directories, filters):
    """A Check: whether rootwrap may start dnsmasq.

    *filters* are the texts of the files in *directories*.
    """
    subject, expected = 'dnsmasq for instances', 'may be started'
    if any(FILTER.search(text) for text in filters):
        return checks.good(DHCP_REFUSED, subject, expected)
    return checks.fault(
        DHCP_REFUSED, subject, 'rootwrap refuses to start it', expected, (
            'No filter in {} names dnsmasq, so instances of this host have no DHCP. '
            'The filter comes with the package {}: run calico-fuel packages, then '
            'calico-fuel compute'.format(
                ' or '.join(directories) or "rootwrap's filters_path", PACKAGE)))


def served(agent, found, subnets, command_lines):
    """A Check: whether each tap of this host that needs DHCP has its dnsmasq.

    *agent* is the name of the agent's service, *found* has the Endpoints of this host,
    *subnets* the Entries of SUBNETS, *command_lines* the text of those of every
    dnsmasq, one a line.  What a line that is cut off does not show counts as served.
    """
    subject, expected = 'DHCP of instances', 'a dnsmasq for each'
    ids = set(entry.key.rpartition('/')[2] for entry in subnets)
    taps = sorted(one.tap for one in found if one.tap and ids & one.subnets)
    lacking = [tap for tap in taps if not re.search(
        r'--interface=(?:{}|tap\*)(?:\s|\Z)'.format(re.escape(tap)), command_lines)]
    if not lacking or any(
            len(line) >= CUT_OFF for line in command_lines.splitlines()):
        return checks.good(DHCP_MISSING, subject, expected)
    return checks.fault(
        DHCP_MISSING, subject, 'none for ' + checks.some(lacking), expected, (
            'Run "service {} restart"; if they still have none, see '
            '/var/log/neutron/dhcp-agent.log'.format(agent)))

"""Calico's keys in etcd."""

from __future__ import unicode_literals

import re

from calico_fuel.errors import NodeError
from calico_fuel.etcd import client

# Calico 1.0-1.4, networking-calico 1.0-1.4.
HOSTS = '/calico/v1/host'
READY_KEY = '/calico/v1/Ready'
CONFIG = '/calico/v1/config'
REPORTING_KEY = CONFIG + '/EndpointReportingEnabled'
OPENSTACK = '/calico/openstack/v1'
ELECTION_KEY = OPENSTACK + '/neutron_election'
FELIX = '/calico/felix/v1'
FELIX_HOSTS = FELIX + '/host'
STATUS_KEY = FELIX_HOSTS + '/{}/status'
# The driver writes only subnets with DHCP.
SUBNETS = '/calico/dhcp/v1/subnet'
# Thousands make some megabytes.
SECONDS = 10
STATUS = re.compile(STATUS_KEY.format('([^/]+)') + r'\Z')


def of_host(node):
    """The directories of a Node's keys: Nova may call it by either name."""
    return tuple('{}/{}'.format(HOSTS, name)
                 for name in sorted(set((node.name, node.fqdn))))


def reporting(system):
    """The hosts whose Felix reports; its key expires 90 s after the last report."""
    found = client.entries(system, FELIX_HOSTS)
    if found is None:
        raise NodeError(
            '{}: etcd does not answer, so it is unknown which hosts are up. Run '
            'calico-fuel etcd, then this again'.format(client.LOCAL))
    return [one.group(1) for one in (STATUS.match(entry.key) for entry in found) if one]


def about_itself(system):
    """Calico's keys in etcd about itself -> their values; None without etcd."""
    keys = {}
    for directory in READY_KEY, CONFIG, OPENSTACK, FELIX:
        found = client.entries(system, directory, seconds=client.SECONDS_TO_ASK)
        if found is None:
            return None
        keys.update((entry.key, entry.value) for entry in found
                    if entry.value is not None)
    return keys

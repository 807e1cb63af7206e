"""Calico's keys in etcd, and the addresses of workloads in them and on taps.

Source: networking-calico, datamodel_v1: below /calico/v1/host/HOST/workload is a key
for each endpoint, with its networks (ipv4_nets) and floating addresses (ipv4_nat).
Felix adds a host route to the tap of each.
"""

from __future__ import unicode_literals

import re

from calico_fuel import addresses
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
ENDPOINT = re.compile(HOSTS + r'/([^/]+)/workload/[^/]+/[^/]+/endpoint/[^/]+\Z')
# Thousands make some megabytes.
SECONDS = 10
ON_TAP = re.compile(r'(?m)^([0-9]+(?:[.][0-9]+){3}) dev (tap\S+)')
STATUS = re.compile(STATUS_KEY.format('([^/]+)') + r'\Z')


def of_host(node):
    """The directories of a Node's keys: Nova may call it by either name."""
    return tuple('{}/{}'.format(HOSTS, name)
                 for name in sorted(set((node.name, node.fqdn))))


def places(system, directories):
    """Where each workload is: its IPv4 address -> a tap of this node, or a host.

    Both are texts for people.  Those in etcd are the ones below *directories*.  If etcd
    does not answer, only this node's workloads.
    """
    found = {}
    for _, host, given in endpoints(_below(system, directories, SECONDS)):
        found.update((address, 'host ' + host) for address in given or ())
    found.update((address, tap + ' of this node') for address, tap in ON_TAP.findall(
        system.run(['ip', '-4', 'route', 'show']).stdout))
    return found


def instances(system, node):
    """(tap, IPv4 addresses) of each active endpoint of this Node; none without etcd."""
    said = [client.json_object(entry.value or '') for entry in _below(
        system, of_host(node), client.SECONDS_TO_ASK) if ENDPOINT.match(entry.key)]
    return [(one['name'], _addresses_in(one)) for one in said
            if one.get('state') == 'active' and isinstance(one.get('name'), type(''))]


def _below(system, directories, seconds):
    """The Entries below all of them, until etcd does not answer."""
    for directory in directories:
        entries = client.entries(system, directory, seconds=seconds)
        if entries is None:
            return
        for entry in entries:
            yield entry


def endpoints(entries):
    """Yield key, host and IPv4 addresses of each endpoint among the *entries*.

    The addresses are None where its value is not one that the driver writes.
    """
    for entry in entries:
        endpoint = ENDPOINT.match(entry.key)
        if endpoint:
            yield entry.key, endpoint.group(1), _addresses(entry.value or '')


def _addresses(value):
    said = client.json_object(value)
    return _addresses_in(said) if said else None


def _addresses_in(said):
    try:
        return [addresses.canonical_ipv4(one) for one in [
            net.partition('/')[0] for net in said.get('ipv4_nets', ())] + [
                pair['ext_ip'] for pair in said.get('ipv4_nat', ())]]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


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

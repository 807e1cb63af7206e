"""The servers that the nodes use: DNS, NTP, syslog, and the sources of packages.

A route to one of them would lead the nodes' own traffic to an instance.  Only addresses
count: what a name stands for may differ from node to node, and from day to day.
"""

from __future__ import unicode_literals

import re

from calico_fuel import addresses
from calico_fuel.fuel.yaml_values import entries, text, texts

ADDRESS = re.compile(
    r'(?<![0-9A-Za-z_.-])[0-9]{1,3}(?:[.][0-9]{1,3}){3}(?![0-9A-Za-z_.-])')


def servers(data):
    """Sorted /32 Prefixes of the servers that astute.yaml names by address."""
    named = ' '.join(
        texts(data, 'external_dns', 'dns_list')
        + texts(data, 'external_ntp', 'ntp_list')
        + [text(data, key, 'syslog_server') for key in ('syslog', 'base_syslog')]
        + [text(repository, 'uri') for repository in entries(
            data, 'repo_setup', 'repos')])
    found = []
    for address in ADDRESS.findall(named):
        try:
            found.append(addresses.host_prefix(addresses.parse_ipv4(address)))
        except ValueError:
            continue
    return addresses.without_covered(found)

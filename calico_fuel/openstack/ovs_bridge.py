"""Open vSwitch bridges that must not exist, must be empty, or have to stay.

A bridge that carries the node's own traffic stays: some network templates and DPDK put
an address of the node on br-prv, and without that bridge the node would be cut off.
The node's addresses and routes say whether a bridge does.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.errors import CommandError, NodeError, NotInstalledError
from calico_fuel.resources.base import Resource

NO_SUCH_BRIDGE = 2
# By default ovs-vsctl waits for ovs-vswitchd without an end.
OVS_VSCTL = ('ovs-vsctl', '--timeout=30')


class NoBridge(Resource, namedtuple('NoBridge', 'name')):
    """The bridge *name* is gone, with its ports.  NodeError if the node needs it."""

    label_format = 'no bridge {0.name}'

    def difference(self, system):
        found = ports(system, self.name)
        return '' if found is None else '{}: is there, with ports {}'.format(
            self.name, ' '.join(found) or '(none)')

    def change(self, system):
        _refuse_if_used(system, self.name)
        _vsctl(system, '--if-exists', 'del-br', self.name)


class Bridge(Resource, namedtuple('Bridge', 'name')):
    """The bridge *name* exists, if Open vSwitch is installed; its ports stay."""

    label_format = 'bridge {0.name}'

    def difference(self, system):
        is_missing = ports(system, self.name) is None and is_installed(system)
        return '{}: is missing'.format(self.name) if is_missing else ''

    def change(self, system):
        _vsctl(system, '--may-exist', 'add-br', self.name)


class EmptyBridge(Resource, namedtuple('EmptyBridge', 'name')):
    """The bridge *name* has no ports; NodeError if the node needs one.

    It is created if it is missing and Open vSwitch is installed.
    """

    label_format = 'empty bridge {0.name}'

    def difference(self, system):
        found = ports(system, self.name)
        if found is None:
            return '{}: is missing'.format(self.name) if is_installed(system) else ''
        return found and '{}: has ports {}'.format(self.name, ' '.join(found)) or ''

    def change(self, system):
        _refuse_if_used(system, self.name)
        words = ['--may-exist', 'add-br', self.name]
        for port in ports(system, self.name) or ():
            words += ['--', '--if-exists', 'del-port', self.name, port]
        _vsctl(system, *words)


def is_installed(system):
    return _vsctl(system, '--version') is not None


def bridges(system):
    """The names of all bridges; none without Open vSwitch."""
    answer = _vsctl(system, 'list-br')
    return answer.stdout.split() if answer else []


def ports(system, bridge):
    """The ports of *bridge*, sorted; None without it, or without Open vSwitch."""
    answer = _vsctl(system, 'br-exists', bridge)
    if answer is None or answer.status == NO_SUCH_BRIDGE:
        return None
    return sorted(_vsctl(system, 'list-ports', bridge).stdout.split())


def _vsctl(system, *words):
    """The Answer, or None without Open vSwitch; NodeError where it is stopped."""
    accept = (0, NO_SUCH_BRIDGE) if words[0] == 'br-exists' else (0,)
    try:
        return system.run(list(OVS_VSCTL) + list(words), accept=accept)
    except NotInstalledError:
        return None
    except CommandError as error:
        raise NodeError(
            '{}. Start Open vSwitch (service openvswitch-switch start) and run this '
            'again; if its bridges may stay, the setting cleanup_ovs can be switched '
            'off instead'.format(error.args[0]))


def use(system, bridge):
    """The node's own addresses and routes on *bridge*, its ports and VLANs, as text.

    '' if there are none: then the node loses no address or route without the bridge.
    """
    found = ports(system, bridge)
    if found is None:
        return ''
    links = system.run(['ip', '-o', 'link', 'show']).stdout
    devices = devices_on(set([bridge] + found), links)
    return ', '.join(
        addresses_on(devices, system.run(['ip', '-o', 'addr', 'show']).stdout)
        + routes_via(devices, system.run(['ip', '-o', 'route', 'show']).stdout))


def devices_on(devices, links):
    """*devices* and what stands on them; *links* is the text of ``ip -o link``."""
    devices = set(devices)
    while True:
        upper = set(name for name, lower in re.findall(
            r'(?m)^\d+: ([^@:\s]+)@([^@:\s]+):', links) if lower in devices)
        if upper <= devices:
            return devices
        devices |= upper


def addresses_on(devices, text):
    """``ADDRESS on DEVICE`` for each; every device has a link-local IPv6 one."""
    return ['{} on {}'.format(address, device) for device, address in re.findall(
        r'(?m)^\d+: (\S+) +inet6? (\S+)', text)
        if device in devices and not address.startswith('fe80:')]


def routes_via(devices, text):
    """``route PREFIX via DEVICE`` for each IPv4 route, and each of its next hops."""
    return ['route {} via {}'.format(line.split()[0], device)
            for line in text.splitlines()
            for device in re.findall(r'\bdev (\S+)', line) if device in devices]


def _refuse_if_used(system, bridge):
    found = use(system, bridge)
    if found:
        raise NodeError(
            'bridge {}: the node itself uses {}, so it is not touched. Move that to '
            'another interface (network_scheme in /etc/astute.yaml), or switch the '
            'setting cleanup_ovs off'.format(bridge, found))

"""Whether this machine is the node of the metadata: it has the address."""

from __future__ import unicode_literals

import re

from calico_fuel.errors import RoleError


def addresses_here(system):
    """The IPv4 addresses of this machine: their interfaces."""
    return dict((address, interface) for interface, address in re.findall(
        r'(?m)^\d+: (\S+) +inet ([0-9.]+)',
        system.run(['ip', '-o', '-4', 'address', 'show']).stdout))


def refuse_another_node(path, node, system, task):
    """RoleError if the metadata file *path* of the command line is another node's.

    Fuel gives no path.  Then the metadata is this node's own, and its address may come
    later: on a new node Fuel sets up the networks after its first tasks.
    """
    if node.address and node.address not in addresses_here(system):
        raise RoleError(
            '{}: is of {} ({}), and no interface here has that address. render, '
            'topology and preflight read any file; {} needs that of its own node: name '
            'no file, or run it on {}'.format(
                path, node.name, node.address, task, node.name))

"""Which nodes to ask, and their addresses: from Nailgun or from a file."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.checks import one_line
from calico_fuel_master.errors import MasterError

# Fuel's master has its key in the file of this user on every node.
USER = 'root'
# What ssh can take as a destination, and nothing that it takes for an option.
DESTINATION = re.compile(
    r'(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9:][A-Za-z0-9.:-]*\Z')
NAME = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_.-]*\Z')
# Nodes on which nothing is deployed.
BARE = ('discover', 'provisioning', 'provisioned', 'removing')


class Target(namedtuple('Target', 'name address roles')):
    """A node to ask: its name, where ssh finds it, its roles as texts."""


def of_mappings(mappings, environment):
    """The Targets among Nailgun's nodes, by their numbers; bare nodes are none."""
    found = []
    for node in sorted(mappings, key=lambda node: node['id']):
        if node.get('status') not in BARE and node.get('ip'):
            # Fuel 6.1 has no name beside that of the web page.
            name = node.get('hostname') or 'node-{}'.format(node['id'])
            found.append(Target('{}'.format(name), '{}@{}'.format(USER, node['ip']),
                                tuple('{}'.format(role) for role in
                                      node.get('roles') or ())))
    if not found:
        raise MasterError(
            'environment {}: does not exist, or has no deployed node. "fuel2 env list" '
            'lists the environments'.format(environment))
    return found


def of_text(text, source):
    """The Targets in lines ``NAME [ADDRESS]``; # begins a comment."""
    found = []
    for number, line in enumerate(text.split('\n'), 1):
        words = line.partition('#')[0].split()
        if not words:
            continue
        if len(words) > 2 or not NAME.match(words[0]) or not (
                DESTINATION.match(words[-1])):
            raise MasterError('{}: line {}: "{}": write NAME [ADDRESS], such as '
                              '"node-1 root@10.20.0.3"'.format(
                                  source, number, one_line(line)))
        if words[0] in [target.name for target in found]:
            raise MasterError('{}: line {}: {} stands there twice: write each node '
                              'once'.format(source, number, words[0]))
        found.append(Target(words[0], words[-1], ()))
    if not found:
        raise MasterError('{}: names no node: write lines NAME [ADDRESS]'.format(
            source))
    return found


def chosen(targets, names):
    """Those of *targets* with these *names*, all if there are none."""
    known = [target.name for target in targets]
    for name in names or ():
        if name not in known:
            raise MasterError('{}: is no node here. The nodes are {}'.format(
                name, ', '.join(known)))
    return [target for target in targets if not names or target.name in names]

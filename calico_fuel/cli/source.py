"""Which files a command reads -> the Environment, and the lock of the node."""

from __future__ import unicode_literals

import posixpath
import re

from calico_fuel.bgp import kernel
from calico_fuel.checks import one_line
from calico_fuel.cli import forgotten, output
from calico_fuel.errors import FileError, RoleError
from calico_fuel.fuel.metadata import parse_environment

# Fuel 9 writes the first only.  Fuel 6.1 makes the first a symbolic link to
# one of the others, but on a new node not before the tasks of the
# pre_deployment stage; which of the others a deployment writes depends on the
# role that the node has now.
METADATA_FILES = ('/etc/astute.yaml', '/etc/primary-controller.yaml',
                  '/etc/controller.yaml', '/etc/compute.yaml')
# Beside the metadata file, as in /etc.
NODES_FILE = 'hiera/nodes.yaml'
# Where it deletes a compute, Fuel 8.0 runs all tasks with new metadata and writes the
# list of nodes last.  Up to 7.0 the list is always the newer of the two, whatever the
# clock of the node said when they were written.
FUEL_8 = re.compile(r'(?m)^\W*fuel_version\W+8\.')
# Commands that take the metadata of another node.
OF_ANY_NODE = ('render', 'topology', 'preflight')
LOCK = '/run/calico-fuel/lock'
# Fuel gives an attempt this and the longest waits of its task: 300 s in all in 9.0 and
# 9.1, else as tasks.yaml says.
SECONDS_FOR_LOCK = 50


def lock(system):
    """Hold the lock of the node; LockError when another run holds it too long."""
    return system.lock(LOCK, SECONDS_FOR_LOCK)


def paths(options, system):
    """The metadata file, and the one whose list of nodes counts: None for its own."""
    path = options.metadata or system.newest(METADATA_FILES)
    if path is None:
        raise FileError(METADATA_FILES[0], 'does not exist', (
            'Run this on a node that Fuel deployed' + (
                ', or name the metadata file of one'
                if options.subcommand in OF_ANY_NODE else '')))
    nodes_path = options.nodes
    beside = posixpath.join(posixpath.dirname(path), NODES_FILE)
    if nodes_path is None and system.exists(beside):
        is_old = system.newest((beside, path)) == path and FUEL_8.search(
            system.read(path))
        nodes_path = path if is_old else beside
    return path, nodes_path


def environment(options, system):
    """The Environment of those files; its warnings go to standard error."""
    path, nodes_path = paths(options, system)
    text, nodes_text = system.read(path), nodes_path and system.read(nodes_path)
    found = parse_environment(text, path, nodes_text, nodes_path)
    if not options.metadata:
        found = forgotten.without(
            found, forgotten.names_in(system, nodes_text or text))
    for warning in found.warnings:
        output.warn('{}: {}'.format(path, one_line(warning)))
    return found


def own_environment(options, system):
    """That of this node; RoleError where the command line names another one's file."""
    found = environment(options, system)
    if options.metadata:
        refuse_another_node(
            options.metadata, found.this_node, system, options.subcommand)
    return found


def refuse_another_node(path, node, system, task):
    """RoleError if the metadata file *path* of the command line is another node's.

    Fuel gives no path.  Then the metadata is this node's own, and its address may come
    later: on a new node Fuel sets up the networks after its first tasks.
    """
    if node.address and node.address not in kernel.addresses(system):
        raise RoleError(
            '{}: is of {} ({}), and no interface here has that address. render, '
            'topology and preflight read any file; {} needs the file of its own node: '
            'name no file, or run it on {}'.format(
                path, node.name, node.address, task, node.name))


def say(found):
    """Print which node of which environment a command works on."""
    node = found.this_node
    output.tell('{} ({}), environment {}, Fuel {}, OpenStack {}'.format(
        node.name, ', '.join(sorted(node.roles)), found.id,
        found.fuel_release, found.openstack_release.capitalize()))

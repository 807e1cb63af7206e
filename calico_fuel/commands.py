"""One function per subcommand: options of the command line -> exit status 0.

Each reads through system, asks the pure modules, and writes through system.
"""

from __future__ import unicode_literals

import posixpath

from calico_fuel import policy
from calico_fuel import render as renderer
from calico_fuel import report
from calico_fuel import system
from calico_fuel import topology
from calico_fuel.errors import FileError
from calico_fuel.errors import RenderError
from calico_fuel.errors import RoleError
from calico_fuel.metadata import parse_environment

# Fuel 9 writes the first only.  Fuel 6.1 makes the first a symbolic link to
# one of the others, but on a new node not before the tasks of the
# pre_deployment stage; which of the others is written anew in each deployment
# depends on the role that the node has now.
METADATA_FILES = ('/etc/astute.yaml', '/etc/primary-controller.yaml',
                  '/etc/controller.yaml', '/etc/compute.yaml')
# Beside the metadata file, as in /etc.
NODES_FILE = 'hiera/nodes.yaml'
# What the packages of Trusty's time are, where no BIRD is installed yet.
DEFAULT_BIRD_LINE = 1
# The first with graceful restart and "connect delay time".
OLDEST_BIRD = (1, 5)


def render(options):
    """Show or write the files of one node, or of all nodes."""
    environment = _environment(options)
    topology.check(environment)
    policy.check(environment)
    bird_line = options.bird or _bird_line(system.bird_version())
    if options.all:
        nodes = [node for node in environment.nodes
                 if topology.has_calico_role(environment, node)]
    else:
        nodes = [environment.node(options.node) if options.node
                 else environment.this_node]
    every = [(node, renderer.files(environment, node, bird_line))
             for node in nodes]
    rendered = [(node, [file for file in files if _is_wanted(file, options.file)])
                for node, files in every]
    if not any(files for _, files in rendered):
        raise RoleError('--file {}: no such file is rendered. Name one of {}'.format(
            options.file, ', '.join(sorted(set(
                file.path for _, files in every for file in files)))))
    for node, files in rendered:
        directory = options.output
        if directory and options.all:
            directory = posixpath.join(directory, node.name)
        for file in files:
            if directory:
                system.write_private(directory + file.path, file.text)
            else:
                _show(node, file, options)
    if options.output:
        system.tell('Wrote {} files of {} nodes to {}'.format(
            sum(len(files) for _, files in rendered), len(rendered),
            options.output))
    return 0


def _is_wanted(file, name):
    return name in (None, file.path, posixpath.basename(file.path))


def _show(node, file, options):
    if options.all or not options.file:
        system.tell('# ---- {} on {}'.format(file.path, node.fqdn))
    if options.show_secrets or not file.has_secrets:
        system.tell(file.text)
        return
    system.tell(file.masked_text)
    system.warn('{}: passwords are masked; --output writes them, '
                '--show-secrets shows them'.format(file.path))


def _bird_line(version):
    """1 or 2: the syntax for a BIRD of *version*, which is None without BIRD."""
    if version is None:
        return DEFAULT_BIRD_LINE
    if version < OLDEST_BIRD:
        raise RenderError(
            'BIRD {}.{} is installed, and too old for graceful restart: '
            'install BIRD 1.6 or 2'.format(*version))
    return min(version[0], 2)


def show_topology(options):
    """Show who reflects, who peers with whom, who is an etcd member."""
    environment = _environment(options)
    topology.check(environment)
    system.tell({
        'table': report.topology_table, 'json': report.topology_json,
        'yaml': report.topology_yaml, 'dot': report.topology_dot,
    }[options.format](environment).rstrip('\n'))
    return 0


def show_settings(_):
    """List the settings of the plugin."""
    system.tell(report.settings_table().rstrip('\n'))
    return 0


def check(options):
    """Check this node's metadata and settings, and what they render to.

    Changes nothing on the node: the rendered files go to BIRD's own parser
    where BIRD is installed, and nowhere else.
    """
    environment = _environment(options)
    node = environment.this_node
    system.tell('{} ({}), environment {}, Fuel {}, OpenStack {}'.format(
        node.name, ', '.join(sorted(node.roles)), environment.id,
        environment.fuel_release, environment.openstack_release.capitalize()))
    for risk in topology.check(environment):
        system.tell('Risk: {}.'.format(risk))
    policy.check(environment)
    installed = system.bird_version()
    files = renderer.files(environment, node, _bird_line(installed))
    bird_files = [(posixpath.relpath(file.path, '/etc/bird'), file.text)
                  for file in files if file.path.startswith('/etc/bird/')]
    if bird_files and installed:
        system.parse_with_bird(bird_files)
    verdict = ('BIRD {}.{} accepts it'.format(*installed) if installed
               else 'BIRD is not installed yet and was not asked')
    for file in files:
        system.tell('{}: renders{}'.format(
            file.path, ', and ' + verdict
            if file.path == renderer.BIRD_CONF else ''))
    system.tell('Good. Nothing on this node was changed.')
    return 0


def _environment(options):
    path = options.metadata or system.newest(METADATA_FILES)
    if path is None:
        raise FileError(
            METADATA_FILES[0], 'does not exist', 'Run this on a node that '
            'Fuel deployed, or name a metadata file')
    nodes_path = options.nodes
    if nodes_path is None:
        beside = posixpath.join(posixpath.dirname(path), NODES_FILE)
        nodes_path = beside if system.exists(beside) else None
    environment = parse_environment(
        system.read(path), path,
        system.read(nodes_path) if nodes_path else None, nodes_path)
    for warning in environment.warnings:
        system.warn('{}: {}'.format(path, warning))
    return environment

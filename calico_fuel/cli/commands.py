"""One function per kind of subcommand: options of the command line -> exit status.

Each reads through system, asks the pure modules, and tells through terminal.
"""

from __future__ import unicode_literals

import posixpath

from calico_fuel import departed_hosts
from calico_fuel import forgotten
from calico_fuel import node_list
from calico_fuel import render as renderer
from calico_fuel import roles
from calico_fuel import system
from calico_fuel.bgp import bird
from calico_fuel.bgp import route_policy
from calico_fuel.cli import output
from calico_fuel.cli import refresh as refreshing
from calico_fuel.cli import report
from calico_fuel.converge import FAILED
from calico_fuel.converge import NOT_REACHED
from calico_fuel.converge import converge
from calico_fuel.converge import summary
from calico_fuel.errors import FileError
from calico_fuel.errors import RoleError
from calico_fuel.etcd import backup as etcd_backup
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.resources.file import has_secrets
from calico_fuel.resources.file import masked
from calico_fuel.tasks import cleanup
from calico_fuel.tasks import etcd
from calico_fuel.tasks import own_address
from calico_fuel.tasks import remove
from calico_fuel.tasks import route_reflector

# Fuel 9 writes the first only.  Fuel 6.1 makes the first a symbolic link to
# one of the others, but on a new node not before the tasks of the
# pre_deployment stage; which of the others is written anew in each deployment
# depends on the role that the node has now.
METADATA_FILES = ('/etc/astute.yaml', '/etc/primary-controller.yaml',
                  '/etc/controller.yaml', '/etc/compute.yaml')
# Beside the metadata file, as in /etc.
NODES_FILE = 'hiera/nodes.yaml'
LOCK = '/run/calico-fuel/lock'
# Fuel gives an attempt this, what the judgement of ``node_list`` takes up to 8.0, and
# the longest waits of its task: 300 s in all in 9.0 and 9.1, else as tasks.yaml says.
SECONDS_FOR_LOCK = 50
# What still knows a compute that is gone: ports, a session, Neutron and etcd.
TASKS_TO_FORGET = (
    ('etcd', etcd), ('route-reflector', route_reflector), ('cleanup', cleanup))


def render(options):
    """Show or write the files of one node, or of all nodes."""
    environment = _environment(options)
    roles.check(environment)
    route_policy.check(environment)
    bird_line = options.bird or bird.line(bird.version(system))
    if options.all:
        nodes = [node for node in environment.nodes
                 if roles.has_calico_role(environment, node)]
    else:
        nodes = [environment.node(options.node) if options.node
                 else environment.this_node]
    every = [(node, renderer.files(environment, node, bird_line))
             for node in nodes]
    rendered = [(node, [file for file in files if options.file in (
        None, file.path, posixpath.basename(file.path))]) for node, files in every]
    if not any(files for _, files in rendered):
        raise RoleError('--file {}: no such file is rendered. Name one of {}'.format(
            options.file, ', '.join(sorted(set(
                file.path for _, files in every for file in files)))))
    for node, files in rendered:
        for file in files:
            if options.output:
                system.write_below(options.output, (
                    node.name if options.all else '') + file.path, file.text)
            else:
                _show(node, file, options)
    if options.output:
        output.tell('Wrote {} files of {} nodes to {}'.format(
            sum(len(files) for _, files in rendered), len(rendered),
            options.output))
    return 0


def _show(node, file, options):
    if options.all or not options.file:
        output.tell('# ---- {} on {}'.format(file.path, node.fqdn))
    if options.show_secrets or not has_secrets(file.text):
        output.tell(file.text)
        return
    output.tell(masked(file.text))
    output.warn('{}: passwords are masked; --output writes them, '
                '--show-secrets shows them'.format(file.path))


def show_topology(options):
    """Show who reflects, who peers with whom, who is an etcd member."""
    environment = _environment(options)
    roles.check(environment)
    output.tell({
        'table': report.topology_table, 'json': report.topology_json,
        'yaml': report.topology_yaml, 'dot': report.topology_dot,
    }[options.format](environment).rstrip('\n'))
    return 0


def show_settings(_):
    """List the settings of the plugin."""
    output.tell(report.settings_table().rstrip('\n'))
    return 0


def examine(options):
    """Run a task that only looks at the node, and tells all problems at once."""
    if not options.metadata:
        output.keep_log()
    environment = _environment(options)
    node = environment.this_node
    _say_where(options, environment, node)
    found = options.task.findings(environment, node, system)
    for finding in sorted(found, key=lambda one: one.is_problem):
        (output.warn if finding.is_problem else output.tell)(finding.text)
    problems = sum(finding.is_problem for finding in found)
    output.tell('{}: {}'.format(
        options.subcommand, '{} problem{}'.format(
            problems, 's' * (problems != 1)) if problems else 'good'))
    return 1 if problems else 0


def bring_about(options):
    """Run a task that brings this node to its wanted state."""
    return _locked(options, _of_task(options))


def _of_task(options):
    def resources(environment, node):
        roles.check(environment)
        route_policy.check(environment)
        return options.task.resources(environment, node, system)
    return resources


def put_back(options):
    """Take away what the plugin brought; settings that cannot work are no hindrance."""
    return _locked(options, lambda environment, node: remove.resources(
        environment, node, system, options.with_etcd_data))


def revive(options):
    """Go on with an etcd cluster whose members have lost their data, but for one.

    Without an option it only says whether that is so: it changes nothing.
    """
    def resources(environment, node):
        return etcd.after_a_loss(
            environment, node, system, options.empty, options.force)
    if options.empty or options.force:
        return _locked(options, resources)
    options.dry_run = True
    return _converge(options, resources, can_fail=True)


def _locked(options, resources):
    if options.dry_run:
        return _converge(options, resources)
    output.keep_log()
    with system.lock(LOCK, SECONDS_FOR_LOCK):
        return _converge(options, resources)


def _converge(options, resources_of, can_fail=False):
    environment = _environment(options, not options.dry_run)
    _say_where(options, environment, environment.this_node)
    return _apply(options, environment, resources_of, can_fail)


def _apply(options, environment, resources_of, can_fail=False, is_brief=False):
    resources = resources_of(environment, environment.this_node)
    outcomes = []
    for outcome in converge(resources, system, options.dry_run):
        outcomes.append(outcome)
        tell = output.warn if outcome.state == FAILED else output.tell
        if outcome.difference:
            tell(outcome.difference)
        if outcome.difference or not is_brief:
            output.tell('{:12} {} ({:.1f} s)'.format(
                outcome.state, outcome.label, outcome.seconds))
    output.tell('{}{}: {}'.format(
        options.subcommand, ' (dry run)' if options.dry_run else '',
        summary(outcomes)))
    states = set(outcome.state for outcome in outcomes)
    return 1 if states & set([FAILED, NOT_REACHED]) and (
        can_fail or not options.dry_run) else 0


def refresh(options):
    """Run the tasks again that depend on the list of nodes, or all."""
    def apply(name, task):
        options.subcommand, options.task = name, task
        return _apply(options, environment, _of_task(options), is_brief=True)
    output.keep_log()
    with system.lock(LOCK, SECONDS_FOR_LOCK):
        environment = _environment(options, True)
        return refreshing.refresh(system, environment, options.all, apply)


def forget(options):
    """Leave a compute that is gone out of the list of nodes, and run what knows it."""
    output.keep_log()
    with system.lock(LOCK, SECONDS_FOR_LOCK):
        environment = _environment(options)
        node = environment.node(options.node)
        forgotten.refuse_unfit(environment, node)
        if not options.force:
            forgotten.refuse_living(node, departed_hosts.sign_of_life(system, node))
        path, nodes_path = _paths(options)
        forgotten.forget(system, node, system.read(nodes_path or path))
        return max([_converge(options, _of_task(options))
                    for options.subcommand, options.task in TASKS_TO_FORGET])


def backup(_):
    """Save the keys of etcd on this node."""
    output.keep_log()
    with system.lock(LOCK, SECONDS_FOR_LOCK):
        path, is_new = etcd_backup.save(system)
    output.tell('{}: {}'.format(
        path, 'saved' if is_new else 'is the newest; nothing has changed since then '
        'that would be written back'))
    return 0


def restore(options):
    """Write back what etcd lacks and only a backup has."""
    if options.dry_run:
        _say_what_is_restored(etcd_backup.restore(
            system, options.backup, options.overwrite, True), 'would write',
            'would be written')
        return 0
    output.keep_log()
    with system.lock(LOCK, SECONDS_FOR_LOCK):
        _say_what_is_restored(etcd_backup.restore(
            system, options.backup, options.overwrite), 'written', 'written')
        # A later loss finds them in the newest backup too.
        etcd_backup.save(system)
    return 0


def _say_what_is_restored(restored, of_key, of_keys):
    for key in restored.written:
        output.tell('{} {}'.format(of_key, key))
    output.tell(
        '{}: {} {}, {} left as they are in etcd, {} left to Neutron and Felix, which '
        'write them anew'.format(
            restored.path, len(restored.written), of_keys, len(restored.kept),
            len(restored.rebuilt)))


def _say_where(options, environment, node):
    if options.metadata and options.subcommand != 'preflight':
        own_address.refuse_another_node(
            options.metadata, node, system, options.subcommand)
    output.tell('{} ({}), environment {}, Fuel {}, OpenStack {}'.format(
        node.name, ', '.join(sorted(node.roles)), environment.id,
        environment.fuel_release, environment.openstack_release.capitalize()))


def _paths(options):
    """The metadata file, and the one whose list of nodes counts: None for its own."""
    path = options.metadata or system.newest(METADATA_FILES)
    if path is None:
        raise FileError(
            METADATA_FILES[0], 'does not exist', 'Run this on a node that '
            'Fuel deployed, or name a metadata file')
    nodes_path = options.nodes
    beside = posixpath.join(posixpath.dirname(path), NODES_FILE)
    if nodes_path is None and system.exists(beside):
        nodes_path = system.newest((beside, path))
    return path, nodes_path


def _environment(options, is_run=False):
    path, nodes_path = _paths(options)
    sources = (system.read(path), path,
               nodes_path and system.read(nodes_path), nodes_path)
    environment = parse_environment(*sources)
    if not options.metadata:
        # The list in the metadata file has the nodes in error too.
        if nodes_path and not options.nodes:
            environment = node_list.complete(system, environment, sources, is_run)
        environment = forgotten.without(environment, forgotten.uids_in(
            system, sources[2] or sources[0]))
    for warning in environment.warnings:
        output.warn('{}: {}'.format(path, warning))
    return environment

"""Commands that show or check: render, topology, settings, preflight, verify."""

from __future__ import unicode_literals

import posixpath

from calico_fuel import checks, render as renderer, roles
from calico_fuel.bgp import bird, route_policy
from calico_fuel.cli import output, report, source
from calico_fuel.cli.task_list import COMPARED, load
from calico_fuel.errors import RoleError
from calico_fuel.resources.shown import has_secrets, masked
from calico_fuel.tasks import preflight as preflight_task, verify as verify_task


def render(options, system):
    """Show or write the files of one node, or of all nodes."""
    environment = source.environment(options, system)
    roles.check(environment)
    route_policy.check(environment)
    bird_line = options.bird or bird.line(bird.version(system))
    rendered = _chosen(options, [
        (node, renderer.files(environment, node, bird_line))
        for node in _nodes(options, environment)])
    for node, files in rendered:
        for path, text in files:
            if options.output:
                system.write_below(options.output, (
                    node.name if options.all else '') + path, text)
            else:
                _show(node, path, text, options)
    if options.output:
        output.tell('Wrote {} files of {} nodes to {}'.format(
            sum(len(files) for _, files in rendered), len(rendered),
            options.output))
    return 0


def _nodes(options, environment):
    if options.all:
        return [node for node in environment.nodes
                if roles.has_calico_role(environment, node)]
    return [environment.node(options.node) if options.node else environment.this_node]


def _chosen(options, rendered):
    """Pairs of node and files, only those files that --file names."""
    chosen = [(node, [(path, text) for path, text in files if options.file in (
        None, path, posixpath.basename(path))]) for node, files in rendered]
    if not any(files for _, files in chosen):
        raise RoleError('--file {}: no such file is rendered. Name one of {}'.format(
            options.file, ', '.join(sorted(set(
                path for _, files in rendered for path, _ in files)))))
    return chosen


def _show(node, path, text, options):
    if options.all or not options.file:
        output.tell('# ---- {} on {}'.format(path, node.fqdn))
    if options.show_secrets or not has_secrets(text):
        output.tell(text)
        return
    output.tell(masked(text))
    output.warn('{}: passwords are masked; --output writes them, '
                '--show-secrets shows them'.format(path))


def topology(options, system):
    """Show the route reflectors, the BGP sessions and the etcd members."""
    environment = source.environment(options, system)
    roles.check(environment)
    output.tell({
        'table': report.topology_table, 'json': report.topology_json,
        'dot': report.topology_dot,
    }[options.format](environment).rstrip('\n'))
    return 0


def settings(options, system):
    output.tell(report.settings_table())
    return 0


def preflight(options, system):
    """Check whether the deployment can work; metadata of any node will do."""
    return _report(options, system, source.environment, preflight_task.checks_of)


def verify(options, system):
    load(name for name, _ in COMPARED)
    return _report(options, system, source.own_environment,
                   lambda *of: verify_task.checks_of(*of + (COMPARED,)))


def _report(options, system, read, checks_of):
    """Print the Checks -> exit status, 1 if there is a problem."""
    if not options.metadata:
        output.keep_log()
    environment = read(options, system)
    source.say(environment)
    found = checks_of(environment, environment.this_node, system)
    for is_problem, text in checks.report(found):
        (output.warn if is_problem else output.tell)(text)
    problems = sum(check.is_problem for check in found)
    output.tell('{}: {}'.format(options.subcommand, checks.counted(
        problems, 'problem') if problems else 'good'))
    return int(problems > 0)

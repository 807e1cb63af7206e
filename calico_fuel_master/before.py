"""Commands before a deployment: preview, settings."""

from __future__ import unicode_literals

import json

from calico_fuel import system
from calico_fuel.bgp import route_policy
from calico_fuel.checks import columns, counted
from calico_fuel.cli import output
from calico_fuel.errors import CalicoFuelError, SettingsError
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel_master import facts, plugin_section, preview
from calico_fuel_master.command import Command, add_environment
from calico_fuel_master.errors import MasterError
from calico_fuel_master.nailgun import Nailgun

SAVED = ('Saved. Nodes get it by a deployment: look at "fuel2 calico preview -e {0}", '
         'then deploy changes')


def _preview_options(parser):
    add_environment(parser)
    parser.add_argument('directory', nargs='?', metavar='DIR', help=(
        'facts as "fuel deployment --default" writes them; then no API is needed'))
    parser.add_argument('--against', metavar='DIR', help=(
        'facts of what is deployed: a directory of the same form; default: those of '
        'the last deployments that succeeded, which the API of Fuel 9 has'))
    parser.add_argument('--bird', type=int, choices=(1, 2), default=1, help=(
        'the BIRD that the nodes will have, 1.x or 2.x; default: 1'))
    parser.add_argument('--files', action='store_true', help=(
        'show the text of each file, passwords masked'))
    parser.add_argument('--diff', action='store_true', help=(
        'show how each deployed file changes, passwords masked'))
    parser.add_argument('--node', metavar='NODE', help=(
        'with --files or --diff: only those of this node'))


def _preview(options):
    if bool(options.directory) == bool(options.env):
        raise MasterError('preview: name either a directory of facts or an environment '
                          '(--env)')
    if options.node and not (options.files or options.diff):
        raise MasterError('--node {}: chooses among files: add --files or '
                          '--diff'.format(options.node))
    if options.directory:
        coming, deployed = facts.of_directory(options.directory, system), None
    else:
        coming, deployed = _of_api(Nailgun(options.env), not options.against)
    if options.against:
        deployed = facts.of_directory(options.against, system)
    found = preview.preview(coming, deployed, preview.Shown(
        options.bird, options.files, options.diff, options.node))
    for is_problem, text in found:
        (output.warn if is_problem else output.tell)(text)
    text, status = preview.verdict(found)
    output.tell(text)
    return status


def _of_api(nailgun, wants_deployed):
    """The Facts that a deployment would give to nodes, and those that they have."""
    coming = facts.of_mappings(nailgun.coming(), 'facts')
    uploaded = nailgun.uploaded()
    if uploaded:
        output.tell('Somebody uploaded facts of the nodes {}: Fuel deploys these '
                    '("fuel deployment --delete" ends that)'.format(
                        ', '.join(uploaded)))
    deployed = nailgun.deployed() if wants_deployed else None
    if deployed is not None and nailgun.failed():
        output.tell('The last deployment (task {}) failed. What it changed on nodes is '
                    'not known here: compare with copies of their files '
                    '(--against)'.format(nailgun.failed()))
    return coming, None if deployed is None else facts.of_mappings(
        deployed, 'deployed facts')


def _settings_options(parser):
    add_environment(parser, required=True)
    parser.add_argument('changes', nargs='*', metavar='KEY=VALUE', help=(
        'settings to save; KEY=@FILE takes the text of a file, such as a password'))
    parser.add_argument('--enable', action='store_true', help=(
        'switch the plugin on in this environment'))


def _settings(options):
    nailgun = Nailgun(options.env)
    old = plugin_section.section(nailgun.attributes(), options.env)
    changes = plugin_section.values(options.changes, old, system.read)
    if changes and old.has_versions and not (old.is_enabled or options.enable):
        raise MasterError('the plugin is off in environment {}, and Fuel keeps no '
                          'settings of a plugin that is off: add --enable'.format(
                              options.env))
    new = old.with_values(changes, options.enable)
    output.tell('Plugin {}{}in environment {}: {}'.format(
        new.name, new.version and ' {} '.format(new.version) or ' ', options.env,
        'on' if new.is_enabled else 'off'))
    output.tell(columns(plugin_section.rows(new)))
    problems = plugin_section.problems(new) or _against_networks(nailgun, new)
    for problem in problems:
        output.warn(problem)
    if problems:
        output.tell('settings: {}{}'.format(
            counted(len(problems), 'problem'),
            ', and nothing was saved' if new.raw != old.raw else ''))
        return 1
    if new.raw != old.raw:
        nailgun.change(new.name, new.raw)
    output.tell('settings: good' if new.raw == old.raw else SAVED.format(options.env))
    return 0


def _against_networks(nailgun, section):
    """What only the networks of the environment tell: problems of ``preflight``."""
    of_node = nailgun.of_one_node()
    if of_node is None:
        return []
    of_node[section.name] = dict(section.values, metadata={'enabled': True})
    try:
        route_policy.check(parse_environment(json.dumps(of_node), 'facts'))
    except SettingsError as error:
        return list(error.problems)
    except CalicoFuelError as error:
        output.tell('note: not compared with the networks of the environment: '
                    '{}'.format(error.args[0]))
    return []


COMMANDS = (
    Command('preview',
            'Show what a deployment would do: topology, files, changes, and every '
            'problem that preflight would find in the metadata.',
            _preview_options, _preview),
    Command('settings',
            "Show and check the plugin's settings of an environment, or save others "
            'and switch the plugin on.',
            _settings_options, _settings),
)

"""The commands, for ``fuel2 calico`` and for ``calico-fuel-master``.

Each is a function that adds its options to a parser, and one that runs it.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import system
from calico_fuel.cli import output
from calico_fuel.errors import CalicoFuelError
from calico_fuel_master import facts, preview
from calico_fuel_master.errors import MasterError
from calico_fuel_master.nailgun import Nailgun


class Command(namedtuple('Command', 'name text add_options run')):
    """A command: ``run`` takes the parsed options and gives the exit status."""


def status(command, options):
    """Run it -> exit status; 1 for an error whose message names the fix."""
    for key, value in vars(options).items():
        setattr(options, key, output.argument(value))
    try:
        return command.run(options)
    except CalicoFuelError as error:
        for line in error.args[0].split('\n'):
            output.warn(line)
        return 1


def _environment_option(parser):
    parser.add_argument('-e', '--env', metavar='ENV', help=(
        'number of the environment, which Fuel\'s API is asked about'))


def _preview_options(parser):
    _environment_option(parser)
    parser.add_argument('directory', nargs='?', metavar='DIR', help=(
        'facts as "fuel deployment --default" writes them; then no API is needed'))
    parser.add_argument('--against', metavar='DIR', help=(
        'facts of what is deployed: a directory of the same form; default: those of '
        'the last deployments, which the API of Fuel 9 has'))
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
    deployed = None
    if options.directory:
        coming = facts.of_directory(options.directory, system)
    else:
        nailgun = Nailgun(options.env)
        coming = facts.of_mappings(nailgun.coming(), 'facts')
        uploaded = nailgun.uploaded()
        if uploaded:
            output.tell('Somebody uploaded facts of the nodes {}: Fuel deploys these '
                        '("fuel deployment --delete" ends that)'.format(
                            ', '.join(uploaded)))
        deployed = None if options.against else nailgun.deployed()
        if deployed is not None:
            deployed = facts.of_mappings(deployed, 'deployed facts')
    if options.against:
        deployed = facts.of_directory(options.against, system)
    found = preview.preview(coming, deployed, preview.Shown(
        options.bird, options.files, options.diff, options.node))
    for is_problem, text in found:
        (output.warn if is_problem else output.tell)(text)
    text, status = preview.verdict(found)
    output.tell(text)
    return status


COMMANDS = (
    Command('preview',
            'Show what a deployment would do: topology, files, changes, and every '
            'problem that preflight would find in the metadata.',
            _preview_options, _preview),
)

"""A command: its options, and what runs it -> exit status."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.cli import output
from calico_fuel.errors import CalicoFuelError


class Command(namedtuple('Command', 'name text add_options run')):
    """A command: ``run`` takes the parsed options and gives the exit status."""


def status(command, options):
    """Run it -> exit status; 1 for an error whose message names the fix."""
    for key, value in vars(options).items():
        setattr(options, key, output.argument(value))
    try:
        return command.run(options)
    except CalicoFuelError as error:
        output.complain(error)
        return 1


def add_environment(parser, **kwargs):
    parser.add_argument('-e', '--env', metavar='ENV', help=(
        'number of the environment, which Fuel\'s API is asked about'), **kwargs)

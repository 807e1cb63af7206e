"""argv -> command -> exit status."""

from __future__ import unicode_literals

import argparse

from calico_fuel import __version__
from calico_fuel.cli import output
from calico_fuel_master import before, command, now

COMMANDS = before.COMMANDS + now.COMMANDS

NAME = 'calico-fuel-master'


def parser():
    top = argparse.ArgumentParser(
        prog=NAME,
        description='Look at a Calico network of Fuel from the Fuel master or from a '
        'workstation; "fuel2 calico" has the same commands.',
        epilog='exit status: 0 good, 1 an error whose message gives the fix, 2 wrong '
        'usage')
    top.add_argument('--version', action='version',
                     version='%(prog)s ' + __version__)
    subcommands = top.add_subparsers(metavar='COMMAND', dest='command')
    for each in COMMANDS:
        subcommand = subcommands.add_parser(
            each.name, help=each.text, description=each.text)
        each.add_options(subcommand)
        subcommand.set_defaults(chosen=each)
    return top


def main(argv):
    top = parser()
    options = top.parse_args(argv)
    if not getattr(options, 'chosen', None):
        top.error('which command? Try {} --help'.format(NAME))
    return command.status(options.chosen, options)


def program():
    """The entry point: like main, with this process's own arguments."""
    output.program(NAME, main)

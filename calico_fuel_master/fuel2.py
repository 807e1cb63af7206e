"""Subcommands of Fuel's client: ``fuel2 calico ...`` (entry point group fuelclient).

The only user of cliff.
"""

from __future__ import unicode_literals

import sys

import cliff.command

from calico_fuel.cli import output
from calico_fuel_master import command, program


def _subcommand(ours):
    class Subcommand(cliff.command.Command):
        __doc__ = ours.text

        def get_parser(self, prog_name):
            parser = super(Subcommand, self).get_parser(prog_name)
            ours.add_options(parser)
            return parser

        def take_action(self, options):
            output.begin_errors_with('fuel2 calico')
            # cliff 1.9, of Fuel 8.0, drops what this function returns.
            status = command.status(ours, options)
            if status:
                sys.exit(status)
    return Subcommand


globals().update((each.name.capitalize(), _subcommand(each))
                 for each in program.COMMANDS)

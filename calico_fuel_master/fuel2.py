"""Subcommands of Fuel's client: ``fuel2 calico ...`` (entry point group fuelclient).

The only user of cliff.
"""

from __future__ import unicode_literals

import sys

from cliff import command as cliff

from calico_fuel_master import commands


def _subcommand(command):
    class Subcommand(cliff.Command):
        __doc__ = command.text

        def get_parser(self, prog_name):
            parser = super(Subcommand, self).get_parser(prog_name)
            command.add_options(parser)
            return parser

        def take_action(self, options):
            # cliff 1.9, of Fuel 8.0, drops what this function returns.
            status = commands.status(command, options)
            if status:
                sys.exit(status)
    return Subcommand


globals().update((command.name.capitalize(), _subcommand(command))
                 for command in commands.COMMANDS)

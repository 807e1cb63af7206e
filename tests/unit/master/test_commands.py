"""The list of commands."""

from __future__ import unicode_literals

import os

from calico_fuel_master import commands


def test_every_command_is_a_subcommand_of_fuels_client():
    with open(os.path.join(os.path.dirname(commands.__file__),
                           'entry_points.txt')) as stream:
        lines = stream.read().split('\n')

    assert lines[0] == '[fuelclient]'
    assert lines[1:-1] == ['calico_{} = calico_fuel_master.fuel2:{}'.format(
        command.name, command.name.capitalize()) for command in commands.COMMANDS]

"""What runs a command."""

from __future__ import unicode_literals

import argparse

from calico_fuel_master import command
from calico_fuel_master.errors import MasterError


def test_an_error_is_told_line_by_line_and_is_the_exit_status(capfd):
    def fail(options):
        raise MasterError('{}: bad\nand worse'.format(options.env))
    parser = argparse.ArgumentParser()
    command.add_environment(parser)

    status = command.status(command.Command('x', '', None, fail),
                            parser.parse_args(['-e', '7']))

    assert status == 1
    assert capfd.readouterr().err == 'calico-fuel: 7: bad\ncalico-fuel: and worse\n'

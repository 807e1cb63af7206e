"""argv -> subcommand -> exit status.

0: good.  1: a deliberate error, with a message that names the fix.
2: the command line cannot be understood.
"""

from __future__ import unicode_literals

import gc

from calico_fuel import system
from calico_fuel.cli import output
from calico_fuel.cli.arguments import parser
from calico_fuel.cli.subcommand import function
from calico_fuel.errors import CalicoFuelError


def main(argv=None):
    top = parser()
    options = top.parse_args(argv)
    if not getattr(options, 'run', None):
        top.error('which subcommand? Try calico-fuel --help')
    # Nothing here lives long, and collecting garbage takes a third of the time
    # that the metadata of a thousand nodes needs to load.
    gc.disable()
    try:
        return function(options.run)(options, system)
    except CalicoFuelError as error:
        output.complain(error)
        return 1
    finally:
        gc.enable()


def program():
    """The entry point: like main, with this process's own arguments."""
    output.program('calico-fuel', main)


if __name__ == '__main__':
    program()

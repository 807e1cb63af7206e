"""Commands of calico-fuel on a node in memory, and all that they print."""

from __future__ import unicode_literals

import contextlib

from calico_fuel import __main__ as program
from calico_fuel.cli import arguments, output
from calico_fuel.errors import CalicoFuelError
from calico_fuel.fuel.metadata import parse_environment

PARSER = arguments.parser()


class Run(object):
    """What commands printed and wrote on *system*.

    ``printed`` has the lines of both streams, ``environment`` the Environment that the
    commands read, None without one, ``texts`` more files of it: path -> text.
    """

    def __init__(self, system):
        self.system = system
        self.printed, self.statuses = [], []
        self.environment, self.texts = None, {}

    def command(self, *argv):
        """Run a command; another exception than a deliberate one gets through."""
        self.call(lambda: program.main(list(argv)))

    def _keep(self, stream, text):
        self.printed.append(text)

    def call(self, function):
        """Keep what *function* prints."""
        with replaced(program, 'system', self.system), \
                replaced(program, 'parser', lambda: PARSER), \
                replaced(output, 'keep_log', lambda: None), \
                replaced(output._log, 'disabled', True), \
                replaced(output, '_print', self._keep):
            self.statuses.append(function())


def parsing(known):
    """parse_environment; *known* keeps what it returned or raised, by its arguments."""
    def parse(*args):
        if args not in known:
            try:
                known[args] = parse_environment(*args), None
            except CalicoFuelError as error:
                known[args] = None, error
        environment, error = known[args]
        if error:
            raise error
        return environment
    return parse


@contextlib.contextmanager
def replaced(module, name, value):
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)

"""All commands, for ``fuel2 calico`` and for ``calico-fuel-master``."""

from __future__ import unicode_literals

from calico_fuel_master import before, now

COMMANDS = before.COMMANDS + now.COMMANDS

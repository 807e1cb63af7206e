"""Deliberate errors of the master's own."""

from __future__ import unicode_literals

from calico_fuel.errors import CalicoFuelError


class MasterError(CalicoFuelError):
    """Fuel's API, or the command line, has not what a command needs."""

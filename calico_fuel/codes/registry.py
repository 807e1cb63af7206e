"""All Codes by name."""

from __future__ import unicode_literals

from calico_fuel.codes import bgp, cluster, instance, node
from calico_fuel.codes.code import NOTE, Code


def of_module(module):
    """The Codes of a module, problems first."""
    return sorted((one for one in vars(module).values() if isinstance(one, Code)),
                  key=lambda one: (one.severity == NOTE, one.name))


CODES = dict((one.name, one) for module in (bgp, cluster, instance, node)
             for one in of_module(module))

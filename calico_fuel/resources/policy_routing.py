"""Rules by which some traffic follows a routing table of its own."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.resource import Resource

# The table, and the preferences of our rules: before the kernel's own (32766).
TABLE = 202
FIRST, LAST = 20200, 20299


class PolicyRouting(Resource, namedtuple('PolicyRouting', 'gateway rules script')):
    """``rules`` are all that there are between FIRST and LAST, TABLE leads to
    ``gateway``.

    A rule is a triple: preference, selector as ``ip rule`` takes it, table.
    ``gateway`` is an address, None without rules; ``script`` brings them about.
    """

    __slots__ = ()

    @property
    def label(self):
        if self.gateway is None:
            return 'no gateway of workloads'
        return 'gateway of workloads ' + self.gateway

    def difference(self, system):
        found = rules(system)
        lines = ['{}: rule {} {} lookup {} is there'.format(self.label, *rule)
                 for rule in found if rule not in self.rules]
        lines += ['{}: rule {} {} lookup {} is missing'.format(self.label, *rule)
                  for rule in self.rules if rule not in found]
        if self.gateway is not None and not lines:
            # A table without a route is unknown to some versions of ip.
            route = system.run(
                ['ip', '-4', 'route', 'show', 'table', '{}'.format(TABLE)],
                accept=None).stdout
            if not route.startswith('default via {} '.format(self.gateway)):
                lines.append('{}: table {} has no route there. Is it in a network of '
                             'this node?'.format(self.label, TABLE))
        return '\n'.join(lines)

    def change(self, system):
        for preference, _, _ in [r for r in rules(system) if r not in self.rules]:
            system.run(['ip', '-4', 'rule', 'del', 'pref', '{}'.format(preference)])
        if self.gateway is not None:
            system.run(['sh', self.script])


def rules(system):
    """The rules between FIRST and LAST, as triples, in their order."""
    found = []
    for preference, selector, table in re.findall(
            r'(?m)^(\d+):\s+(.*?) lookup (\S+)', system.run(
                ['ip', '-4', 'rule', 'show']).stdout):
        if FIRST <= int(preference) <= LAST:
            found.append((int(preference), selector.replace('from all to', 'to'),
                          table))
    return found

"""Rules that send some traffic to a routing table of its own."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.base import Resource

# The table, and the preferences of our rules: before the kernel's own (32766).
TABLE = 202
FIRST = 20200
MOST = 100
LAST = FIRST + MOST - 1
OF_BIRD = re.compile(r' proto (?:bird|12)\b')


class PolicyRouting(Resource, namedtuple('PolicyRouting', 'gateway rules stay script')):
    """Only ``rules`` exist between FIRST and LAST, each once.  TABLE routes to
    ``gateway``, or to where BIRD says, and traffic to ``stay`` back to the next rule.

    A rule is a pair: its preference, and what ``ip rule`` shows behind that.  ``stay``
    are prefixes as ``ip route`` shows them.  ``gateway`` is an address, None if BIRD
    adds the default route, or without rules; ``script`` applies all of it.
    """

    @property
    def label(self):
        if not self.rules:
            return 'no outbound router'
        return 'outbound router ' + (self.gateway or 'by BGP')

    def difference(self, system):
        found, routes = rules(system), table(system)
        lines = ['rule {} {} exists{}'.format(
            *(rule + (' twice' if rule in self.rules else '',)))
            for rule in self._too_many(found)]
        lines += ['rule {} {} is missing'.format(*rule)
                  for rule in self.rules if rule not in found]
        thrown = back_to_next_rule(routes)
        lines += ['table {} leads back for {}'.format(TABLE, prefix)
                  for prefix in thrown if prefix not in self.stay]
        lines += ['table {} does not lead back for {}'.format(TABLE, prefix)
                  for prefix in self.stay if prefix not in thrown]
        if not self.rules:
            lines += ['table {} has a route'.format(TABLE)] if routes.strip() else []
        lines += ['table {} has {}'.format(TABLE, route)
                  for route in self._other_defaults(routes)]
        if self.gateway and not re.search('(?m)^default via {} '.format(
                re.escape(self.gateway)), routes):
            lines.append('table {} has no route to it. Is it in a network of this '
                         'node?'.format(TABLE))
        return '\n'.join('{}: {}'.format(self.label, line) for line in lines)

    def change(self, system):
        for preference, _ in self._too_many(rules(system)):
            system.run(['ip', '-4', 'rule', 'del', 'pref', '{}'.format(preference)])
        for prefix in back_to_next_rule(table(system)):
            if prefix not in self.stay:
                system.run(['ip', '-4', 'route', 'del', 'throw', prefix,
                            'table', '{}'.format(TABLE)])
        for route in self._other_defaults(table(system)):
            system.run(['ip', '-4', 'route', 'del'] + route.split() + [
                'table', '{}'.format(TABLE)])
        if self.rules:
            system.run(['sh', self.script])
        elif table(system).strip():
            system.run(['ip', '-4', 'route', 'flush', 'table', '{}'.format(TABLE)])

    def _other_defaults(self, routes):
        """The default routes that an outbound router of the other kind has left."""
        return [route.strip() for route in re.findall('(?m)^default .*', routes)
                if self.rules and bool(OF_BIRD.search(route)) == bool(self.gateway)]

    def _too_many(self, found):
        """The rules to delete: all of a preference that has an unwanted one."""
        result = []
        for preference in sorted(set(rule[0] for rule in found)):
            here = [rule for rule in found if rule[0] == preference]
            is_ours = all(rule in self.rules for rule in here)
            result += here[1:] if is_ours else here
        return result


def rules(system):
    """The rules between FIRST and LAST, in their order."""
    shown = system.run(['ip', '-4', 'rule', 'show']).stdout
    found = [(int(preference), rule) for preference, rule in re.findall(
        r'(?m)^(\d+):\s+(.*\S)', shown)]
    return [rule for rule in found if FIRST <= rule[0] <= LAST]


def table(system):
    """The routes of TABLE; some versions of ip do not know a table without routes."""
    return system.run(['ip', '-4', 'route', 'show', 'table', '{}'.format(TABLE)],
                      accept=None).stdout


def back_to_next_rule(routes):
    return re.findall(r'(?m)^throw (\S+)', routes)

"""Saved firewall rules that can be loaded at boot.

Fuel's Puppet saves all rules of the moment when it has changed one, and so does
calico-compute when it is configured: Felix's among them, which name its ipsets.
No ipset outlives a boot, and iptables-restore loads no rule of a table one of
whose rules names a set that is not there: the node would be open.  Felix makes
its chains and its sets itself when it starts, so without them the file is as on
a node that has booted before Felix ever ran.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import replace
from calico_fuel.resources.file import text_of

# The declaration of a chain, its rules, those of others that lead to it; a rule
# that names a set may be anywhere.
OF_FELIX = re.compile(
    r':felix-|(?:\[\d+:\d+\] )?-A (?:felix-|.*(?:--match-set|-[jg]) felix-)')
A_SET = '--match-set felix-'
# What a comment says is no part of a rule.
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')


class SavedRules(Resource, namedtuple('SavedRules', 'path')):
    """No rule in *path* names a set of Felix's; where one does, all of Felix's go."""

    __slots__ = ()
    label_format = 'rules in {0.path} that can be loaded at boot'

    def difference(self, system):
        lines = of_felix(text_of(system, self.path) or '')
        if not any(A_SET in unquoted(line) for line in lines):
            return ''
        return ('{}: {} lines of Felix are saved there, whose ipsets no boot finds: '
                'iptables-restore would load none of the rules'.format(
                    self.path, len(lines)))

    def change(self, system):
        text = text_of(system, self.path)
        unwanted = of_felix(text)
        replace(system, self.path, '\n'.join(
            line for line in text.split('\n') if line not in unwanted))


def of_felix(text):
    """The lines of *text* that are Felix's, or lead to its chains and sets."""
    return [line for line in text.split('\n') if OF_FELIX.match(unquoted(line))]


def unquoted(line):
    return QUOTED.sub('', line)

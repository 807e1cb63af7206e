"""Saved firewall rules that can be loaded at boot.

Fuel's Puppet saves all current rules when it has changed one, and so does
calico-compute when it is configured.  Felix's rules are among them, and they name its
ipsets.  No ipset survives a boot, and iptables-restore loads no rule of a table if one
of its rules names a missing set: the node would be open.  Felix creates its chains and
sets when it starts, so the file does not need them.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import replace, text_of

# The declaration of a chain, its rules, and rules of others that jump to it; any chain
# may have a rule that names a set.
OF_FELIX = re.compile(
    r':felix-|(?:\[\d+:\d+\] )?-A (?:felix-|.*(?:--match-set|-[jg]) felix-)')
A_SET = '--match-set felix-'
# The text of a comment is no part of a rule.
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')


class SavedRules(Resource, namedtuple('SavedRules', 'path')):
    """No rule in *path* names a set of Felix; else all of Felix's rules are removed."""

    label_format = 'rules in {0.path} that can be loaded at boot'

    def difference(self, system):
        lines = of_felix(text_of(system, self.path) or '')
        if not any(A_SET in unquoted(line) for line in lines):
            return ''
        return ('{}: {} lines of Felix are saved there, whose ipsets are missing at '
                'boot: iptables-restore would load none of the rules'.format(
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

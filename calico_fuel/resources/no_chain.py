"""Firewall rules, and a whole chain, that must not be there, now and after a reboot.

As in ``chain``, nobody else's rules are touched, and the saved ones are edited
as text.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.resources.chain import SAVED
from calico_fuel.resources.chain import Section
from calico_fuel.resources.chain import jumps
from calico_fuel.resources.chain import live_rules
from calico_fuel.resources.chain import load
from calico_fuel.resources.file import replace
from calico_fuel.resources.file import text_difference
from calico_fuel.resources.file import text_of
from calico_fuel.resources.resource import Resource


class _Without(Resource):
    """Base of both: they have ``table``, and say

    _edit(section)     take out of a Section what must not be there
    _changes(section)  the lines that let iptables-restore do so
    """

    __slots__ = ()

    def difference(self, system):
        texts = (('iptables -t ' + self.table, live_rules(system, self.table)),
                 (SAVED, text_of(system, SAVED) or ''))
        return '\n'.join(text_difference(where, text, self._without(text))
                         for where, text in texts if self._without(text) != text)

    def change(self, system):
        load(system, self.table, self._without, lambda live: '\n'.join(
            ['*' + self.table] + self._changes(Section(live.split('\n'), self.table))
            + ['COMMIT', '']))
        saved = text_of(system, SAVED) or ''
        if self._without(saved) != saved:
            replace(system, SAVED, self._without(saved))

    def _without(self, text):
        lines = text.split('\n')
        if '*' + self.table in lines:
            self._edit(Section(lines, self.table))
        return '\n'.join(lines)


class NoRules(_Without, namedtuple('NoRules', 'table chain rules')):
    """*chain* has none of ``rules``, which are texts as iptables-save prints them."""

    __slots__ = ()

    def __new__(cls, table, chain, rules):
        return super(NoRules, cls).__new__(cls, table, chain, tuple(rules))

    @property
    def label(self):
        return 'no rules in {}: {}'.format(self.chain, '; '.join(self.rules))

    def _edit(self, section):
        section.drop(lambda name, rule: name == self.chain and rule in self.rules)

    def _changes(self, section):
        return ['-D {} {}'.format(self.chain, rule)
                for rule in section.rules(self.chain) if rule in self.rules]


class NoChain(_Without, namedtuple('NoChain', 'table name parent')):
    """There is no chain *name*, and *parent* does not jump to it."""

    __slots__ = ()

    @property
    def label(self):
        return 'no firewall chain ' + self.name

    def _edit(self, section):
        section.drop(lambda name, rule: name == self.name or (
            name == self.parent and jumps(rule, self.name)))
        section.undeclare(self.name)

    def _changes(self, section):
        return [':{} - [0:0]'.format(self.name)] + [
            '-D {} {}'.format(self.parent, rule) for rule in section.rules(self.parent)
            if jumps(rule, self.name)] + ['-X ' + self.name]

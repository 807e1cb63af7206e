"""A chain of firewall rules of our own, now and after a reboot; and none of others.

No other chain or rule is changed.  One ``iptables-restore --noflush`` makes all changes
of a table at once.  The saved rules, which iptables-persistent loads at boot and Fuel's
Puppet saves, are edited as text: ``iptables-save`` into that file would save Felix's
chains for good.

Felix, Neutron's agents and libvirt insert their own jumps at the top of INPUT again and
again.  So a jump of ours is good if no earlier rule stops its packets; the chains of
others may do what they like with their own interfaces.
"""

from __future__ import unicode_literals

import operator
import re
from collections import namedtuple

from calico_fuel.errors import CommandError
from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import replace, text_of
from calico_fuel.resources.iptables import SAVED, Table
from calico_fuel.resources.shown import text_difference

# As the package iptables-persistent makes it.
SAVED_MODE = 0o640
SECONDS_FOR_LOCK = 20
# After RETURN in a built-in chain the policy counts, which is DROP from Fuel 8.0.
CLOSING = re.compile(
    r'(?:^| )(?:-j (?:DROP|REJECT|RETURN|QUEUE|NFQUEUE)|-g \S+)(?: |$)')
ACCEPTING = re.compile(r'(?:^| )-j ACCEPT(?: |$)')
REFUSING = re.compile(r'(?:^| )-j (?:DROP|REJECT)(?: |$)')
PROTOCOL = re.compile(r'(?:^| )-p (\S+)')


class _Edited(Resource):
    """Base: ``table`` is edited, by ``edit(table)`` with a Table."""

    def difference(self, system):
        found = [(where, text, self.edited(text).text) for where, text in (
            ('iptables -t ' + self.table, live_rules(system, self.table)),
            (SAVED, text_of(system, SAVED) or ''))]
        return '\n'.join(text_difference(*one) for one in found if one[1] != one[2])

    def change(self, system):
        # Trusty's iptables does not wait for its lock by itself.  A try also fails if
        # another program changes the table meanwhile, with a message that differs
        # between versions.  So each try starts from the current rules.
        last = system.eventually(
            lambda: self._failure(system), SECONDS_FOR_LOCK, until=operator.not_)
        if last:
            raise last
        saved = text_of(system, SAVED)
        wanted = self.edited(saved or '').text
        if wanted != (saved or ''):
            replace(system, SAVED, wanted, SAVED_MODE if saved is None else None)

    def edited(self, text):
        table = Table(text, self.table)
        self.edit(table)
        return table

    def _failure(self, system):
        live = live_rules(system, self.table)
        edited = self.edited(live)
        try:
            if edited.text != live:
                system.run(['iptables-restore', '--noflush'], text=edited.commands)
        except CommandError as error:
            return error
        return None


class Chain(_Edited, namedtuple('Chain', 'table name parent match rules')):
    """The IPv4 chain *name* in *table* has exactly ``rules``, and is jumped to.

    ``rules`` are texts as iptables-save prints them behind ``-A NAME``.  The
    built-in chain *parent* jumps to it for what ``match`` matches, once, and
    before any rule that closes it; a chain that refuses something, also before any
    rule that accepts.
    """

    label_format = 'firewall chain {0.name}'

    def edit(self, table):
        table.make(self.parent)
        jump, rules = '{0.match} -j {0.name}'.format(self), table.rules(self.parent)
        if [rule for rule in rules if _jumps(rule, self.name)] != [jump] or any(
                self._is_stopped_by(rule) for rule in rules[:rules.index(jump)]):
            table.remove_rules(self.parent, lambda rule: _jumps(rule, self.name))
            table.insert_first(self.parent, jump)
        table.set_rules(self.name, self.rules)

    def _is_stopped_by(self, rule):
        """Whether a packet that ``match`` matches may end at *rule* of the parent."""
        protocols = [found.group(1) for found in (
            PROTOCOL.search(self.match), PROTOCOL.search(rule)) if found]
        return len(set(protocols)) < 2 and bool(CLOSING.search(rule) or (
            ACCEPTING.search(rule) and any(map(REFUSING.search, self.rules))))


class NoRules(_Edited, namedtuple('NoRules', 'table chain rules')):
    """*chain* has none of ``rules``, which are texts as iptables-save prints them."""

    label_format = 'no unwanted rules in {0.chain}'

    def edit(self, table):
        table.remove_rules(self.chain, lambda rule: rule in self.rules)


class NoChain(_Edited, namedtuple('NoChain', 'table name parent')):
    """There is no chain *name*, and *parent* does not jump to it."""

    label_format = 'no firewall chain {0.name}'

    def edit(self, table):
        table.remove_rules(self.parent, lambda rule: _jumps(rule, self.name))
        table.remove_chain(self.name)


def live_rules(system, table):
    """The text of a table, as of iptables-save."""
    return system.run(['iptables-save', '-t', table]).stdout


def _jumps(rule, name):
    return bool(re.search(r'(?:^| )-[jg] {}$'.format(re.escape(name)), rule))

"""A chain of firewall rules of our own, now and after a reboot.

No chain or rule of others is changed.  One ``iptables-restore --noflush`` empties and
fills the chain that it declares, atomically, and nothing else.  The saved rules, which
iptables-persistent loads at boot and Fuel's Puppet saves, are edited as text:
``iptables-save`` into that file would save Felix's chains for good.

Felix, Neutron's agents and libvirt insert their own jumps at the top of INPUT again and
again.  So a jump of ours is good if no earlier rule stops its packets; the chains of
others may do what they like with their own interfaces.
"""

from __future__ import unicode_literals

import operator
import re
from collections import namedtuple

from calico_fuel.errors import CommandError
from calico_fuel.errors import FileError
from calico_fuel.resources.base import Resource
from calico_fuel.resources.file import replace
from calico_fuel.resources.file import text_difference
from calico_fuel.resources.file import text_of

SAVED, SAVED_IPV6 = '/etc/iptables/rules.v4', '/etc/iptables/rules.v6'
# As the package iptables-persistent makes it.
SAVED_MODE = 0o640
SECONDS_FOR_LOCK = 20
# After RETURN in a built-in chain the policy counts, which is DROP from Fuel 8.0.
CLOSING = re.compile(
    r'(?:^| )(?:-j (?:DROP|REJECT|RETURN|QUEUE|NFQUEUE)|-g \S+)(?: |$)')
# With -c iptables-save writes counters before each rule.
RULE = re.compile(r'(?:\[\d+:\d+\] )?-A (\S+) *(.*?) *$')


class Chain(Resource, namedtuple('Chain', 'table name parent match rules')):
    """The IPv4 chain *name* in *table* has exactly ``rules``, and is jumped to.

    ``rules`` are texts as iptables-save prints them behind ``-A NAME``.  The
    built-in chain *parent* jumps to it for what ``match`` matches, once, and
    before any rule that closes it.
    """

    __slots__ = ()
    label_format = 'firewall chain {0.name}'

    def __new__(cls, table, name, parent, match, rules):
        return super(Chain, cls).__new__(cls, table, name, parent, match, tuple(rules))

    def difference(self, system):
        live, saved = live_rules(system, self.table), text_of(system, SAVED) or ''
        return '\n'.join(
            text_difference(where, text, with_chain(text, self))
            for where, text in (('iptables -t ' + self.table, live), (SAVED, saved))
            if with_chain(text, self) != text)

    def change(self, system):
        load(system, self.table, lambda live: with_chain(live, self),
             lambda live: restore_text(live, self))
        saved = text_of(system, SAVED)
        wanted = with_chain(saved or '', self)
        if wanted != saved:
            replace(system, SAVED, wanted, SAVED_MODE if saved is None else None)


def live_rules(system, table):
    """The text of a table, as of iptables-save."""
    return system.run(['iptables-save', '-t', table]).stdout


def load(system, table, wanted, changes):
    """Change the running *table* until it is as *wanted* makes its text.

    *changes* is a function: the current text -> the input of iptables-restore
    --noflush.
    Trusty's iptables does not wait for its lock by itself.  A try also fails if
    another program changes the table meanwhile, with a message that differs between
    versions.  So each try starts from the current rules.
    """
    def failure():
        live = live_rules(system, table)
        if wanted(live) == live:
            return None
        try:
            system.run(['iptables-restore', '--noflush'], text=changes(live))
        except CommandError as error:
            return error
        return None
    last = system.eventually(failure, SECONDS_FOR_LOCK, until=operator.not_)
    if last:
        raise last


def restore_text(live, chain):
    """The input of iptables-restore --noflush, if *live* is the current text."""
    section = Section(live.split('\n'), chain.table)
    lines = ['*' + chain.table, ':{} - [0:0]'.format(chain.name)]
    lines += ['-A {} {}'.format(chain.name, rule) for rule in chain.rules]
    if not _is_reached(section, chain):
        lines += ['-D {} {}'.format(chain.parent, rule)
                  for rule in section.rules(chain.parent) if jumps(rule, chain.name)]
        lines.append('-I {} 1 {}'.format(chain.parent, _jump(chain)))
    return '\n'.join(lines + ['COMMIT', ''])


def with_chain(text, chain):
    """*text*, as of iptables-save, with *chain*; every other line stays as it is.

    A text that has the wanted chain is returned unchanged.  FileError for a table
    without an end.
    """
    lines = text.split('\n')
    if '*' + chain.table not in lines:
        # The last line ends, so what is behind its newline is ''.
        lines[-1:] = [line for line in lines[-1:] if line] + [
            '*' + chain.table, ':{} ACCEPT [0:0]'.format(chain.parent), 'COMMIT', '']
    section = Section(lines, chain.table)
    if not _is_reached(section, chain):
        section.drop(
            lambda name, rule: name == chain.parent and jumps(rule, chain.name))
        section.insert_first(chain.parent, _jump(chain))
    if not section.declares(chain.name):
        section.declare(chain.name)
    if section.rules(chain.name) != list(chain.rules):
        section.drop(lambda name, rule: name == chain.name)
        section.append(chain.name, chain.rules)
    return '\n'.join(lines)


def _jump(chain):
    return '{} -j {}'.format(chain.match, chain.name)


def jumps(rule, name):
    """Whether *rule* goes to the chain *name*."""
    return bool(re.search(r'(?:^| )-[jg] {}$'.format(re.escape(name)), rule))


def _is_reached(section, chain):
    rules = section.rules(chain.parent)
    if [rule for rule in rules if jumps(rule, chain.name)] != [_jump(chain)]:
        return False
    return not any(CLOSING.search(rule) for rule in rules[:rules.index(_jump(chain))])


class Section(object):
    """The lines of one table, inside of the list of all lines; edits that list."""

    def __init__(self, lines, table):
        self._lines = lines
        # The last of several counts: each empties the table first.
        self._begin = len(lines) - lines[::-1].index('*' + table)
        self._table = table

    @property
    def _end(self):
        for number in range(self._begin, len(self._lines)):
            if self._lines[number] == 'COMMIT':
                return number
            if self._lines[number].startswith('*'):
                break
        raise FileError(SAVED, 'the table {} has no line COMMIT: the file is cut '
                        'off'.format(self._table), (
                            'Save the rules again ("service iptables-persistent save") '
                            'or remove the file, then run this again'))

    def _numbered_rules(self):
        for number in range(self._begin, self._end):
            found = RULE.match(self._lines[number])
            if found:
                yield number, found.group(1), found.group(2)

    def rules(self, chain):
        return [rule for _, name, rule in self._numbered_rules() if name == chain]

    def declares(self, chain):
        return any(line.startswith(':{} '.format(chain))
                   for line in self._lines[self._begin:self._end])

    def declare(self, chain):
        at = max([self._begin] + [
            number + 1 for number in range(self._begin, self._end)
            if self._lines[number].startswith(':')])
        self._lines.insert(at, ':{} - [0:0]'.format(chain))

    def undeclare(self, chain):
        for number in reversed(range(self._begin, self._end)):
            if self._lines[number].startswith(':{} '.format(chain)):
                del self._lines[number]

    def drop(self, is_unwanted):
        for number, name, rule in reversed(list(self._numbered_rules())):
            if is_unwanted(name, rule):
                del self._lines[number]

    def insert_first(self, chain, rule):
        at = [number for number, name, _ in self._numbered_rules() if name == chain]
        self._lines.insert((at + [self._end])[0], '-A {} {}'.format(chain, rule))

    def append(self, chain, rules):
        self._lines[self._end:self._end] = [
            '-A {} {}'.format(chain, rule).rstrip() for rule in rules]


class _Without(Resource):
    """Base of both: they have ``table``, and

    _edit(section)     removes the unwanted lines from a Section
    _changes(section)  gives iptables-restore's lines that do so
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
    label_format = 'no firewall chain {0.name}'

    def _edit(self, section):
        section.drop(lambda name, rule: name == self.name or (
            name == self.parent and jumps(rule, self.name)))
        section.undeclare(self.name)

    def _changes(self, section):
        return [':{} - [0:0]'.format(self.name)] + [
            '-D {} {}'.format(self.parent, rule) for rule in section.rules(self.parent)
            if jumps(rule, self.name)] + ['-X ' + self.name]

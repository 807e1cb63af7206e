"""One table in the text of iptables-save, edited line by line.

A Table records the lines of iptables-restore that make the same changes of the running
table.
"""

from __future__ import unicode_literals

import re

from calico_fuel.errors import FileError

SAVED, SAVED_IPV6 = '/etc/iptables/rules.v4', '/etc/iptables/rules.v6'
# With -c iptables-save writes counters before each rule.
RULE = re.compile(r'(?:\[\d+:\d+\] )?-A (\S+) *(.*?) *$')


class Table(object):
    """The table *name* in *text*; every line that is not edited stays as it is.

    FileError, in each method, if the table has no end.
    """

    def __init__(self, text, name):
        self._lines = text.split('\n')
        self._name = name
        self._commands = []

    @property
    def text(self):
        return '\n'.join(self._lines)

    @property
    def commands(self):
        """The input of ``iptables-restore --noflush``, which takes all or nothing."""
        return '\n'.join(['*' + self._name] + self._commands + ['COMMIT', ''])

    def rules(self, chain):
        """The rules of *chain*, as iptables-save prints them behind ``-A NAME``."""
        return [rule for _, rule in self._rules(chain)]

    def make(self, chain):
        """Add the table, with the built-in *chain*, if it is missing."""
        if '*' + self._name not in self._lines:
            # The last line ends, so what is behind its newline is ''.
            self._lines[-1:] = [line for line in self._lines[-1:] if line] + [
                '*' + self._name, ':{} ACCEPT [0:0]'.format(chain), 'COMMIT', '']

    def set_rules(self, chain, rules):
        """Give *chain*, which is wholly ours, exactly *rules*."""
        declared = self._declarations(chain)
        if declared and self.rules(chain) == list(rules):
            return
        if not declared:
            at = [n + 1 for n in self._numbers() if self._lines[n].startswith(':')]
            self._lines.insert(([self._numbers()[0]] + at)[-1], _declaration(chain))
        self._delete(number for number, _ in self._rules(chain))
        end = self._numbers()[-1]
        added = ['-A {} {}'.format(chain, rule) for rule in rules]
        self._lines[end:end] = added
        # A rule may jump only to a chain that is there.
        self._commands[:0] = [_declaration(chain)] + added

    def insert_first(self, chain, rule):
        at = [number for number, _ in self._rules(chain)] + self._numbers()[-1:]
        self._lines.insert(at[0], '-A {} {}'.format(chain, rule))
        self._commands.append('-I {} 1 {}'.format(chain, rule))

    def remove_rules(self, chain, is_unwanted):
        found = [pair for pair in self._rules(chain) if is_unwanted(pair[1])]
        self._delete(number for number, _ in found)
        self._commands += ['-D {} {}'.format(chain, rule) for _, rule in found]

    def remove_chain(self, chain):
        """Remove *chain*, to which no rule jumps any more."""
        found = self._declarations(chain) + [number for number, _ in self._rules(chain)]
        self._delete(found)
        self._commands += [_declaration(chain), '-X ' + chain] if found else []

    def _numbers(self):
        """The numbers of the lines, with that of COMMIT; [] without the table."""
        if '*' + self._name not in self._lines:
            return []
        # The last of several counts: each empties the table first.
        begin = len(self._lines) - self._lines[::-1].index('*' + self._name)
        for number in range(begin, len(self._lines)):
            if self._lines[number] == 'COMMIT':
                return list(range(begin, number + 1))
            if self._lines[number].startswith('*'):
                break
        raise FileError(SAVED, 'the table {} has no line COMMIT: the file is cut '
                        'off'.format(self._name), (
                            'Save the rules again ("service iptables-persistent save") '
                            'or remove the file, then run this again'))

    def _rules(self, chain):
        found = [(at, RULE.match(self._lines[at])) for at in self._numbers()]
        return [(at, rule.group(2)) for at, rule in found
                if rule and rule.group(1) == chain]

    def _declarations(self, chain):
        return [number for number in self._numbers()
                if self._lines[number].startswith(':{} '.format(chain))]

    def _delete(self, numbers):
        for number in sorted(numbers, reverse=True):
            del self._lines[number]


def _declaration(chain):
    """Of a chain of ours; iptables-restore creates it, or removes its rules."""
    return ':{} - [0:0]'.format(chain)

"""iptables-save and iptables-restore --noflush, with the tables of a node."""

from __future__ import unicode_literals

import copy

from tests.unit.fake.system import UnknownCommand, bad, good

BUILT_IN = {'filter': ['INPUT', 'FORWARD', 'OUTPUT'],
            'mangle': ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']}


class Iptables(object):
    """``rules`` has a list of rules for each chain of each table.

    ``locked`` is how often the lock is held by another before it is free, and
    ``meanwhile`` what others do in between, once.
    """

    def __init__(self, system, **chains):
        self.system = system
        self.rules = dict((table, dict((name, []) for name in names))
                          for table, names in BUILT_IN.items())
        self.rules['filter'].update(chains)
        self.locked = 0
        self.meanwhile = None
        system.programs['iptables-save'] = self.save
        system.programs['iptables-restore'] = self.restore

    def save(self, argv, text):
        if argv[1:2] != ['-t'] or len(argv) != 3:
            raise UnknownCommand(' '.join(argv))
        table, lines = self.rules[argv[2]], []
        for name in sorted(table):
            lines.append(':{} {} [0:0]'.format(
                name, 'ACCEPT' if name in BUILT_IN[argv[2]] else '-'))
        for name in sorted(table):
            lines += ['-A {} {}'.format(name, rule) for rule in table[name]]
        return good('\n'.join(['# Generated', '*' + argv[2]] + lines + ['COMMIT', '']))

    def restore(self, argv, text):
        if argv[1:] != ['--noflush']:
            raise UnknownCommand(' '.join(argv))
        if self.locked:
            self.locked -= 1
            return bad('Another app is currently holding the xtables lock.', 4)
        if self.meanwhile:
            self.meanwhile(self)
            self.meanwhile = None
        self.system.about_to_change()
        wanted = copy.deepcopy(self.rules)
        table = None
        for number, line in enumerate(text.splitlines(), 1):
            verb, _, rest = line.partition(' ')
            name, _, rule = rest.partition(' ')
            if line.startswith('*'):
                table = wanted[line[1:]]
            elif line.startswith(':'):
                table[verb[1:]] = []
            elif line == 'COMMIT':
                self.rules = wanted
            elif verb == '-D' and rule not in table[name]:
                return bad('iptables-restore: line {} failed'.format(number))
            elif verb == '-D':
                table[name].remove(rule)
            elif verb == '-A':
                table[name].append(rule)
            elif verb == '-X' and table[name]:
                return bad('iptables-restore: line {} failed'.format(number))
            elif verb == '-X':
                del table[name]
            elif verb == '-I' and rule.startswith('1 '):
                table[name].insert(0, rule[2:])
            else:
                raise UnknownCommand(line)
        return good()

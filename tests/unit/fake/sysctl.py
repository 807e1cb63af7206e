"""The program sysctl and the kernel's settings."""

from __future__ import unicode_literals

from tests.unit.fake.system import UnknownCommand, bad, good


class Sysctl(object):
    def __init__(self, system, **values):
        self.system = system
        self.values = dict((key.replace('__', '.'), value)
                           for key, value in values.items())
        system.programs['sysctl'] = self.sysctl

    def sysctl(self, argv, text):
        if argv[1] == '-n':
            if argv[2] not in self.values:
                return bad('cannot stat /proc/sys/{}'.format(argv[2]), 255)
            return good(self.values[argv[2]] + '\n')
        if argv[1] == '-w':
            self.system.about_to_change()
            key, _, value = argv[2].partition('=')
            self.values[key] = value
            return good()
        raise UnknownCommand(' '.join(argv))

"""The program sysctl and the kernel's settings, which are files."""

from __future__ import unicode_literals

from calico_fuel.resources.sysctl import path
from tests.unit.fake.system import MODE, OWNER, Entry, UnknownCommand, good


class Sysctl(object):
    def __init__(self, system, **values):
        self.system = system
        for name, value in values.items():
            self[name.replace('__', '.')] = value
        system.programs['sysctl'] = self.sysctl

    def __getitem__(self, key):
        return self.system.files[path(key)].text.strip()

    def __setitem__(self, key, value):
        self.system.files[path(key)] = Entry(value + '\n', OWNER, MODE)

    def sysctl(self, argv, text):
        if argv[1] != '-w':
            raise UnknownCommand(' '.join(argv))
        self.system.about_to_change()
        key, _, value = argv[2].partition('=')
        self[key] = value
        return good()

"""The services of a node: upstart jobs and SysV scripts."""

from __future__ import unicode_literals

import re

from tests.unit.fake.system import MODE, OWNER, Entry, UnknownCommand, bad, good


class Services(object):
    """The programs ``service`` and ``update-rc.d``; knows who runs.

    ``starts`` has the name of a service for each time it was started, ``found``
    the files that each found at its last start, and ``broken`` the names of those
    that do not come up.
    """

    def __init__(self, system, jobs=(), scripts=(), running=()):
        self.system = system
        self.running = set(running)
        self.starts = []
        self.found = {}
        self.broken = set()
        for name in jobs:
            self.add_job(name)
        for name in scripts:
            system.files['/etc/init.d/' + name] = system.files.get(
                '/etc/init.d/' + name) or _entry()
            system.files['/etc/rc2.d/S20' + name] = _entry()
        system.programs['service'] = self.service
        system.programs['update-rc.d'] = self.update_rc_d

    def add_job(self, name):
        self.system.files['/etc/init/{}.conf'.format(name)] = _entry()

    def boot(self):
        """Who runs after a reboot: the jobs without an override, and the links."""
        self.running = set()
        for path in list(self.system.files):
            job = re.match(r'/etc/init/(.+)\.conf$', path)
            link = re.match(r'/etc/rc2.d/S\d\d(.+)$', path)
            override = self.system.files.get(
                '/etc/init/{}.override'.format(job.group(1))) if job else None
            if job and not (override and 'manual' in override.text):
                self.running.add(job.group(1))
            elif link:
                self.running.add(link.group(1))

    def service(self, argv, text):
        _, name, verb = argv
        files = self.system.files
        is_job = '/etc/init/{}.conf'.format(name) in files
        if not is_job and '/etc/init.d/' + name not in files:
            return bad(name + ': unrecognized service')
        if verb == 'status':
            runs = name in self.running
            if is_job:
                return good('{} {}\n'.format(
                    name, 'start/running, process 4' if runs else 'stop/waiting'))
            return good('running') if runs else bad('stopped', 3)
        self.system.about_to_change()
        if verb in ('start', 'restart'):
            self.starts.append(name)
            self.found[name] = dict(files)
            self.running.add(name)
            self.running -= self.broken
            return good()
        if verb == 'stop':
            self.running.discard(name)
            return good()
        raise UnknownCommand(' '.join(argv))

    def update_rc_d(self, argv, text):
        _, name, verb = argv
        self.system.about_to_change()
        links = [path for path in self.system.files if re.match(
            r'/etc/rc\d\.d/[SK]\d\d{}$'.format(re.escape(name)), path)]
        if verb not in ('enable', 'disable'):
            raise UnknownCommand(' '.join(argv))
        for path in links:
            self.system.files[re.sub('/[SK]', '/S' if verb == 'enable' else '/K', path)
                              ] = self.system.files.pop(path)
        return good()


def _entry():
    return Entry('# of the package\n', OWNER, MODE)

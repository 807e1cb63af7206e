"""apt, dpkg and debconf of a node, with the sources that it knows."""

from __future__ import unicode_literals

from collections import namedtuple

from tests.unit.fake.system import MODE, OWNER, Entry, UnknownCommand, bad, good

OURS = 'http://192.0.2.1:8080/plugins/calico-fuel-plugin-4.0/repositories/ubuntu'
MOS = 'http://192.0.2.1:8080/2015.1.0-7.0/ubuntu/x86_64'
POLICY = '/usr/sbin/policy-rc.d'
JOURNAL = '/var/lib/dpkg/updates/0001'
LOCKED = ('E: Could not get lock /var/lib/dpkg/lock - open (11: Resource temporarily '
          'unavailable)\nE: Unable to lock the administration directory '
          '(/var/lib/dpkg/), is another process using it?')
UNREACHABLE = ('E: Failed to fetch {}/Packages  Temporary failure resolving\n'
               'E: Some index files failed to download.'.format(MOS))


class Version(namedtuple('Version', 'text source depends conflicts')):
    """One version of a package; ``depends`` on NAME or NAME=VERSION."""

    __slots__ = ()


class State(namedtuple('State', 'version wish status')):
    __slots__ = ()


class Apt(object):
    """The programs apt-get, apt-cache, dpkg, dpkg-query, debconf-set-selections.

    A package starts a service of its name when it is configured; ``started``
    has their names.  ``locked`` is how often the lock is still held by another
    program, ``unreachable`` how often a source still does not answer.  Packages are
    downloaded to ``archives``, each with its name and version as content.
    """

    def __init__(self, system):
        self.system = system
        self.versions = {}
        self.unread = {}
        self.states = {}
        self.started = []
        self.answers = {}
        self.archives = '/var/cache/apt/archives'
        self.locked = 0
        self.unreachable = 0
        self.updates = 0
        for name in ('apt-get', 'apt-cache', 'dpkg', 'dpkg-query',
                     'debconf-set-selections'):
            system.programs[name] = getattr(self, name.replace('-', '_'))

    def add(self, name, version, source=OURS, depends=(), conflicts=(), unread=False):
        """A version newer than those before; *unread*: by apt-get update only."""
        target = self.unread if unread else self.versions
        target.setdefault(name, []).append(
            Version(version, source, tuple(depends), tuple(conflicts)))

    def have(self, name, version, wish='install', status='installed'):
        """The package is on the node already, from wherever."""
        self.states[name] = State(version, wish, status)

    def installed(self):
        """Versions by name, of what is configured to the end."""
        return dict((name, state.version) for name, state in self.states.items()
                    if state.status == 'installed')

    def dpkg_query(self, argv, text):
        if argv[1:4] != ['-W', '-f', r'${Package}\t${Version}\t${Status}\n']:
            raise UnknownCommand(' '.join(argv))
        known = [name for name in argv[4:] if name in self.states]
        rows = ''.join('{}\t{}\t{} ok {}\n'.format(
            name, self.states[name].version, self.states[name].wish,
            self.states[name].status) for name in known)
        return good(rows)._replace(status=int(len(known) != len(argv[4:])))

    def apt_cache(self, argv, text):
        if argv[1] != 'policy':
            raise UnknownCommand(' '.join(argv))
        return good(''.join(self._policy(name) for name in argv[2:]
                            if name in self.versions or name in self.states))

    def _policy(self, name):
        have = self.states.get(name)
        rows = [name + ':',
                '  Installed: {}'.format(have.version if have else '(none)'),
                '  Candidate: {}'.format(self._candidate(name) or '(none)'),
                '  Version table:']
        listed = list(reversed(self.versions.get(name, [])))
        for version in listed:
            rows.append('{}{} 0'.format(
                ' *** ' if have and have.version == version.text else '     ',
                version.text))
            rows.append('       {:4} {}/  Packages'.format(
                1100 if version.source == OURS else 1050, version.source))
        if have and have.version not in [version.text for version in listed]:
            rows += [' *** {} 0'.format(have.version),
                     '        100 /var/lib/dpkg/status']
        return '\n'.join(rows) + '\n'

    def _candidate(self, name):
        versions = self.versions.get(name, [])
        ours = [v.text for v in versions if v.source == OURS]
        return (ours or [v.text for v in versions] or [None])[-1]

    def apt_get(self, argv, text):
        options, command, wanted = self._parsed(argv[1:])
        if command == 'update':
            return self._update()
        plan, unmet = self._plan(wanted + self._lacked(options))
        if unmet:
            return bad('E: Unable to correct problems, you have held broken '
                       'packages.', 100)._replace(
                stdout='The following packages have unmet dependencies:\n '
                       '{}\n'.format(unmet))
        lower = any(self._is_lower(name, new) for verb, name, _, new in plan
                    if verb == 'Inst')
        if '-s' in options:
            return good(_shown(plan, lower))
        if '-y' not in options:
            return bad('Abort.')
        if lower and 'APT::Get::allow-downgrades=true' not in options:
            return bad('E: Packages were downgraded and -y was used without '
                       '--allow-downgrades.', 100)
        if self._is_held():
            return bad(LOCKED, 100)
        if JOURNAL in self.system.files:
            return bad("E: dpkg was interrupted, you must manually run 'dpkg "
                       "--configure -a' to correct the problem.", 100)
        if '--download-only' in options:
            if self.unreachable:
                self.unreachable -= 1
                return bad(UNREACHABLE, 100)
            self.system.about_to_change()
            self._download(plan)
            return good()
        if plan:
            self._unpack(plan)
            self._configure()
        return good()

    def _download(self, plan):
        for verb, name, _, new in plan:
            path = '{}/{}_{}_amd64.deb'.format(
                self.archives, name, (new or '').replace(':', '%3a'))
            self.system.files[path] = Entry('{} {}'.format(name, new), OWNER, MODE)

    @staticmethod
    def _parsed(arguments):
        options, rest = set(), list(arguments)
        while rest and rest[0].startswith('-'):
            option = rest.pop(0)
            if option == '-o':
                option = rest.pop(0)
            elif option not in ('-q', '-s', '-y', '--no-install-recommends',
                                '--download-only', '--fix-broken'):
                raise UnknownCommand(' '.join(arguments))
            options.add(option)
        if not rest or rest[0] not in ('install', 'update'):
            raise UnknownCommand(' '.join(arguments))
        return options, rest[0], rest[1:]

    def _update(self):
        self.updates += 1
        if self._is_held():
            return bad(LOCKED, 100)
        if self.unreachable:
            self.unreachable -= 1
            return bad(UNREACHABLE, 100)
        self.system.about_to_change()
        for name, versions in self.unread.items():
            self.versions.setdefault(name, []).extend(versions)
        self.unread = {}
        return good()

    def _is_held(self):
        self.locked -= 1
        return self.locked >= 0

    def _lacked(self, options):
        """What unpacked packages lack; until that is there apt does nothing else."""
        lacking = [one for name, state in sorted(self.states.items())
                   if state.status == 'unpacked' for one in self._lacking(name)
                   if one not in self.states]
        if lacking and '--fix-broken' not in options:
            return ['unmet-dependencies']
        return lacking

    def _lacking(self, name):
        depends = [version.depends for version in self.versions.get(name, [])
                   if version.text == self.states[name].version]
        return [one for of_one in depends for one in of_one
                if one.partition('=')[0] not in self.installed()]

    def _plan(self, wanted):
        plan, todo = [], list(wanted)
        while todo:
            name, _, version = todo.pop(0).partition('=')
            have = self.states.get(name)
            if have and version in ('', have.version) and have.status == 'installed':
                continue
            found = [v for v in self.versions.get(name, [])
                     if v.text == (version or self._candidate(name))]
            if not found:
                return [], '{} : is not installable'.format(name)
            step = ('Inst', name, have and have.version, found[0].text)
            if step not in plan:
                plan.append(step)
                todo += found[0].depends
                plan += [('Remv', other, self.states[other].version, None)
                         for other in found[0].conflicts if other in self.states]
        return plan, None

    def _is_lower(self, name, new):
        texts = [version.text for version in self.versions[name]]
        old = self.states[name].version if name in self.states else None
        return old in texts and texts.index(new) < texts.index(old)

    def _unpack(self, plan):
        for verb, name, _, new in plan:
            self.system.about_to_change()
            self.system.files[JOURNAL] = Entry('', OWNER, MODE)
            if verb == 'Remv':
                del self.states[name]
            else:
                self.states[name] = State(new, 'install', 'unpacked')

    def _configure(self):
        for name in self._in_order():
            self.system.about_to_change()
            self.states[name] = self.states[name]._replace(status='installed')
            policy = self.system.files.get(POLICY)
            if not (policy and 'exit 101' in policy.text):
                self.started.append(name)
        self.system.about_to_change()
        self.system.files.pop(JOURNAL, None)

    def _in_order(self):
        """What can be configured, dependencies first."""
        while True:
            ready = [name for name, state in sorted(self.states.items())
                     if state.status == 'unpacked' and not self._lacking(name)]
            if not ready:
                return
            yield ready[0]

    def dpkg(self, argv, text):
        if argv[1:] != ['--force-confdef', '--force-confold', '--configure', '-a']:
            raise UnknownCommand(' '.join(argv))
        if self._is_held():
            return bad('dpkg: error: dpkg status database is locked by another '
                       'process', 2)
        self._configure()
        left = [name for name, state in self.states.items()
                if state.status == 'unpacked']
        return bad('dpkg: dependency problems prevent configuration of {}'.format(
            left)) if left else good()

    def debconf_set_selections(self, argv, text):
        self.system.about_to_change()
        for row in text.splitlines():
            _, question, _, value = row.split()
            self.answers[question] = value
        return good()


def _shown(plan, lower):
    rows = ['The following packages will be DOWNGRADED:'] if lower else []
    for verb, name, old, new in plan:
        rows.append('{} {}{}{}'.format(
            verb, name, ' [{}]'.format(old) if old else '',
            ' ({} Calico:4.0 [amd64])'.format(new) if new else ''))
    return '\n'.join(rows) + '\n'

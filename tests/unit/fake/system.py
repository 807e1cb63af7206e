"""The functions of calico_fuel.system for a node in memory."""

from __future__ import unicode_literals

import contextlib
from collections import namedtuple

from calico_fuel.errors import CommandError, FileError, NotInstalledError
from calico_fuel.system import Answer

OWNER, MODE = 'root:root', 0o644


class Entry(namedtuple('Entry', 'content owner mode')):
    """A file; its content is bytes, and may be given as text, which is UTF-8 then."""

    __slots__ = ()

    def __new__(cls, content, owner, mode):
        return super(Entry, cls).__new__(cls, content if isinstance(
            content, bytes) else content.encode('utf-8'), owner, mode)

    @property
    def text(self):
        return self.content.decode('utf-8', 'replace')


class UnknownCommand(BaseException):
    """A command that the node does not know; no except clause swallows it."""


class Killed(BaseException):
    """The run is killed here."""


class FakeSystem(object):
    """A node: files by path, programs by name, servers that answer HTTP.

    A program is a callable (argv, text) -> Answer, or None for one that is not
    installed.  A server is a callable (method, url, body) -> Reply or None.
    ``dies_at`` is the number of the change, from 1, at which the run is killed
    instead; from then on nothing changes any more, in no ``finally`` either.
    """

    def __init__(self, files=None, dies_at=None, clock=1448000000.0):
        self.files = {path: Entry(text, OWNER, MODE)
                      for path, text in (files or {}).items()}
        self.programs = {}
        self.servers = []
        # The texts of each that was written, by name.
        self.archives = {}
        self.users = {'root:root', 'root:bird', 'bird:bird', 'etcd:etcd'}
        self.user_ids = {'root': 0, 'etcd': 105, 'neutron': 106}
        # In bytes.
        self.space = 10 ** 10
        self.changes = 0
        self.locks = set()
        self.dies_at = dies_at
        self.clock = clock

    def about_to_change(self):
        """Every change of the node goes through here."""
        self.changes += 1
        if self.dies_at and self.changes >= self.dies_at:
            raise Killed()

    def text(self, path):
        return self.files[path].text

    # The functions of calico_fuel.system, in its order.

    def read(self, path):
        if path not in self.files:
            raise FileError(path, 'No such file or directory', 'Name another')
        return self.files[path].text

    def read_if_exists(self, path):
        return self.files[path].text if path in self.files else None

    def read_bytes(self, path):
        return self.files[path].content if path in self.files else None

    def tail(self, path, most):
        return self.read(path).encode('utf-8')[-most:].decode('utf-8', 'replace')

    def write_archive(self, path, folder, members, time):
        if path in self.files:
            raise FileError(path, 'File exists', 'Name another')
        self.about_to_change()
        self.archives[path] = dict(
            ('{}/{}'.format(folder, name), text) for name, text in members)

    def newest(self, paths):
        return next((path for path in paths if path in self.files), None)

    def exists(self, path):
        return path in self.files or any(
            other.startswith(path.rstrip('/') + '/') for other in self.files)

    def names_in(self, directory):
        start = directory.rstrip('/') + '/'
        return sorted(set(path[len(start):].split('/')[0]
                          for path in self.files if path.startswith(start)))

    def space_left(self, directory):
        return self.space if self.exists(directory) else None

    def owner_and_mode(self, path):
        entry = self.files.get(path)
        return entry and (entry.owner, entry.mode)

    def user_id(self, name):
        return self.user_ids.get(name)

    def stage(self, path, content, mode=None, owner=None):
        self.about_to_change()
        before = self.files.get(path, Entry('', OWNER, MODE))
        owner = owner or before.owner
        if owner not in self.users:
            raise FileError(path, 'owner {} is not known'.format(owner), 'Cure')
        directory, _, name = path.rpartition('/')
        staged = '{}/.calico-fuel-{}'.format(directory, name)
        mode = before.mode if mode is None else mode
        self.files[staged] = Entry(content, owner, mode)
        return staged

    def put_in_place(self, staged, path):
        self.about_to_change()
        self.files[path] = self.files.pop(staged)

    def write(self, path, content, mode=None, owner=None):
        self.put_in_place(self.stage(path, content, mode, owner), path)

    def write_below(self, directory, path, content):
        self.write(directory + '/' + path, content, 0o600)

    def make_directory(self, path, owner=None, mode=0o700):
        self.about_to_change()
        owner = owner or OWNER
        self.files[path] = Entry(
            '', owner if ':' in owner else '{0}:{0}'.format(owner), mode)

    def remove(self, path):
        inside = [p for p in self.files if p == path or p.startswith(path + '/')]
        if inside:
            self.about_to_change()
        for one in inside:
            del self.files[one]

    def move(self, path, name):
        self.about_to_change()
        for old in [p for p in self.files if p == path or p.startswith(path + '/')]:
            self.files[name + old[len(path):]] = self.files.pop(old)

    @contextlib.contextmanager
    def temporary_directory(self):
        try:
            yield '/tmp/calico-fuel-test'
        finally:
            for path in list(self.files):
                if path.startswith('/tmp/calico-fuel-test'):
                    del self.files[path]

    def run(self, argv, text=None, accept=(0,), timeout=120):
        if argv[0] not in self.programs:
            raise UnknownCommand(' '.join(argv))
        program = self.programs[argv[0]]
        if program is None:
            raise NotInstalledError(argv)
        answer = program(list(argv), text)
        if accept is not None and answer.status not in accept:
            raise CommandError(argv, answer.status, answer.stderr or answer.stdout)
        return answer

    def http(self, method, url, body=None, content_type='application/json', timeout=5,
             tls=None):
        if url.startswith('https:') and not all(path in self.files for path in tls):
            return None
        for server in self.servers:
            reply = server(method, url, body)
            if reply is not None:
                return reply
        return None

    def eventually(self, poll, seconds, interval=0.25, until=bool):
        end = self.clock + seconds
        while True:
            seen = poll()
            if until(seen) or self.clock >= end:
                return seen
            self.clock += interval

    def now(self):
        self.clock += 0.001
        return self.clock

    def uptime(self):
        return self.clock

    def host_name(self):
        return 'node-1'

    @contextlib.contextmanager
    def lock(self, path, seconds):
        yield

    def is_locked(self, path):
        return path in self.locks


def good(stdout=''):
    return Answer(0, stdout, '')


def bad(stderr, status=1):
    return Answer(status, '', stderr)

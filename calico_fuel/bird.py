"""The BIRD of a node: its version, its parser, its replies.

Sources: BIRD manual 1.6 and 2.0, "Remote control"; the reply codes are those
of ``birdc -v``, because birdc 1.x exits with 0 whatever the daemon replied.
"""

from __future__ import unicode_literals

import posixpath
import re
from collections import namedtuple

from calico_fuel.addresses import shown
from calico_fuel.errors import CommandError
from calico_fuel.errors import FileError
from calico_fuel.errors import NodeError
from calico_fuel.errors import RejectedError
from calico_fuel.errors import RenderError

SERVICE = 'bird'
PROGRAM = '/usr/sbin/bird'
# The first with graceful restart and "connect delay time".
OLDEST = (1, 5)
# What the packages of Trusty's time are, where no BIRD is installed yet.
DEFAULT_LINE = 1
MISSING = 127
PORT_IS_TAKEN = ('another program on this node has or had TCP port 179: find it with '
                 '"fuser -v 179/tcp", and end it')


class Protocol(namedtuple('Protocol', 'name proto table state since info')):
    """One row of ``birdc show protocols``."""

    __slots__ = ()

    @property
    def is_established(self):
        return self.state == 'up' and self.info.startswith('Established')

    @property
    def has_no_socket(self):
        """Another program had the port when BIRD wanted it, and BIRD gave up."""
        return 'No listening socket' in self.info


def version(system):
    """Major and minor version of the BIRD that is installed, None if none.

    BIRD prints "BIRD version X.Y.Z" to standard error.  FileError for a BIRD
    that does not.
    """
    try:
        answer = system.run(['bird', '--version'], accept=None)
    except CommandError as error:
        if error.status == MISSING:
            return None
        raise
    found = re.search(r'BIRD version (\d+)\.(\d+)', answer.stderr)
    if not found:
        raise FileError('bird', 'does not tell its version (exit status {})'.format(
            answer.status), 'Install the package again')
    return int(found.group(1)), int(found.group(2))


def line(version):
    """1 or 2: the syntax for a BIRD of *version*, which is None without BIRD."""
    if version is None:
        return DEFAULT_LINE
    if version < OLDEST:
        raise RenderError(
            'BIRD {}.{} is installed, and too old for graceful restart: '
            'install BIRD 1.6 or 2'.format(*version))
    return min(version[0], 2)


def parse(system, files):
    """Let BIRD's own parser read *files*: bird.conf first, then its includes.

    *files* are pairs of a path relative to bird.conf's directory and a text.
    Raises RejectedError with BIRD's message, FileError where BIRD itself
    fails; does nothing where there is no BIRD.
    """
    with system.temporary_directory() as directory:
        paths = [posixpath.join(directory, path) for path, _ in files]
        for path, (_, text) in zip(paths, files):
            system.write(path, text, 0o600)
        try:
            answer = system.run(['bird', '-p', '-c', paths[0]], accept=None)
        except CommandError as error:
            if error.status == MISSING:
                return
            raise
        if answer.status < 0:
            raise FileError('bird', 'was ended by signal {} while it read the '
                            'rendered {}'.format(-answer.status, files[0][0]),
                            'Install the package again')
        if answer.status:
            raise RejectedError(
                'BIRD refuses the rendered {}: {}. This is a fault of the '
                'plugin: report it with this message'.format(
                    files[0][0], answer.stderr.replace(directory + '/', '').strip()))


def is_running(system):
    """Whether the daemon answers on its control socket."""
    try:
        return 'Daemon is up and running' in system.run(
            ['birdc', 'show', 'status']).stdout
    except CommandError:
        return False


def is_deaf(system):
    """Whether a protocol has no socket, and is down until BIRD is told otherwise."""
    return any(one.has_no_socket for one in protocols(system).values())


def is_established(known, name):
    """Whether the session *name* is one of the *known* Protocols, and Established."""
    return name in known and known[name].is_established


def is_outdated(system):
    """Whether the daemon that runs is of another version than the installed one."""
    running = re.search(r'BIRD (\d\S*)', system.run(
        ['birdc', 'show', 'status']).stdout)
    installed = re.search(r'BIRD version (\d\S*)', system.run(
        ['bird', '--version'], accept=None).stderr)
    return None not in (running, installed) and running.group(1) != installed.group(1)


def kill(system):
    """End the daemon as a crash would; it is found as the package's script does."""
    system.run(['start-stop-daemon', '--stop', '--oknodo', '--quiet',
                '--signal', 'KILL', '--exec', PROGRAM])


def close_sessions(system):
    """Let every neighbor drop the routes of this node, at once."""
    system.run(['birdc', 'disable', 'all'])


def configure(system):
    """Let the daemon read its configuration; NodeError if it does not take it."""
    reply = system.run(['birdc', '-v', 'configure'], accept=None).stdout
    codes = [int(code) for code in re.findall(r'(?m)^(\d{4})[ -]', reply)]
    # 0003 Reconfigured, 0004 Reconfiguration in progress, 0005 queued behind one.
    if not codes or any(code >= 8000 for code in codes) or not re.search(
            r'(?m)^000[345]', reply):
        raise NodeError(
            'birdc configure: BIRD did not take /etc/bird/bird.conf: {}. It goes '
            'on with its old configuration. Look into /etc/bird/local.d, mend '
            'what is named, and run this again'.format(
                ' / '.join(reply.split('\n')).strip() or 'no reply'))


def protocols(system):
    """The Protocols that the daemon has, by name; none if it does not answer."""
    try:
        return parse_protocols(system.run(['birdc', 'show', 'protocols']).stdout)
    except CommandError:
        return {}


def routes(system):
    """What each protocol brought: its name -> prefix -> next hop."""
    try:
        return parse_routes(system.run(['birdc', 'show', 'route', 'all']).stdout)
    except CommandError:
        return {}


def told(system):
    """What Established sessions have brought: prefixes, a host without its /32."""
    known = protocols(system)
    return frozenset(
        shown(prefix)
        for name, brought in routes(system).items()
        if is_established(known, name) for prefix in brought)


def parse_routes(text):
    """``birdc show route all`` of 1.x or 2.x; without routes that lead nowhere.

    A further route to a prefix has a row without it; 2.x tells in a row below through
    whom it leads.  Behind a router that is the router, and BGP's next hop is not.
    """
    found, prefix, name, leads = {}, None, None, False
    for row in text.splitlines():
        start = re.match(r'[0-9.]+/[0-9]+(?=\s)', row)
        by = re.search(r'\[(\S+) ', row)
        via = re.search(r'\bvia ([0-9.]+)', row)
        hop = via or re.match(r'\s*BGP\.next_hop: ([0-9.]+)', row)
        prefix = start.group() if start else prefix
        name = by.group(1) if by else name
        leads = bool(via) or leads and not by
        if hop and leads:
            found.setdefault(name, {})[prefix] = hop.group(1)
    return found


def parse_protocols(text):
    """``birdc show protocols`` of 1.x or 2.x -> Protocols by name."""
    found = {}
    for row in text.splitlines():
        if re.match(r'(?i)(bird \d|name\s+proto\b|\s|$)', row):
            continue
        cells = (row.split(None, 5) + [''] * 6)[:6]
        found[cells[0]] = Protocol(*cells)
    return found

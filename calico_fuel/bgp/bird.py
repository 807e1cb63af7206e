"""The BIRD of a node: its version, its parser, and what is asked of the daemon.

Sources: BIRD manual 1.6 and 2.0, "Remote control"; the reply codes are those
of ``birdc -v``, because birdc 1.x exits with 0 whatever the daemon replied.

A BIRD that hangs gives a NodeError that names the cause and the fix, after
SECONDS_TO_ANSWER.  No function hides the error, so a run asks such a BIRD once.
"""

from __future__ import unicode_literals

import posixpath
import re

from calico_fuel.addresses import shown
from calico_fuel.bgp.bird_replies import (
    parse_next_hops, parse_protocols, parse_routes, parse_table)
from calico_fuel.errors import (
    CommandError, FileError, NodeError, NotInstalledError, RejectedError, RenderError)
from calico_fuel.resources import program
from calico_fuel.resources.question import ask

SERVICE = 'bird'
PROGRAM = '/usr/sbin/bird'
# The first that can remove large communities (RFC 8092).
OLDEST = (1, 6, 3)
# The version that is packaged for Trusty, where no BIRD is installed yet.
DEFAULT_LINE = 1
# Twice the stall of which BIRD itself warns ("watchdog warning").
SECONDS_TO_ANSWER = 10
# All routes, or a new configuration, of a BIRD that has just answered.
SECONDS_FOR_MUCH = 30
PORT_IS_TAKEN = ('another program on this node has or had TCP port 179: find it with '
                 '"fuser -v 179/tcp", and end it')
BIRD_CONF = '/etc/bird/bird.conf'


def version(system):
    """The three numbers of the version of the BIRD that is installed, None if none.

    FileError for a BIRD that does not print it.
    """
    return program.version(system, 'bird', r'BIRD version (\d+)\.(\d+)(?:\.(\d+))?')


def line(version):
    """1 or 2: the syntax for a BIRD of *version*, which is None without BIRD."""
    if version is None:
        return DEFAULT_LINE
    if version < OLDEST:
        raise RenderError(
            'BIRD {}.{}.{} is installed, and too old for graceful restart or large '
            'communities: install BIRD 1.6.3 or newer, or 2'.format(*version))
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
        except NotInstalledError:
            return
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
    return 'Daemon is up and running' in show(system, 'status')


def is_settled(system):
    """Whether the daemon answers, and does not wait for neighbors after a start."""
    status = show(system, 'status')
    return 'Daemon is up and running' in status and (
        'recovery in progress' not in status)


def lacks_socket(system):
    """Whether a protocol has no listening socket: it is down until BIRD is
    configured again."""
    return any(one.has_no_socket for one in protocols(system).values())


def is_established(known, name):
    """Whether the session *name* is one of the *known* Protocols, and Established."""
    return name in known and known[name].is_established


def is_outdated(system):
    """Whether the daemon that runs is of another version than the installed one."""
    running = re.search(r'BIRD (\d\S*)', _ask(system, 'show', 'status').stdout)
    installed = re.search(r'BIRD version (\d\S*)', system.run(
        ['bird', '--version'], accept=None).stderr)
    return None not in (running, installed) and running.group(1) != installed.group(1)


def kill(system):
    """Kill the daemon, as a crash would; find it as the package's script does."""
    system.run(['start-stop-daemon', '--stop', '--oknodo', '--quiet',
                '--signal', 'KILL', '--exec', PROGRAM])


def close_sessions(system):
    """Close all sessions, so that every neighbor drops this node's routes at once."""
    _ask(system, 'disable', 'all')


def configure(system):
    """Make the daemon read its configuration; NodeError if it rejects it."""
    reply = _ask(system, '-v', 'configure', seconds=SECONDS_FOR_MUCH,
                 accept=None).stdout
    codes = [int(code) for code in re.findall(r'(?m)^(\d{4})[ -]', reply)]
    # 0003 Reconfigured, 0004 Reconfiguration in progress, 0005 queued behind one.
    if not codes or any(code >= 8000 for code in codes) or not re.search(
            r'(?m)^000[345]', reply):
        raise NodeError(
            'birdc configure: BIRD rejected /etc/bird/bird.conf: {}. It keeps its '
            'old configuration. Look into /etc/bird/local.d, fix what is named, '
            'and run this again'.format(
                ' / '.join(reply.split('\n')).strip() or 'no reply'))


def protocols(system):
    """The Protocols that the daemon has, by name; none if it does not answer."""
    return parse_protocols(show(system, 'protocols'))


def details(system):
    """The same with their filters, limits and numbers of routes."""
    return parse_protocols(show(system, 'protocols', 'all'))


def table(system):
    """All of its routes, best first to each prefix."""
    return parse_table(show(system, 'route', 'all', seconds=SECONDS_FOR_MUCH))


def routes(system):
    """The routes of each protocol: its name -> prefix -> next hop."""
    return parse_routes(show(system, 'route', 'all', seconds=SECONDS_FOR_MUCH))


def refused(system):
    """The routes that the daemon refuses, by protocol: (prefix, next hop)."""
    return parse_next_hops(
        show(system, 'route', 'filtered', 'all', seconds=SECONDS_FOR_MUCH))


def learned(system):
    """The prefixes learned from Established sessions; a host without its /32."""
    known = protocols(system)
    return frozenset(
        shown(prefix)
        for name, prefixes in routes(system).items()
        if is_established(known, name) for prefix in prefixes)


def show(system, *words, **options):
    """What ``birdc show`` prints; empty if the daemon does not answer."""
    try:
        return _ask(system, 'show', *words, **options).stdout
    except CommandError:
        return ''


def _ask(system, *words, **options):
    """The Answer of birdc; CommandError without BIRD, NodeError where it hangs."""
    return ask(
        system, ['birdc'] + list(words), options.get('seconds', SECONDS_TO_ANSWER),
        _fix, options.get('accept', (0,)))


def _fix(system):
    """The command that makes a hanging BIRD run again, as text."""
    found = re.findall(r'(?m)^ *(\d+) +([^Z\s])', system.run(
        ['ps', '-C', SERVICE, '-o', 'pid=,stat='], accept=None).stdout)
    stopped = [pid for pid, state in found if state == 'T']
    return 'BIRD hangs ({}). Run {}, then this again'.format(
        ', '.join('pid {}, state {}{}'.format(
            pid, state, ': stopped by a signal' * (state == 'T'))
            for pid, state in found) or 'no process has this name',
        'kill -CONT ' + ' '.join(stopped) if stopped else 'service bird restart')

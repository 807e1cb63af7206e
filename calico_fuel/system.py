"""All that touches the node, but for inotify: files, programs, HTTP, time, the lock.

Rule: no decision about Calico.  Tasks and resources take this module as their
argument ``system``, so tests hand them a node in memory
(``tests/unit/fake/system.py``), which has the same functions.
"""

from __future__ import unicode_literals

import contextlib
import errno
import fcntl
import grp
import io
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections import namedtuple

from calico_fuel.errors import NOT_INSTALLED
from calico_fuel.errors import CommandError
from calico_fuel.errors import FileError
from calico_fuel.errors import LockError

try:
    from urllib import request as urllib_request
    from urllib import error as urllib_error
except ImportError:
    import urllib2 as urllib_request
    urllib_error = urllib_request


class Answer(namedtuple('Answer', 'status stdout stderr')):
    """What a program left: exit status (negative: the signal), two texts."""

    __slots__ = ()


class Reply(namedtuple('Reply', 'status text')):
    """What an HTTP server said: its status code and the body as text."""

    __slots__ = ()


def read(path):
    """The text of a file; characters that are no UTF-8 are replaced."""
    try:
        with io.open(path, encoding='utf-8', errors='replace') as stream:
            return stream.read()
    except (IOError, OSError, ValueError) as error:
        raise FileError(path, _reason(error), (
            'Name a file that exists and that you may read, or run as root'))


def read_if_exists(path):
    """The text of a file, or None where there is no such file."""
    return read(path) if exists(path) else None


def newest(paths):
    """The file that was written last, or None; the first of equals wins."""
    existing = [path for path in paths if os.path.exists(path)]
    return max(existing, key=os.path.getmtime) if existing else None


def exists(path):
    try:
        return os.path.exists(path)
    except ValueError:
        return False


def names_in(directory):
    """The sorted names in a directory; none where there is no such directory."""
    return sorted(os.listdir(directory)) if os.path.isdir(directory) else []


def owner_and_mode(path):
    """``user:group`` and the permission bits, or None where there is no file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return '{}:{}'.format(
        _name(pwd.getpwuid, status.st_uid), _name(grp.getgrgid, status.st_gid),
    ), stat.S_IMODE(status.st_mode)


def _name(look_up, number):
    try:
        return look_up(number)[0]
    except KeyError:
        return '{}'.format(number)


def stage(path, text, mode=None, owner=None):
    """Write *text* beside *path*; the staged file's path, for ``put_in_place``.

    *mode* (permission bits) and *owner* (``user:group``) default to those of
    the file that is there, else to 0644 and the caller.  A symbolic link is
    followed.
    """
    path = os.path.realpath(path)
    before = owner_and_mode(path)
    if before:
        owner, mode = owner or before[0], before[1] if mode is None else mode
    staged = None
    try:
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        handle, staged = tempfile.mkstemp(
            dir=os.path.dirname(path), prefix='.calico-fuel-')
        with io.open(handle, 'w', encoding='utf-8') as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if owner:
            user, group = owner.split(':')
            os.chown(staged, pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
        os.chmod(staged, 0o644 if mode is None else mode)
    except (IOError, KeyError, OSError, ValueError) as error:
        if staged and os.path.exists(staged):
            os.remove(staged)
        raise FileError(path, 'owner {} is not known'.format(owner) if isinstance(
            error, KeyError) else _reason(error), (
                'Make room there, or make it writable, and run this again'))
    return staged


def put_in_place(staged, path):
    """Let the staged file replace *path* at once: no reader sees half of it."""
    os.rename(staged, os.path.realpath(path))


def write(path, text, mode=None, owner=None):
    """``stage`` and ``put_in_place``."""
    put_in_place(stage(path, text, mode, owner), path)


def remove(path):
    """Remove a file or a directory with all in it; nothing there is fine."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def set_aside(path, name):
    """Rename a file or a directory to the path *name*, which must not be there."""
    if os.path.lexists(name):
        raise FileError(name, 'is there already', 'Move it away')
    try:
        os.rename(path, name)
    except OSError as error:
        raise FileError(path, _reason(error), 'Move it to {} yourself'.format(name))


@contextlib.contextmanager
def temporary_directory():
    """The path of a private directory that is gone afterwards."""
    try:
        directory = tempfile.mkdtemp(prefix='calico-fuel-')
    except (IOError, OSError) as error:
        raise FileError('temporary directory', _reason(error), (
            'Make room in /tmp, or set TMPDIR to a directory that has some'))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def _reason(error):
    """Why a file could not be used; ValueError: the locale cannot name it."""
    number = getattr(error, 'errno', None)
    return os.strerror(number) if number else 'cannot be named in this locale'


def run(argv, text=None, accept=(0,), timeout=120):
    """Run a program to its end -> Answer.

    *text* goes to its standard input, *accept* has the exit statuses that are
    no error (None: all), *timeout* is in seconds.  Raises CommandError for
    any other status, a program that is not there, and one that took too long.
    That one is killed, and what it has started is waited for while it holds the
    outputs: a dpkg that is killed as well would leave a package half installed.
    """
    try:
        # A daemon that the program starts must not hold our lock and log.
        process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=_environment(), cwd='/', close_fds=True)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise CommandError(argv, 127, NOT_INSTALLED.format(argv[0]))
        raise CommandError(argv, 126, _reason(error))
    late = threading.Event()
    timer = threading.Timer(timeout, lambda: (late.set(), process.kill()))
    timer.start()
    try:
        stdout, stderr = process.communicate(
            None if text is None else text.encode('utf-8'))
    finally:
        timer.cancel()
    answer = Answer(process.returncode, stdout.decode('utf-8', 'replace'),
                    stderr.decode('utf-8', 'replace'))
    if late.is_set():
        raise CommandError(argv, answer.status, 'took longer than {} s'.format(timeout))
    if accept is not None and answer.status not in accept:
        raise CommandError(argv, answer.status, answer.stderr or answer.stdout)
    return answer


def _environment():
    """Fuel's agents give no HOME, and a plain user's PATH lacks sbin."""
    return dict(os.environ, **{
        str('LC_ALL'): str('C'),
        str('DEBIAN_FRONTEND'): str('noninteractive'),
        str('HOME'): os.environ.get('HOME', str('/root')),
        str('PATH'): str(os.pathsep).join(
            [os.environ.get('PATH', os.defpath),
             str('/usr/local/sbin'), str('/usr/sbin'), str('/sbin')])})


def http(method, url, body=None, content_type='application/json', timeout=5):
    """Ask an HTTP server -> Reply, or None where nobody answers."""
    # Python 2 would join unicode headers with the bytes of the body.
    request = urllib_request.Request(
        str(url), None if body is None else body.encode('utf-8'),
        {} if body is None else {str('Content-Type'): str(content_type)})
    request.get_method = lambda: str(method)
    # The proxies of the environment are not for the node's own networks.
    opener = urllib_request.build_opener(urllib_request.ProxyHandler({}))
    try:
        reply = opener.open(request, timeout=timeout)
        return Reply(reply.getcode(), reply.read().decode('utf-8', 'replace'))
    except urllib_error.HTTPError as error:
        return Reply(error.code, error.read().decode('utf-8', 'replace'))
    except (EnvironmentError, socket.error):
        return None
    except Exception as error:
        # http.client and httplib have exceptions of their own for bad replies.
        if type(error).__module__ in ('http.client', 'httplib'):
            return None
        raise


def eventually(predicate, seconds, interval=0.25):
    """The first true value of *predicate*; its last one when *seconds* are over."""
    end = uptime() + seconds
    while True:
        value = predicate()
        if value or uptime() >= end:
            return value
        time.sleep(interval)


def uptime():
    """Seconds, to 0.01, by a clock that nobody sets (times(2); Python 2 has it)."""
    return os.times()[4]


def now():
    """Seconds since 1970."""
    return time.time()


def host_name():
    """The name by which Neutron, Nova and Felix know this node."""
    return '{}'.format(socket.gethostname())


@contextlib.contextmanager
def lock(path, seconds):
    """Hold the lock of the node; LockError when another run has it too long.

    The kernel gives it back when its holder dies.
    """
    try:
        stream = io.open(path, 'a+')
    except (IOError, OSError) as error:
        raise FileError(path, _reason(error), 'Run as root')
    with stream:
        if not eventually(lambda: _is_locked(stream), seconds):
            raise LockError(path, seconds)
        yield


def _is_locked(stream):
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (IOError, OSError):
        return False

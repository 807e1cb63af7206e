"""A program, run to its end."""

from __future__ import unicode_literals

import errno
import fcntl
import io
import os
import subprocess
import tempfile
from collections import namedtuple

from calico_fuel.errors import CommandError, FileError, NotInstalledError, SlowError
from calico_fuel.system.clock import soon
from calico_fuel.system.files import reason


class Answer(namedtuple('Answer', 'status stdout stderr')):
    """The result of a program: exit status (negative: the signal), two texts."""


def run(argv, text=None, accept=(0,), timeout=120):
    """Run a program to its end -> Answer.

    *text* goes to its standard input, *accept* has the exit statuses that are
    no error (None: all), *timeout* is in seconds.  Raises CommandError for
    any other status, NotInstalledError without such a program, SlowError for one
    that took too long, which is killed.

    It waits for the program alone, not for processes that the program has started: a
    daemon may keep the outputs open without an end.  So the outputs are files, which
    cannot lose their reader, either.
    """
    try:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as stdout, \
                tempfile.TemporaryFile() as stderr:
            given.write(b'' if text is None else text.encode('utf-8'))
            given.seek(0)
            status, is_late = _run(argv, (given, stdout, stderr), timeout)
            answer = Answer(status, _written(stdout), _written(stderr))
    except (IOError, OSError) as error:
        raise FileError(tempfile.tempdir or '/tmp', reason(error), (
            'Make room there, or set TMPDIR to a directory that has some'))
    if is_late:
        raise SlowError(argv, answer.status, timeout)
    if accept is not None and answer.status not in accept:
        raise CommandError(argv, answer.status, answer.stderr or answer.stdout)
    return answer


def _run(argv, streams, timeout):
    """The exit status, and whether the program took longer than *timeout*."""
    given, stdout, stderr = streams
    _keep_files_from_programs()
    try:
        process = subprocess.Popen(
            argv, stdin=given, stdout=stdout, stderr=stderr, env=_environment(),
            cwd='/', close_fds=False)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise NotInstalledError(argv)
        raise CommandError(argv, 126, os.strerror(error.errno))
    # A timer in a thread would cost a quarter more CPU: it makes each fork dearer.
    is_late = not soon(lambda: process.poll() is not None, timeout)
    if is_late:
        process.kill()
    return process.wait(), is_late


def _keep_files_from_programs():
    """A daemon that a program starts must not keep our lock and log open.

    Python 2 would close each possible number instead: thousands, for each program.
    """
    for name in os.listdir('/proc/self/fd'):
        if int(name) > 2:
            try:
                fcntl.fcntl(int(name), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
            except IOError:
                # That of the listing itself.
                continue


def _written(stream):
    """The text of *stream*, read without moving the position where others write."""
    with io.open('/proc/self/fd/{}'.format(stream.fileno()), 'rb') as reader:
        content = reader.read()
    # A full disk cuts off what a program writes, and many do not notice.
    os.write(stream.fileno(), b'\n')
    return content.decode('utf-8', 'replace')


def _environment():
    """Fuel's agents give no HOME, and a plain user's PATH lacks sbin."""
    return dict(os.environ, **{
        str('LC_ALL'): str('C'),
        str('DEBIAN_FRONTEND'): str('noninteractive'),
        str('HOME'): os.environ.get('HOME', str('/root')),
        str('PATH'): str(os.pathsep).join(
            [os.environ.get('PATH', os.defpath),
             str('/usr/local/sbin'), str('/usr/sbin'), str('/sbin')])})

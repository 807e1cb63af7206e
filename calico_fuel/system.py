"""All input and output of the package, and no decisions about Calico."""

from __future__ import unicode_literals

import errno
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from calico_fuel.errors import FileError
from calico_fuel.errors import RejectedError


def read(path):
    """The text of a file; characters that are no UTF-8 are replaced."""
    try:
        with io.open(path, encoding='utf-8', errors='replace') as stream:
            return stream.read()
    except (IOError, OSError, ValueError) as error:
        raise FileError(path, _reason(error), (
            'Name a file that exists and that you may read, or run as root'))


def newest(paths):
    """The file that was written last, or None; the first of equals wins."""
    existing = [path for path in paths if os.path.exists(path)]
    return max(existing, key=os.path.getmtime) if existing else None


def exists(path):
    try:
        return os.path.exists(path)
    except ValueError:
        return False


def write_private(path, text):
    """Write a file that only its owner can read, and its directories.

    The new text replaces the old at once: no reader sees half of it.
    """
    directory = os.path.dirname(path)
    temporary = None
    try:
        if not os.path.isdir(directory):
            os.makedirs(directory)
        handle, temporary = tempfile.mkstemp(dir=directory, prefix='.')
        with io.open(handle, 'w', encoding='utf-8') as stream:
            stream.write(text)
        os.rename(temporary, path)
    except (IOError, OSError, ValueError) as error:
        if temporary and os.path.exists(temporary):
            os.remove(temporary)
        raise FileError(path, _reason(error), (
            'Name a directory that you may write to and that has room'))


def _reason(error):
    """Why a file could not be used; ValueError: the locale cannot name it."""
    number = getattr(error, 'errno', None)
    return os.strerror(number) if number else 'cannot be named in this locale'


def bird_version():
    """Major and minor version of the BIRD that is installed, None if none.

    BIRD prints "BIRD version X.Y.Z" to standard error.  FileError for a BIRD
    that does not.
    """
    answer = _run(['bird', '--version'])
    if answer is None:
        return None
    found = re.search(r'BIRD version (\d+)\.(\d+)', answer[1])
    if not found:
        raise FileError('bird', 'does not tell its version (exit status {})'.format(
            answer[0]), 'Install the package again')
    return int(found.group(1)), int(found.group(2))


def parse_with_bird(files):
    """Let BIRD's own parser read *files*: bird.conf first, then its includes.

    *files* are pairs of a path relative to bird.conf's directory and a text.
    They are written to a private directory that is removed again.  Raises
    RejectedError with BIRD's message, FileError where BIRD itself fails; does
    nothing where there is no BIRD.
    """
    try:
        directory = tempfile.mkdtemp(prefix='calico-fuel-')
    except (IOError, OSError) as error:
        raise FileError('temporary directory', _reason(error), (
            'Make room in /tmp, or set TMPDIR to a directory that has some'))
    written = []
    try:
        for path, text in files:
            written.append(os.path.join(directory, path))
            write_private(written[-1], text)
        answer = _run(['bird', '-p', '-c', written[0]])
        if answer and answer[0] < 0:
            raise FileError('bird', 'was ended by signal {} while it read the '
                            'rendered {}'.format(-answer[0], files[0][0]),
                            'Install the package again')
        if answer and answer[0]:
            raise RejectedError(
                'BIRD refuses the rendered {}: {}. This is a fault of the '
                'plugin: report it with this message'.format(
                    files[0][0], answer[1].replace(directory + '/', '').strip()))
    finally:
        shutil.rmtree(directory)


def _run(argv):
    """Exit status and standard error of a program; None if it is missing.

    BIRD lives in /usr/sbin, which the PATH of a plain user lacks.
    """
    environment = dict(os.environ, LC_ALL=str('C'))
    environment[str('PATH')] = os.pathsep.join(
        [environment.get('PATH', os.defpath), '/usr/sbin', '/sbin'])
    try:
        process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise FileError(argv[0], _reason(error), 'Mend or remove that program')
    _, stderr = process.communicate()
    return process.returncode, stderr.decode('utf-8', 'replace')


def argument(value):
    """An argument of the command line as text, on Python 2 too."""
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def tell(text):
    """Print a line to standard output, as UTF-8 whatever the locale."""
    _print(sys.stdout, text)


def warn(text):
    """Print a line to standard error."""
    _print(sys.stderr, 'calico-fuel: ' + text)


def _print(stream, text):
    try:
        stream.flush()
        getattr(stream, 'buffer', stream).write(
            (text + '\n').encode('utf-8', 'replace'))
        stream.flush()
    except (AttributeError, IOError, OSError, ValueError) as error:
        raise FileError('output', '{}'.format(error), (
            'Write to a place that is open and has room'))


def behave_as_a_program():
    """End without a word when nobody reads on; remove temporary files on SIGTERM."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

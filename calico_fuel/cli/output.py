"""Output of the program: standard output, standard error, the log."""

from __future__ import unicode_literals

import errno
import io
import json
import logging
import logging.handlers
import os
import signal
import sys

from calico_fuel.checks import one_line
from calico_fuel.errors import LOG, FileError

# The program that the operator typed.
_typed = 'calico-fuel'
LOG_BYTES = 1000000
OLD_LOGS = 4

_log = logging.getLogger('calico-fuel')
_log.addHandler(logging.NullHandler())
# Fuel's client prints what reaches the root of all logs.
_log.propagate = False


def argument(value):
    """An argument of the command line, or a list of some, as text on Python 2 too."""
    if isinstance(value, list):
        return [argument(each) for each in value]
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def tell(text):
    """Print lines to standard output, as UTF-8 whatever the locale.

    Their control characters are escaped, here and in the log: a program, etcd or the
    metadata may have sent them.  Who prints a name from there in a line of its own
    makes it ``one_line`` before.
    """
    text = _escaped(text)
    _print(sys.stdout, text)
    _log.info('%s', text)


def warn(text):
    """The same to standard error."""
    text = _escaped(text)
    _print(sys.stderr, '{}: {}'.format(_typed, text))
    _log.warning('%s', text)


def complain(error):
    """Print the message of a CalicoFuelError, which may be several of a line each."""
    for line in error.args[0].split('\n'):
        warn(line)


def json_text(value):
    return json.dumps(value, indent=2, sort_keys=True, separators=(',', ': '))


def _escaped(text):
    return '\n'.join(one_line(line) for line in text.split('\n'))


def _print(stream, text):
    try:
        stream.flush()
        getattr(stream, 'buffer', stream).write(
            (text + '\n').encode('utf-8', 'replace'))
        stream.flush()
    except (AttributeError, IOError, OSError, ValueError) as error:
        if getattr(error, 'errno', None) == errno.EPIPE:
            sys.exit(128 + signal.SIGPIPE)
        raise FileError('output', '{}'.format(error), (
            'Write to a place that is open and has free space'))


def _drop_what_cannot_be_written():
    """Python 3 tries it once more when it ends, and replaces the exit status."""
    try:
        sys.stdout.flush()
    except (AttributeError, IOError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class _Log(logging.handlers.RotatingFileHandler):
    """A file for root only, also after a rotation."""

    def _open(self):
        # The group of rsyslog can make a link in /var/log of Ubuntu.
        return io.open(os.open(
            self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW,
            0o600), 'a', encoding='utf-8')

    def handleError(self, record):
        """Say once that a line could not be written, and write no more."""
        _log.removeHandler(self)
        _warn_of(sys.exc_info()[1])


def _warn_of(error):
    warn('{0}: {1}: this run is not logged. See "df {2}" and "ls -l {2}"'.format(
        LOG, getattr(error, 'strerror', None) or error, os.path.dirname(LOG)))


def keep_log():
    """From now on write all output to the log too, with its time.

    Only root can read the log, and it is rotated at a megabyte.  If it cannot be
    written (full disk), the program says so and works without it.
    """
    try:
        handler = _Log(LOG, maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding='utf-8')
    except (IOError, OSError) as error:
        _warn_of(error)
        return
    handler.setFormatter(logging.Formatter(
        '%(asctime)s [%(process)d] %(levelname)s %(message)s'))
    logging.raiseExceptions = False
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)


def begin_errors_with(name):
    """Begin what is said on standard error with the program that the operator typed."""
    global _typed
    _typed = name


def program(name, main):
    """Run *main*, a function of arguments, with those of this process, and end it."""
    begin_errors_with(name)
    behave_as_a_program()
    try:
        sys.exit(main(argument(sys.argv[1:])))
    finally:
        _drop_what_cannot_be_written()


def behave_as_a_program():
    """End silently when a pipe's reader ends; remove temporary files on SIGTERM.

    A server that ends a connection ends nothing: TLS writes when it does not expect
    that.  A function as handler, because programs that are started inherit SIG_IGN.
    """
    signal.signal(signal.SIGPIPE, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

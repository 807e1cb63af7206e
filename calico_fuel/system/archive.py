"""An archive of texts that appears whole or not at all; and ends of files."""

from __future__ import unicode_literals

import errno
import io
import os
import stat
import tarfile
import tempfile

from calico_fuel.errors import FileError
from calico_fuel.system.files import NOT_WRITABLE, reason

FIXES = {errno.EEXIST: 'Name a file that does not exist yet',
         errno.ENOENT: 'Make its directory, or name a file in another one'}


def tail(path, most):
    """The last *most* bytes of a file, as text; FileError if it is no plain file.

    A log belongs to its service, whose user can make a link or a pipe of it: no link
    is followed, and nothing waits for a writer.
    """
    handle = None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise FileError(path, 'is no plain file', (
                'Make it a plain file, or remove it'))
        with io.open(handle, 'rb', closefd=False) as stream:
            stream.seek(max(0, status.st_size - most))
            return stream.read(most).decode('utf-8', 'replace')
    except (IOError, OSError, ValueError) as error:
        raise FileError(path, reason(error), 'Name a file that you may read')
    finally:
        if handle is not None:
            os.close(handle)


def _path(text):
    """*text* as this Python's tarfile wants a name."""
    return text.encode('utf-8') if str is bytes else text


def write_archive(path, folder, members, time):
    """Write the *members*, pairs of a name and a text, into a tar.gz for the caller.

    They are in *folder*.  FileError if *path* exists: nothing is replaced, no link is
    followed.  A run that is interrupted leaves nothing under this name.
    """
    staged = None
    try:
        handle, staged = tempfile.mkstemp(
            dir=os.path.dirname(os.path.abspath(path)), prefix='.calico-fuel-')
        with io.open(handle, 'wb') as stream:
            with tarfile.open(fileobj=stream, mode=str('w:gz')) as archive:
                for name, text in members:
                    content = text.encode('utf-8')
                    entry = tarfile.TarInfo(_path('{}/{}'.format(folder, name)))
                    entry.size, entry.mtime, entry.mode = len(content), time, 0o600
                    archive.addfile(entry, io.BytesIO(content))
            stream.flush()
            os.fsync(stream.fileno())
        # Unlike a renaming, a link replaces nothing.
        os.link(staged, path)
    except (IOError, OSError, ValueError) as error:
        raise FileError(path, reason(error), FIXES.get(
            getattr(error, 'errno', None), NOT_WRITABLE))
    finally:
        if staged and os.path.exists(staged):
            os.remove(staged)

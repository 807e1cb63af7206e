"""Directories: created, listed, removed; the space that is left there."""

from __future__ import unicode_literals

import contextlib
import io
import os
import shutil
import tempfile

from calico_fuel.errors import FileError
from calico_fuel.system.files import NOT_WRITABLE, give, reason, without_links
from calico_fuel.system.programs import run

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY


def names_in(directory):
    """The sorted names in a directory; none where there is no such directory.

    Python 2 gives bytes for those that the locale cannot decode.
    """
    return sorted(
        name.decode('latin-1') if isinstance(name, bytes) else name
        for name in os.listdir(directory)) if os.path.isdir(directory) else []


def space_left(directory):
    """The bytes that users other than root can still write in a directory, 0 where it
    has no inode left; None where there is no such directory."""
    try:
        of = os.statvfs(directory)
    except OSError:
        return None
    # Some file systems have no fixed number of inodes, and say 0 of 0.
    return 0 if of.f_files and not of.f_favail else of.f_bavail * of.f_frsize


def make_directory(path, owner=None, mode=0o700):
    """*path* is a directory of *owner* with *mode*; what is in it stays as it is.

    *owner* is ``user:group``, or ``user`` alone, or None for the caller.
    """
    path = without_links(path)
    try:
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        if not os.path.isdir(path):
            os.mkdir(path, 0o700)
        handle = os.open(path, DIRECTORY | os.O_NOFOLLOW)
        try:
            give(handle, owner or '{}:{}'.format(os.geteuid(), os.getegid()), mode)
        finally:
            os.close(handle)
    except (IOError, KeyError, OSError, ValueError) as error:
        raise FileError(path, reason(error), 'Run as root, or move away what is there')


def write_below(directory, path, content):
    """Write the file *path* (relative) below *directory*, readable by the caller only.

    No link below *directory* is followed, even if a user creates one meanwhile: each
    directory is opened relative to its parent.  FileError for a link.
    """
    names, place, handle = path.split('/'), directory, None
    try:
        if not os.path.isdir(directory):
            os.makedirs(directory)
        handle = os.open(directory, DIRECTORY)
        for name in names:
            place = os.path.join(place, name)
            inside = '/proc/self/fd/{}/{}'.format(handle, name)
            if os.path.islink(inside):
                raise FileError(place, 'is a symbolic link, and none is followed '
                                'here', 'Remove it, or name another directory')
            if name is not names[-1]:
                if not os.path.isdir(inside):
                    os.mkdir(inside)
                outer, handle = handle, os.open(inside, DIRECTORY | os.O_NOFOLLOW)
                os.close(outer)
        if os.path.lexists(inside):
            os.remove(inside)
        with io.open(os.open(
                inside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as stream:
            stream.write(content.encode('utf-8'))
    except (IOError, OSError, ValueError) as error:
        raise FileError(place, reason(error), NOT_WRITABLE)
    finally:
        if handle is not None:
            os.close(handle)


def remove(path):
    """Remove a file, or a directory with all in it, if it exists."""
    if os.path.isdir(path) and not os.path.islink(path):
        # Its owner may change it meanwhile: rmtree of Python 2 could follow a link out.
        run(['rm', '-rf', '--', path])
    elif os.path.lexists(path):
        os.remove(path)


def move(path, name):
    """Rename a file or a directory to the path *name*, which must not exist."""
    if os.path.lexists(name):
        raise FileError(name, 'exists already', 'Move it away')
    try:
        os.rename(path, name)
    except OSError as error:
        raise FileError(path, reason(error), 'Move it to {} yourself'.format(name))


@contextlib.contextmanager
def temporary_directory():
    """The path of a private directory, which is deleted afterwards."""
    try:
        directory = tempfile.mkdtemp(prefix='calico-fuel-')
    except (IOError, OSError) as error:
        raise FileError('temporary directory', reason(error), (
            'Make room in /tmp, or set TMPDIR to a directory that has some'))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)

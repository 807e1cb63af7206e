"""Files: read, replaced atomically.

A service may own the directory of a file, or have owned it, and its user can create a
link there.  So owner and mode are set on the open file, and a link is followed only if
root, or the user of this run, created it.
"""

from __future__ import unicode_literals

import errno
import grp
import io
import os
import pwd
import stat
import tempfile

from calico_fuel.errors import FileError

# More than any value in /proc/sys has.
BYTES_AT_ONCE = 1 << 16
NOT_WRITABLE = 'Make room there, or make it writable, and run this again'


def read(path):
    """The text of a file that is only read: bytes that are no UTF-8 are replaced."""
    return _bytes(path).decode('utf-8', 'replace')


def read_if_exists(path):
    """The same, or None where there is no such file, or no more."""
    try:
        return read(path)
    except FileError:
        if exists(path):
            raise
        return None


def read_bytes(path):
    """The bytes of a file that will be written again, or None without a file.

    FileError for a link that another user made, as in ``stage``.
    """
    return _bytes(without_links(path), os.O_NOFOLLOW) if exists(path) else None


def _bytes(path, flags=0):
    """What a file has.  The kernel gives a value in /proc/sys to the first read alone,
    and that of Python 2's io is of 6 bytes."""
    try:
        handle = os.open(path, os.O_RDONLY | flags)
        try:
            return b''.join(iter(lambda: os.read(handle, BYTES_AT_ONCE), b''))
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise FileError(path, reason(error), (
            'Name a file that exists and that you may read, or run as root'))


def newest(paths):
    """The file that was written last, or None; of equals the first one."""
    existing = [path for path in paths if os.path.exists(path)]
    return max(existing, key=os.path.getmtime) if existing else None


def exists(path):
    try:
        return os.path.exists(path)
    except ValueError:
        return False


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


def stage(path, content, mode=None, owner=None):
    """Write *content* beside *path*; the staged file's path, for ``put_in_place``.

    Text is written as UTF-8, bytes as they are.  *mode* (permission bits) and
    *owner* (``user:group``) default to those of the file that is there, else to
    0644 and the caller.  FileError for a link that another user made.
    """
    path = without_links(path)
    before = owner_and_mode(path)
    if before:
        owner, mode = owner or before[0], before[1] if mode is None else mode
    staged = None
    try:
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        handle, staged = tempfile.mkstemp(
            dir=os.path.dirname(path), prefix='.calico-fuel-')
        with io.open(handle, 'wb') as stream:
            stream.write(content if isinstance(content, bytes)
                         else content.encode('utf-8'))
            stream.flush()
            give(stream.fileno(), owner, 0o644 if mode is None else mode)
            os.fsync(stream.fileno())
    except (IOError, KeyError, OSError, ValueError) as error:
        if staged and os.path.exists(staged):
            os.remove(staged)
        raise FileError(path, reason(error), NOT_WRITABLE)
    return staged


def put_in_place(staged, path):
    """Replace *path* by the staged file atomically: no reader sees half of it.

    It is on the disk then: a power cut takes nothing that a task has reported.
    """
    # In the directory of the staged file, even if a link has appeared meanwhile.
    name, directory = os.path.basename(without_links(path)), os.path.dirname(staged)
    try:
        os.rename(staged, os.path.join(directory, name))
        _sync(directory)
    except OSError as error:
        raise FileError(path, reason(error), NOT_WRITABLE)


def _sync(directory):
    """Where the user may read it, and the file system can."""
    try:
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EINVAL):
            raise


def write(path, content, mode=None, owner=None):
    """``stage`` and ``put_in_place``."""
    put_in_place(stage(path, content, mode, owner), path)


def give(handle, owner, mode):
    """Set owner (``user:group``, ``user``, None: keep it) and mode of an open file."""
    if owner:
        user, _, group = owner.partition(':')
        os.fchown(handle, _number(lambda name: pwd.getpwnam(name).pw_uid, user),
                  _number(lambda name: grp.getgrnam(name).gr_gid, group or '-1'))
    os.fchmod(handle, mode)


def user_id(name):
    """The number of the user *name*, or None without such a user."""
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _number(look_up, name):
    """The id of a user or group; one without a name is given as its id."""
    try:
        return int(name)
    except ValueError:
        return look_up(name)


def without_links(path):
    """*path* as it is without links; FileError for a link that another user made."""
    at = ''
    for name in os.path.abspath(path).split('/')[1:]:
        at += '/' + name
        if os.path.islink(at) and os.lstat(at).st_uid not in (0, os.geteuid()):
            raise FileError(at, 'is a symbolic link that neither root nor you made', (
                'Look where it leads, remove it, and run this again'))
    return os.path.realpath(path)


def reason(error):
    """Why a file could not be used; ValueError: the locale cannot name it."""
    if isinstance(error, KeyError):
        return 'its owner is not known on this node: {}'.format(error.args[0])
    number = getattr(error, 'errno', None)
    return os.strerror(number) if number else 'cannot be named in this locale'

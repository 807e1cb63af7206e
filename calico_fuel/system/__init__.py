"""All access to the node: files, programs, HTTP, time, the lock.

Rule: no decision about Calico.  Tasks and resources take this package as their
argument ``system``, so tests can pass a node in memory
(``tests/unit/fake/system.py``), which has the same functions.

files       files: read, replaced atomically; the users of the node
clock       time that passes, and the name of the node
programs    a program, run to its end
archive     an archive of texts that appears whole or not at all; ends of files
directories
            directories and what is in them: made, listed, removed; space left
client      a question to an HTTP server
locks       the lock of the node, and those of other programs
"""

from __future__ import unicode_literals

from calico_fuel.system.archive import tail, write_archive
from calico_fuel.system.client import Reply, http
from calico_fuel.system.clock import eventually, host_name, now, uptime
from calico_fuel.system.directories import (
    make_directory, move, names_in, remove, space_left, temporary_directory,
    write_below)
from calico_fuel.system.files import (
    exists, newest, owner_and_mode, put_in_place, read, read_bytes, read_if_exists,
    stage, user_id, write)
from calico_fuel.system.locks import is_locked, lock
from calico_fuel.system.programs import Answer, run

__all__ = [
    'Answer', 'Reply', 'eventually', 'exists', 'host_name', 'http', 'is_locked', 'lock',
    'make_directory', 'names_in', 'newest', 'now', 'owner_and_mode', 'put_in_place',
    'read', 'read_bytes', 'read_if_exists', 'remove', 'run', 'move', 'space_left',
    'stage', 'tail', 'temporary_directory', 'uptime', 'user_id', 'write',
    'write_archive', 'write_below']

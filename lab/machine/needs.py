"""What the lab needs from this machine, and how to say what is missing."""

import os
import shutil

from lab.machine import programs
from lab.network import bird

# nsenter enters a machine at the root of its mount namespace: begun in a chroot, that
# is the directory outside, whose files it would change.
ROOT_OF_NAMESPACE = 'a root directory that is no chroot, with /proc'
OUTSIDE = ['nsenter', '--mount=/proc/self/ns/mnt', 'stat', '--format=%d:%i', '/']
PROGRAMS = ('ip', 'ping', 'tee')


def missing(lines, programs=()):
    """What is missing to run BIRD of *lines*, and *programs*, in namespaces."""
    names = [] if os.geteuid() == 0 else ['root']
    names += [ROOT_OF_NAMESPACE] if not names and _is_in_chroot() else []
    names += [name for name in (*PROGRAMS, *programs) if not shutil.which(name)]
    names += [str(bird.program(name, line).relative_to(bird.PROJECT))
              for line in lines for name in ('bird', 'birdc')
              if not bird.program(name, line).exists()]
    return names


def _is_in_chroot():
    root = os.stat('/')
    try:
        return programs.run(OUTSIDE) != '{0.st_dev}:{0.st_ino}\n'.format(root)
    except (OSError, programs.LabError):
        return True

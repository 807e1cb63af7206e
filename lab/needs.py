"""What the lab needs from this machine, and how to say what is missing."""

import os
import shutil

from lab import bird

# Neither unshare nor ip netns exec works without.
MOUNTED_ROOT = 'a root directory that is a mount point, with /proc'
MOUNTS = '/proc/self/mountinfo'
PROGRAMS = ('ip', 'ping', 'tee')


def missing(lines, programs=()):
    """What is missing to run BIRD of *lines*, and *programs*, in namespaces."""
    names = [] if os.geteuid() == 0 else ['root']
    names += [] if _is_root_mounted() else [MOUNTED_ROOT]
    names += [name for name in (*PROGRAMS, *programs) if not shutil.which(name)]
    names += [str(bird.program(name, line).relative_to(bird.PROJECT))
              for line in lines for name in ('bird', 'birdc')
              if not bird.program(name, line).exists()]
    return names


def _is_root_mounted():
    """In a chroot the kernel lists the mounts below its root alone."""
    try:
        with open(MOUNTS) as mounts:
            return any(line.split()[4] == '/' for line in mounts)
    except FileNotFoundError:
        return False

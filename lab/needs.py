"""What the lab needs from this machine, and how to say what is missing."""

import os
import shutil

from lab import bird

PROGRAMS = ('ip', 'ping', 'tee')


def missing(lines, programs=()):
    """What is missing to run BIRD of *lines*, and *programs*, in namespaces."""
    names = [] if os.geteuid() == 0 else ['root']
    names += [name for name in (*PROGRAMS, *programs) if not shutil.which(name)]
    names += [str(bird.program(name, line).relative_to(bird.PROJECT))
              for line in lines for name in ('bird', 'birdc')
              if not bird.program(name, line).exists()]
    return names

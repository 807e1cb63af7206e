"""What the lab's programs have in common towards the person at the terminal."""

import contextlib
import sys
import time

from lab.machine import interrupts, needs, programs


ENTER = ("unshare --mount sh -c 'mount --rbind DIR DIR; cd DIR; pivot_root . mnt; "
         "umount --lazy mnt; exec sh'")


@contextlib.contextmanager
def step(text):
    """A line that says what is being done, and in the end how long it took."""
    print('{:.<66} '.format(text + ' '), end='', flush=True)
    begin = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print('{:5.1f} s'.format(time.monotonic() - begin), flush=True)


def demand(name, lines, programs=()):
    """End the program with one line when something that it needs is missing."""
    missing = needs.missing(lines, programs)
    if 'root' in missing:
        sys.exit('{}: needs root, for network namespaces'.format(name))
    if needs.ROOT_OF_NAMESPACE in missing:
        sys.exit('{}: this is a chroot, or has no /proc, and would change files '
                 'outside of it. Leave it, and enter its directory DIR by: {}'.format(
                     name, ENTER))
    if missing:
        sys.exit('{}: missing: {}; make clean, then again, brings them'.format(
            name, ', '.join(missing)))


@contextlib.contextmanager
def reporting(name):
    """Turn a deliberate error or an interruption into a message and an exit status."""
    interrupts.raise_as_keyboard_interrupt()
    # Who reads it through a pipe sees each line when it is true, too.
    sys.stdout.reconfigure(line_buffering=True)
    try:
        yield
    except programs.LabError as error:
        sys.exit('{}: {}'.format(name, error))
    except KeyboardInterrupt:
        print('{}: interrupted; everything is removed'.format(name), file=sys.stderr)
        sys.exit(130)

"""A directory is looked at as soon as something in it changes; by the real kernel."""

from __future__ import unicode_literals

import array
import errno
import fcntl
import os
import resource
import signal
import termios
import time

import pytest

from calico_fuel import inotify

# Well below the look now and then, and well above what a busy machine needs.
SOON, LATE = 5, 60
BYTES_OF_A_CHANGE = 16
MAX_QUEUED = '/proc/sys/fs/inotify/max_queued_events'


class Watched(object):
    """A directory with a file; each look is a step of ``looks``."""

    def __init__(self, tmpdir):
        self.path = tmpdir.join('hiera')
        self.file = self.path.join('nodes.yaml')
        self.file.write('old', ensure=True)
        self.warnings = []
        self.directory = inotify.Directory(
            '{}'.format(self.path), self.warnings.append)
        self.looks = self.directory.looks(LATE)
        next(self.looks)

    def seconds_to_the_next_look(self):
        begin = time.time()
        next(self.looks)
        return time.time() - begin

    def read_until(self, text):
        """Look until the file has *text*, in at most ten looks; how long it took."""
        begin = time.time()
        for _ in range(10):
            next(self.looks)
            if self.file.check() and self.file.read() == text:
                return time.time() - begin
        raise AssertionError('never seen')


@pytest.fixture
def watched(tmpdir):
    return Watched(tmpdir)


def rewrite_in_place(watched):
    with open(str(watched.file), 'w') as stream:
        stream.write('new')


def unlink_and_write(watched):
    watched.file.remove()
    watched.file.write('new')


def rename_over_it(watched):
    other = watched.path.join('.other')
    other.write('new')
    os.rename(str(other), str(watched.file))


def replace_the_directory(watched):
    os.rename(str(watched.path), '{}.old'.format(watched.path))
    watched.file.write('new', ensure=True)


@pytest.mark.parametrize('change', [
    rewrite_in_place, unlink_and_write, rename_over_it, replace_the_directory])
def test_a_new_text_is_looked_at_soon_however_it_came_and_so_is_the_next(
        watched, change):
    change(watched)

    assert watched.read_until('new') < SOON
    watched.file.write('newer')
    assert watched.read_until('newer') < SOON
    assert watched.warnings == []


def test_a_file_that_is_removed_is_looked_at_soon(watched):
    watched.file.remove()

    assert watched.seconds_to_the_next_look() < SOON


def test_a_directory_that_is_away_for_a_while_is_watched_again(watched, monkeypatch):
    monkeypatch.setattr(inotify, 'SECONDS_BETWEEN_POLLS', 0.05)
    watched.path.remove()
    for _ in range(4):
        next(watched.looks)
    watched.file.write('new', ensure=True)

    assert watched.read_until('new') < SOON
    watched.file.write('newer')
    assert watched.read_until('newer') < SOON
    assert watched.warnings == []


def test_a_change_between_two_waits_is_not_lost(watched):
    """As while the tasks run, which takes a while."""
    watched.file.write('new')
    looks = watched.directory.looks(LATE)
    next(looks)
    begin = time.time()
    next(looks)

    assert time.time() - begin < SOON


def test_without_a_change_it_is_looked_at_now_and_then(watched, monkeypatch):
    monkeypatch.setattr(inotify, 'SECONDS_BETWEEN_LOOKS', 0.2)

    assert 0.15 < watched.seconds_to_the_next_look() < SOON


def test_the_looks_end_when_the_time_is_over(watched):
    begin = time.time()

    # The kernel's clock has ticks of 10 ms: sometimes there is a look more.
    assert len(list(watched.directory.looks(0.3))) in (2, 3)
    assert 0.25 < time.time() - begin < SOON


def test_a_queue_that_overflows_hides_no_later_change(watched, monkeypatch):
    with open(MAX_QUEUED) as stream:
        size = int(stream.read())
    for _ in range(size // 2 + 1):
        # Two of a kind, one after the other, would be one.
        for name in 'a', 'b':
            open(str(watched.path.join(name)), 'a').close()
    waiting = array.array(str('i'), [0])
    fcntl.ioctl(watched.directory._queue, termios.FIONREAD, waiting)
    assert waiting[0] >= size * BYTES_OF_A_CHANGE

    assert watched.seconds_to_the_next_look() < SOON
    with monkeypatch.context() as rarely:
        rarely.setattr(inotify, 'SECONDS_BETWEEN_LOOKS', 0.3)
        assert any(watched.seconds_to_the_next_look() > 0.2 for _ in range(100))
    watched.file.write('new')
    assert watched.read_until('new') < SOON


def test_a_signal_is_no_fault(watched):
    came = []
    before = signal.signal(signal.SIGALRM, lambda *_: came.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
        for _ in watched.directory.looks(0.5):
            pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert came


def test_a_program_that_is_started_does_not_inherit_the_queue(watched):
    queue = watched.directory._queue
    pid = os.fork()
    if not pid:
        os.execv('/bin/sh', ['sh', '-c', 'test ! -e /proc/$$/fd/{}'.format(queue)])
    assert os.waitpid(pid, 0)[1] == 0


def test_where_inotify_is_not_to_be_had_it_is_told_once_and_polled(
        tmpdir, monkeypatch):
    monkeypatch.setattr(inotify, 'SECONDS_BETWEEN_POLLS', 0.05)
    warnings = []
    directory = inotify.Directory('{}'.format(tmpdir), warnings.append)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        looks = len(list(directory.looks(0.5)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert looks > 4
    warning, = warnings
    assert '{}: changes cannot be watched: {}'.format(
        tmpdir, os.strerror(errno.EMFILE)) in warning
    assert 'fs.inotify.max_user_watches' in warning
    # From then on it is watched after all.
    tmpdir.join('file').write('new')
    assert len(list(directory.looks(0.3))) < 6 and len(warnings) == 1

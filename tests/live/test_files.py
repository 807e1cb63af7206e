"""Files of root in directories that other users own, or owned, with real users."""

import grp
import os
import pwd
import stat
import subprocess
import sys
import time

import pytest

from calico_fuel import system
from calico_fuel.errors import FileError
from lab.machine.programs import eventually
from lab.network import bird

NOBODY = pwd.getpwnam('nobody')
GROUP = grp.getgrgid(NOBODY.pw_gid).gr_name
# Puts a link in the place of each file that is staged.
SWAP = '''
import os, sys
directory, victim = sys.argv[1:3]
os.setgroups([])
os.setgid(int(sys.argv[4]))
os.setuid(int(sys.argv[3]))
print('begun', flush=True)
while True:
    for name in os.listdir(directory):
        if name.startswith('.calico-fuel-'):
            try:
                os.unlink(os.path.join(directory, name))
                os.symlink(victim, os.path.join(directory, name))
            except OSError:
                pass
'''


def as_nobody(*argv, **kwargs):
    return subprocess.Popen(
        [str(arg) for arg in argv], cwd='/', user=NOBODY.pw_uid, group=NOBODY.pw_gid,
        extra_groups=[], **kwargs)


@pytest.fixture
def directory(lab_run):
    """One of nobody, who can reach it."""
    lab_run.directory.chmod(0o755)
    path = lab_run.directory / 'of-nobody'
    path.mkdir()
    os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
    return path


def test_a_link_in_place_of_a_staged_file_changes_no_file_of_root(directory):
    victim = directory.parent / 'victim'
    victim.write_text('secret')
    victim.chmod(0o600)
    path = directory / 'bird.conf'
    swapper = subprocess.Popen(
        [sys.executable, '-c', SWAP, directory, victim, str(NOBODY.pw_uid),
         str(NOBODY.pw_gid)], stdout=subprocess.PIPE)
    try:
        assert swapper.stdout.readline() == b'begun\n'
        end = time.monotonic() + 10
        while time.monotonic() < end and victim.stat().st_uid == 0:
            try:
                system.write(str(path), 'ours', 0o640, 'nobody:' + GROUP)
            except FileError:
                pass
            if path.is_symlink():
                path.unlink()
    finally:
        swapper.kill()
        swapper.communicate()

    assert victim.stat().st_uid == 0
    assert stat.S_IMODE(victim.stat().st_mode) == 0o600
    assert victim.read_text() == 'secret'


def test_a_link_that_another_user_made_is_neither_read_nor_written(directory):
    victim, link = directory.parent / 'victim', directory / 'bird.conf'
    victim.write_text('secret')
    assert as_nobody('ln', '-s', victim, link).wait() == 0

    for action in (lambda: system.read_bytes(str(link)),
                   lambda: system.write(str(link), 'ours'),
                   lambda: system.make_directory(str(link))):
        with pytest.raises(FileError) as error:
            action()
        assert error.value.args[0] == (
            '{}: is a symbolic link that neither root nor you made. Look where it '
            'leads, remove it, and run this again'.format(link))

    assert victim.read_text() == 'secret'


def test_nobody_else_can_lock_the_lock(directory):
    path = directory.parent / 'run' / 'lock'
    with system.lock(str(path), 1):
        pass

    other = as_nobody('flock', path, 'true', stderr=subprocess.PIPE)

    assert b'Permission denied' in other.communicate()[1]


def test_a_full_disk_that_cuts_off_what_a_program_says_is_told(demand):
    demand(programs=['unshare'])
    program = ('from calico_fuel import system\n'
               'argv = ["sh", "-c", "head -c 200000 /dev/zero; :"]\n'
               'print(len(system.run(argv).stdout))')
    script = ('mount -t tmpfs -o size=64k none /mnt && TMPDIR=/mnt exec {} -c \'{}\''
              .format(sys.executable, program))

    ended = subprocess.run(['unshare', '--mount', 'sh', '-c', script],
                           cwd=bird.PROJECT, capture_output=True, text=True)

    assert ended.returncode == 1 and not ended.stdout
    assert '/mnt: No space left on device. Make room' in ended.stderr


def test_bird_reads_as_its_user_what_belongs_to_root(line, directory):
    """As the package starts it: directories and files are root's and its group's."""
    etc, control = directory.parent / 'etc', directory / 'control'
    for path in etc, etc / 'local.d':
        system.make_directory(str(path), 'root:' + GROUP, 0o750)
    conf = etc / 'bird.conf'

    def write(protocol):
        system.write(str(conf), (
            'router id 192.0.2.1;\nprotocol device {}\ninclude "local.d/*.conf";\n'),
            0o640, 'root:' + GROUP)
        system.write(str(etc / 'local.d/mine.conf'),
                     'protocol static %s { %s }\n' % (
                         protocol, 'ipv4;' if line == '2' else ''), 0o644)

    def shown():
        return subprocess.run(
            [bird.program('birdc', line), '-s', control, 'show', 'protocols'],
            capture_output=True, text=True).stdout
    write('static_1')
    daemon = subprocess.Popen([
        bird.program('bird', line), '-f', '-c', conf, '-s', control,
        '-P', directory / 'pid', '-u', 'nobody', '-g', GROUP])
    try:
        assert eventually(lambda: 'static_1' in shown())
        assert os.stat('/proc/{}'.format(daemon.pid)).st_uid == NOBODY.pw_uid
        write('static_2')
        subprocess.run([bird.program('birdc', line), '-s', control, 'configure'],
                       check=True)
        assert eventually(lambda: 'static_2' in shown() and 'static_1' not in shown())
    finally:
        daemon.kill()
        daemon.wait()

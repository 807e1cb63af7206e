"""The functions that touch the node, on this machine; and the fake has the same."""

from __future__ import unicode_literals

import inspect
import os
import stat
import subprocess
import sys
import time

import pytest

from calico_fuel import system
from calico_fuel.errors import CommandError, FileError, LockError
from tests.unit.fake.system import FakeSystem

pytestmark = pytest.mark.runs_programs
PYTHON = '{}'.format(sys.executable)


def functions(module):
    return {name for name, member in inspect.getmembers(module, inspect.isfunction)
            if not name.startswith('_') and member.__module__ == 'calico_fuel.system'}


def test_the_fake_node_has_the_same_functions_with_the_same_arguments():
    for name in functions(system):
        real, fake = getattr(system, name), getattr(FakeSystem, name)
        real = getattr(real, '__wrapped__', real)
        fake = getattr(fake, '__wrapped__', fake)
        get = getattr(inspect, 'getfullargspec', getattr(inspect, 'getargspec', None))
        if sys.version_info[0] > 2 or name not in ('lock', 'temporary_directory'):
            assert get(real).args == get(fake).args[1:], name


def test_a_file_is_written_with_its_mode_and_leaves_nothing_beside(tmpdir):
    path = str(tmpdir.join('a', 'file'))

    system.write(path, 'text \xe4\n', 0o640)

    assert system.read(path) == 'text \xe4\n'
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert os.listdir(str(tmpdir.join('a'))) == ['file']


def test_a_file_that_is_replaced_keeps_its_mode_and_its_links(tmpdir):
    path, link = tmpdir.join('file'), tmpdir.join('link')
    path.write('old')
    os.chmod(str(path), 0o604)
    os.symlink(str(path), str(link))

    system.write(str(link), 'new')

    assert path.read() == 'new' and os.path.islink(str(link))
    assert stat.S_IMODE(os.stat(str(path)).st_mode) == 0o604


def test_a_staged_file_is_not_yet_there(tmpdir):
    path = str(tmpdir.join('file'))
    system.write(path, 'old')

    staged = system.stage(path, 'new')
    assert system.read(path) == 'old'
    system.put_in_place(staged, path)

    assert system.read(path) == 'new'


def test_an_owner_that_does_not_exist_is_told_and_nothing_is_left(tmpdir):
    with pytest.raises(FileError) as error:
        system.write(str(tmpdir.join('file')), 'text', owner='no-such-user:root')

    assert 'owner no-such-user:root is not known' in error.value.args[0]
    assert os.listdir(str(tmpdir)) == []


def test_what_is_removed_is_gone_and_twice_is_fine(tmpdir):
    tmpdir.join('d', 'f').ensure()

    for _ in range(2):
        system.remove(str(tmpdir.join('d')))

    assert not tmpdir.join('d').check()
    assert system.names_in(str(tmpdir.join('d'))) == []


def test_a_directory_that_is_set_aside_keeps_what_is_in_it(tmpdir):
    tmpdir.join('member', 'wal').write_binary(b'log', ensure=True)
    aside = str(tmpdir.join('member.set-aside-1'))

    system.set_aside(str(tmpdir.join('member')), aside)

    assert not tmpdir.join('member').check()
    assert tmpdir.join('member.set-aside-1', 'wal').read_binary() == b'log'


def test_a_program_is_given_text_and_its_answer_is_read():
    answer = system.run(['cat'], text='\xe4')

    assert answer == (0, '\xe4', '')


def test_a_program_that_fails_is_told_with_its_status_and_words():
    with pytest.raises(CommandError) as error:
        system.run(['sh', '-c', 'echo why >&2; exit 3'])

    assert (error.value.status, error.value.stderr) == (3, 'why')
    assert error.value.args[0].endswith('exit status 3: why')
    assert system.run(['sh', '-c', 'exit 3'], accept=(0, 3)).status == 3
    assert system.run(['sh', '-c', 'exit 3'], accept=None).status == 3


def test_a_program_that_is_missing_is_told():
    with pytest.raises(CommandError) as error:
        system.run(['no-such-program', 'x'])

    assert error.value.status == 127
    assert error.value.args[0] == (
        'no-such-program x: exit status 127: no-such-program is not installed, or not '
        'in PATH: install the package it is in')


def test_a_program_that_takes_too_long_is_ended():
    with pytest.raises(CommandError) as error:
        system.run(['sleep', '60'], timeout=0.2)

    assert 'took longer than 0.2 s' in error.value.args[0]


def test_what_a_program_that_takes_too_long_has_started_comes_to_its_end(tmpdir):
    """As dpkg of an apt-get; meanwhile services are held back."""
    done = tmpdir.join('done')
    with pytest.raises(CommandError):
        system.run(['sh', '-c', '(sleep 0.6; echo > {}) & exec sleep 60'.format(done)],
                   timeout=0.2)

    assert done.check()


def test_nobody_at_an_address_is_no_reply():
    assert system.http('GET', 'http://127.0.0.1:9/health', timeout=1) is None


def test_the_lock_is_held_by_one_run_at_a_time(tmpdir):
    path = str(tmpdir.join('lock'))

    with system.lock(path, 1):
        with pytest.raises(LockError) as error:
            with system.lock(path, 0.2):
                pass
    with system.lock(path, 0.2):
        pass

    assert 'another run of calico-fuel has held this lock' in error.value.args[0]


def test_the_lock_of_a_run_that_was_killed_is_free(tmpdir):
    path = str(tmpdir.join('lock'))
    system.run([PYTHON, '-c', (
        'import os, sys; sys.path.insert(0, sys.argv[2])\n'
        'from calico_fuel import system\n'
        'with system.lock(sys.argv[1], 1): os.kill(os.getpid(), 9)'),
        path, '{}'.format(os.getcwd())], accept=(-9,))

    with system.lock(path, 0.2):
        pass


def test_a_daemon_that_a_run_started_does_not_hold_its_lock(tmpdir):
    """On Python 2 a program inherits every open file."""
    path = str(tmpdir.join('lock'))
    with system.lock(path, 1):
        pid = system.run(['sh', '-c', 'sleep 60 >/dev/null 2>&1 & echo $!']).stdout

    try:
        with system.lock(path, 0.2):
            pass
    finally:
        os.kill(int(pid), 9)


def test_waiting_ends_when_it_is_true_and_when_the_time_is_over():
    found = iter([0, 0, 'there'])

    assert system.eventually(lambda: next(found), 5, interval=0.01) == 'there'
    assert system.eventually(lambda: 0, 0.05, interval=0.01) == 0


def test_what_the_looks_take_is_time_that_is_waited():
    looks = []

    assert not system.eventually(
        lambda: looks.append(time.sleep(0.1)), 0.3, interval=0.01)

    assert len(looks) <= 4


def test_a_clock_that_is_set_meanwhile_changes_no_wait(monkeypatch):
    """ntpd may set it at boot."""
    looks = []
    jumps = iter([0, 1e9, -1e9, 0])
    monkeypatch.setattr(system.time, 'time', lambda: next(jumps, 0))

    system.eventually(lambda: looks.append(system.now()), 0.2, interval=0.05)

    assert 1 < len(looks) < 7


def test_an_http_server_is_asked_and_errors_are_replies(tmpdir):
    server = ('import sys\ntry:\n from http.server import *\nexcept ImportError:\n'
              ' from BaseHTTPServer import *\n'
              'class H(BaseHTTPRequestHandler):\n'
              ' def do_PUT(self):\n'
              '  n = int(self.headers["Content-Length"])\n'
              '  self.send_response(404 if "missing" in self.path else 201)\n'
              '  self.end_headers(); self.wfile.write(self.rfile.read(n))\n'
              ' def log_message(self, *a): pass\n'
              's = HTTPServer(("127.0.0.1", 0), H)\n'
              'print(s.server_port); sys.stdout.flush()\n'
              's.handle_request(); s.handle_request()\n')
    process = subprocess.Popen([sys.executable, '-c', server], stdout=subprocess.PIPE)
    url = 'http://127.0.0.1:{}/'.format(int(process.stdout.readline()))
    try:
        assert system.http('PUT', url, 'value=\xe4') == (201, 'value=\xe4')
        assert system.http('PUT', url + 'missing', '') == (404, '')
    finally:
        process.kill()
        process.wait()
        process.stdout.close()

"""What a person sees who types calico-fuel."""

from __future__ import unicode_literals

import io
import os
import stat
import subprocess
import sys

import pytest

from calico_fuel.__main__ import main
from tests.unit.builders import roles


def read(path):
    with io.open(str(path), encoding='utf-8') as stream:
        return stream.read()


def test_render_shows_every_file_of_this_node(metadata, capfd):
    assert main(['render', metadata()]) == 0

    shown = capfd.readouterr().out
    assert '# ---- /etc/bird/bird.conf on node-1.example.com' in shown
    assert '# ---- /etc/default/etcd' in shown and 'client_node_3' in shown


def test_render_of_one_file_is_the_file(metadata, tmpdir, capfd):
    path = metadata()
    main(['render', path, '--node', 'node-2', '--output', str(tmpdir)])
    capfd.readouterr()

    assert main(['render', path, '--node', 'node-2', '--file', 'bird.conf',
                 '--show-secrets']) == 0

    assert capfd.readouterr().out.strip() == read(
        tmpdir.join('etc', 'bird', 'bird.conf')).strip()


def test_render_of_all_nodes_makes_a_directory_for_each(metadata, tmpdir, capfd):
    path = metadata(roles(1, 2, [['ceph-osd']]))

    assert main(['render', path, '--all', '--output', str(tmpdir.join('o'))]) == 0

    assert sorted(os.listdir(str(tmpdir.join('o')))) == ['node-1', 'node-2', 'node-3']
    assert tmpdir.join('o', 'node-3', 'etc', 'calico', 'felix.cfg').check()
    assert 'Wrote 11 files of 3 nodes' in capfd.readouterr().out


def test_files_are_readable_by_their_owner_only_and_hold_the_password(
        metadata, tmpdir):
    main(['render', metadata(bgp_password='s3cret'), '--output', str(tmpdir)])
    conf = str(tmpdir.join('etc', 'bird', 'bird.conf'))

    assert stat.S_IMODE(os.stat(conf).st_mode) == 0o600
    assert 'password "s3cret";' in read(conf)


def test_the_terminal_shows_a_password_only_when_asked(metadata, capfd):
    path = metadata(bgp_password='s3cret')

    main(['render', path])
    shown = capfd.readouterr()
    assert 's3cret' not in shown.out
    assert 'bird.conf: passwords are masked; --output' in shown.err
    main(['render', path, '--show-secrets'])
    assert 's3cret' in capfd.readouterr().out


def test_a_file_that_some_nodes_lack_is_shown_for_the_others(metadata, capfd):
    assert main(['render', metadata(), '--all', '--file', 'felix.cfg']) == 0

    shown = capfd.readouterr().out
    assert 'felix.cfg on node-2' in shown and 'felix.cfg on node-3' in shown
    assert 'node-1' not in shown


def test_nothing_is_written_when_one_node_cannot_be_rendered(
        metadata, tmpdir, capfd):
    path = metadata(external_peers='b6 65010 2001:db8::1')

    assert main(['render', path, '--all', '--bird', '1',
                 '--output', str(tmpdir.join('o'))]) == 1

    assert not tmpdir.join('o').check()
    assert 'IPv6' in capfd.readouterr().err


def test_an_output_that_cannot_be_written_is_named(metadata, tmpdir, capfd):
    tmpdir.join('file').write('')

    assert main(['render', metadata(), '--output', str(tmpdir.join('file'))]) == 1

    assert 'file: File exists. Make room there' in capfd.readouterr().err


@pytest.mark.parametrize('options, words', [
    (['--node', 'node-9'], 'nodes: "node-9" is not the uid or name of a node'),
    (['--file', 'nothing'], '--file nothing: no such file is rendered. Name one of'),
    (['--all', '--file', 'x'], '/etc/calico/felix.cfg'),
    (['--nodes', 'missing.yaml'], 'missing.yaml: No such file')])
def test_what_cannot_be_shown_is_told_with_status_1(metadata, capfd, options, words):
    assert main(['render', metadata()] + options) == 1
    assert words in capfd.readouterr().err


@pytest.mark.parametrize('version, marker', [
    ((1, 6, 8), 'BIRD 1.x'), ((2, 0, 12), 'BIRD 2.x')])
def test_the_installed_bird_decides_the_syntax(metadata, monkeypatch, capfd,
                                               version, marker):
    path = metadata()
    monkeypatch.setattr('calico_fuel.bgp.bird.version', lambda system: version)

    main(['render', path, '--file', 'bird.conf'])

    assert capfd.readouterr().out.startswith('# ' + marker)


@pytest.mark.parametrize('form', ['table', 'json', 'dot'])
def test_topology_has_three_forms(metadata, capfd, form):
    assert main(['topology', metadata(), '--format', form]) == 0
    assert 'node-2' in capfd.readouterr().out


def test_settings_are_listed_without_any_file(capfd):
    assert main(['settings']) == 0
    assert 'workload_prefixes' in capfd.readouterr().out


@pytest.mark.parametrize('argv', [
    [], ['nonsense'], ['render', '--bird', '3'], ['topology', '--format', 'xml'],
    ['render', '--all', '--node', '1'], ['render', '--output', '']])
def test_a_wrong_command_line_is_status_2(argv, capfd):
    with pytest.raises(SystemExit) as end:
        main(argv)
    assert end.value.code == 2


def run_program(argv, **kwargs):
    # Some machines have PYTHONUNBUFFERED, and nodes have not.
    env = dict(os.environ, LC_ALL=str(kwargs.pop('locale', 'C')),
               PYTHONPATH=str(os.getcwd()))
    env.pop('PYTHONUNBUFFERED', None)
    process = subprocess.Popen(
        [sys.executable, '-m', 'calico_fuel'] + argv, stderr=subprocess.PIPE,
        env=env, **kwargs)
    return process, process.communicate()


@pytest.mark.runs_programs
@pytest.mark.parametrize('locale', ['C', 'C.UTF-8'])
def test_a_file_name_in_any_script_is_no_crash(locale):
    name = 'f\xe9.yaml'.encode('utf-8')
    process, (_, err) = run_program(['topology', name], locale=locale)

    assert process.returncode == 1
    assert err.startswith(b'calico-fuel: f') and err.count(b'\n') == 1


@pytest.mark.runs_programs
def test_a_full_disk_is_told_and_a_closed_pipe_is_not():
    with open('/dev/full', 'wb') as full:
        process, (_, err) = run_program(['settings'], stdout=full)
    assert process.returncode == 1
    assert b'calico-fuel: output: ' in err and err.count(b'\n') == 1

    reader, writer = os.pipe()
    os.close(reader)
    for argv in ['settings'], ['--help']:
        process, (_, err) = run_program(argv, stdout=writer)
        assert err == b'', argv
    os.close(writer)


SERVER_THAT_IS_GONE = '''
import socket, subprocess
from calico_fuel.cli import output
output.behave_as_a_program()
here, there = socket.socketpair()
there.close()
try:
    here.send(b'x')
except EnvironmentError as error:
    output.tell(type(error).__name__)
print(subprocess.call(['sh', '-c', 'kill -PIPE $$; exit 3']))
'''


@pytest.mark.runs_programs
def test_a_server_that_ends_a_connection_ends_no_run():
    """And the programs that are started end when a pipe's reader does, as always."""
    process = subprocess.Popen(
        [sys.executable, '-c', SERVER_THAT_IS_GONE], stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(os.getcwd())))
    out, _ = process.communicate()

    assert out.split()[-1] == b'-13' and b'rror' in out and process.returncode == 0


@pytest.mark.runs_programs
@pytest.mark.parametrize('locale', ['C', 'C.UTF-8'])
def test_the_module_runs_as_a_program_in_any_locale(metadata, locale):
    process, (out, err) = run_program(
        ['topology', metadata()], locale=locale, stdout=subprocess.PIPE)

    assert (process.returncode, err) == (0, b'')
    assert b'node-2' in out

"""calico-fuel check: can the metadata and settings of this node work?"""

from __future__ import unicode_literals

import errno
import os

import pytest

from calico_fuel.__main__ import main
from calico_fuel.errors import RejectedError
from lab import fuel_metadata
from tests.unit.builders import roles


def test_check_reports_risks_and_changes_nothing(metadata, tmpdir, capfd):
    path = metadata()
    before = sorted(str(p) for p in tmpdir.visit())

    assert main(['check', path]) == 0

    shown = capfd.readouterr().out
    assert 'Risk: there is a single etcd member' in shown
    assert '/etc/bird/bird.conf: renders' in shown
    assert sorted(str(p) for p in tmpdir.visit()) == before


@pytest.mark.parametrize('version', [(1, 3), (1, 4)])
def test_a_bird_that_is_too_old_is_told(metadata, monkeypatch, capfd, version):
    path = metadata()
    monkeypatch.setattr('calico_fuel.system.bird_version', lambda: version)

    assert main(['check', path]) == 1

    assert 'BIRD {}.{} is installed, and too old'.format(
        *version) in capfd.readouterr().err


def refuse(files):
    raise RejectedError('BIRD refuses ' + ' '.join(path for path, _ in files))


@pytest.mark.parametrize('command', ['check', 'render', 'topology'])
def test_an_environment_that_cannot_work_is_refused_by_every_command(
        metadata, capfd, command):
    assert main([command, metadata([['compute']])]) == 1
    assert 'there is no route reflector' in capfd.readouterr().err


@pytest.mark.parametrize('command', ['check', 'render'])
def test_settings_that_contradict_the_networks_are_refused(metadata, capfd, command):
    assert main([command, metadata(external_peers='b1 65010 192.0.2.12')]) == 1
    assert '192.0.2.12 of node-2' in capfd.readouterr().err


def test_check_asks_the_bird_that_is_installed(metadata, monkeypatch, capfd):
    path = metadata()
    monkeypatch.setattr('calico_fuel.system.parse_with_bird', refuse)

    assert main(['check', path]) == 0
    assert 'BIRD is not installed yet and was not asked' in capfd.readouterr().out

    monkeypatch.setattr('calico_fuel.system.bird_version', lambda: (1, 6))
    assert main(['check', path]) == 1
    assert 'BIRD refuses bird.conf local.d/00-readme.conf' in capfd.readouterr().err


BIRD_WITHOUT_VERSION = '#!/bin/sh\nkill -9 $$\n'
BIRD_THAT_DIES = ('#!/bin/sh\n[ "$1" = --version ] || kill -9 $$\n'
                  'echo BIRD version 1.6.8 >&2\n')


@pytest.mark.runs_programs
@pytest.mark.parametrize('program, words', [
    (BIRD_WITHOUT_VERSION, 'bird: does not tell its version (exit status -9)'),
    (BIRD_THAT_DIES, 'bird: was ended by signal 9 while it read')])
def test_a_bird_that_is_broken_is_not_taken_for_a_refusal(
        tmpdir, monkeypatch, capfd, program, words):
    path = tmpdir.join('astute.yaml')
    path.write_text(fuel_metadata.text('6.1', roles()), 'utf-8')
    tmpdir.mkdir('bin').join('bird').write(program)
    tmpdir.join('bin', 'bird').chmod(0o755)
    monkeypatch.setenv(str('PATH'), str('{}:{}').format(
        tmpdir.join('bin'), os.environ['PATH']))

    assert main(['check', str(path)]) == 1

    shown = capfd.readouterr().err
    assert words in shown and 'Install the package again' in shown


def test_check_on_a_full_disk_says_so(metadata, monkeypatch, capfd):
    def full(**_):
        raise OSError(errno.ENOSPC, 'full')
    path = metadata()
    monkeypatch.setattr('calico_fuel.system.bird_version', lambda: (1, 6))
    monkeypatch.setattr('calico_fuel.system.tempfile.mkdtemp', full)

    assert main(['check', path]) == 1

    assert 'temporary directory: No space left' in capfd.readouterr().err


def test_check_tells_every_bad_setting_and_fails(metadata, capfd):
    path = metadata(as_number='0', bgp_password='a"b', workload_prefixes='x')

    assert main(['check', path]) == 1

    lines = capfd.readouterr().err.strip().split('\n')
    assert len(lines) == 3
    assert all(line.startswith('calico-fuel: ' + path) for line in lines)

"""calico-fuel check asks the BIRD that is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from calico_fuel import system
from calico_fuel.errors import RejectedError
from lab import bird, fuel_metadata
from tests.live import COMPUTE, CONTROLLER


@pytest.fixture
def installed(line, monkeypatch):
    """BIRD's line 1 or 2 as the one that this machine has."""
    monkeypatch.setenv('PATH', os.pathsep.join(
        [str(bird.program('bird', line).parent), os.environ['PATH']]))
    return line


def test_check_says_that_the_installed_bird_accepts_the_config(installed, tmp_path):
    metadata = tmp_path / 'astute.yaml'
    metadata.write_text(fuel_metadata.text('6.1', [CONTROLLER, COMPUTE]))

    shown = subprocess.run(
        [sys.executable, '-m', 'calico_fuel', 'check', str(metadata)],
        cwd=bird.PROJECT, text=True, capture_output=True)

    assert shown.returncode == 0, shown.stderr
    assert 'bird.conf: renders, and BIRD {}.'.format(installed) in shown.stdout
    assert 'accepts it' in shown.stdout


def test_a_config_that_bird_refuses_is_told_with_birds_own_words(installed):
    before = _temporary_directories()

    with pytest.raises(RejectedError) as error:
        system.parse_with_bird([('bird.conf', 'router id 192.0.2.1;\nnonsense;\n')])

    message = error.value.args[0]
    assert message.startswith('BIRD refuses the rendered bird.conf: ')
    assert 'bird.conf:2:1 syntax error' in message
    assert _temporary_directories() == before


def _temporary_directories():
    return sorted(Path('/tmp').glob('calico-fuel-*'))

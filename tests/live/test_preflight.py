"""preflight asks the BIRD that is installed, and changes nothing."""

import os
import tempfile

import pytest

from calico_fuel import system
from calico_fuel.bgp import bird as node_bird
from calico_fuel.errors import RejectedError
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.tasks import preflight
from lab.fuel import fuel_metadata
from lab.network import bird
from tests.live import COMPUTE, CONTROLLER


@pytest.fixture
def installed(line, monkeypatch):
    """BIRD's line 1 or 2 as the one that this machine has, with its package."""
    monkeypatch.setenv('PATH', os.pathsep.join(
        [str(bird.program('bird', line).parent), os.environ['PATH']]))
    monkeypatch.setattr(preflight.packages, 'names', lambda environment, node: (
        'base-files',))
    return line


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where these tests have their temporary directories, and no other program."""
    place = tmp_path / 'temporary'
    place.mkdir()
    monkeypatch.setattr(tempfile, 'tempdir', str(place))
    return place


def test_the_installed_bird_accepts_the_config(installed, temporary):
    environment = parse_environment(fuel_metadata.text('6.1', [CONTROLLER, COMPUTE]))

    found = preflight.checks_of(environment, environment.this_node, system)

    assert [check.sentence for check in found if check.is_problem] == []
    assert any('bird.conf: renders, and BIRD {}.'.format(installed) in check.sentence
               and check.sentence.endswith('accepts it') for check in found)
    assert list(temporary.iterdir()) == []


def test_a_config_that_bird_refuses_is_told_with_birds_own_words(installed, temporary):
    with pytest.raises(RejectedError) as error:
        node_bird.parse(system, [('bird.conf', 'router id 192.0.2.1;\nnonsense;\n')])

    message = error.value.args[0]
    assert message.startswith('BIRD refuses the rendered bird.conf: ')
    assert 'bird.conf:2:1 syntax error' in message
    assert list(temporary.iterdir()) == []

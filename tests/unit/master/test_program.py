"""The program calico-fuel-master, as an operator starts it."""

from __future__ import unicode_literals

import os
import shutil
import subprocess
import sys

import pytest

from calico_fuel_master.program import COMMANDS, main
from tests.unit.master.builders import directory

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))


def test_no_command_and_an_unknown_one_are_wrong_usage():
    for argv in ([], ['frobnicate']):
        with pytest.raises(SystemExit) as ended:
            main(argv)
        assert ended.value.code == 2


def test_every_command_is_a_subcommand_of_fuels_client():
    with open(os.path.join(ROOT, 'calico_fuel_master', 'entry_points.txt')) as stream:
        lines = stream.read().split('\n')

    assert lines[0] == '[fuelclient]'
    assert lines[1:-1] == ['calico_{} = calico_fuel_master.fuel2:{}'.format(
        command.name, command.name.capitalize()) for command in COMMANDS]


@pytest.mark.runs_programs
def test_it_runs_from_its_folder_on_a_master(tmpdir):
    """There the package of the nodes lies in deployment_scripts, and nowhere else."""
    for name, target in (('calico_fuel_master', 'calico_fuel_master'),
                         ('calico_fuel', 'deployment_scripts/calico_fuel')):
        shutil.copytree(os.path.join(ROOT, name), str(tmpdir.join('plugin', target)))

    def run(*argv):
        ran = subprocess.Popen(
            [sys.executable, str(tmpdir.join('plugin', 'calico_fuel_master'))]
            + list(argv), cwd=str(tmpdir), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        return ran.communicate() + (ran.returncode,)

    stdout, _, status = run('preview', directory(tmpdir))
    assert stdout.endswith(b'preview: good\n') and status == 0
    _, stderr, status = run('preview')
    assert stderr.startswith(b'calico-fuel-master: preview: name either ')
    assert status == 1

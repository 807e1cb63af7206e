"""Which data a command works on, and its exit status."""

from __future__ import unicode_literals

import pytest

from calico_fuel_master import commands, nailgun
from calico_fuel_master.program import main
from tests.unit.master.builders import directory, mappings
from tests.unit.master.nailgun_client import Client, answers


@pytest.fixture
def api(monkeypatch):
    """Let Fuel's client answer so."""
    def api(found):
        client = Client(found)
        monkeypatch.setattr(nailgun, '_client', lambda: client)
        return client
    return api


def test_preview_of_a_directory_against_another(tmpdir, capfd):
    new = directory(tmpdir, 'new', as_number='64999')
    old = directory(tmpdir, 'old')

    assert main(['preview', new, '--against', old]) == 0

    told = capfd.readouterr().out
    assert 'as_number: 64512 -> 64999' in told and told.endswith('preview: good\n')


def test_preview_of_settings_that_cannot_work_fails(tmpdir, capfd):
    assert main(['preview', directory(tmpdir, as_number='0')]) == 1

    told = capfd.readouterr()
    assert 'preview: 1 problem: the deployment would fail' in told.out
    assert 'calico-fuel-plugin: as_number: AS 0 is reserved' in told.err


def test_preview_of_an_environment_knows_what_is_deployed(api, capfd):
    found = answers(mappings(as_number='64999'))
    found['transactions/?cluster_id=7'] = [{'id': 3, 'status': 'ready'}]
    found['transactions/3/deployment_info'] = mappings()
    api(found)

    assert main(['preview', '-e', '7']) == 0

    assert 'as_number: 64512 -> 64999' in capfd.readouterr().out


def test_preview_against_a_directory_asks_the_api_for_the_rest_only(
        api, tmpdir, capfd):
    found = answers(mappings(as_number='64999'), [{'uid': '4'}])
    del found['transactions/?cluster_id=7']
    api(found)

    assert main(['preview', '-e', '7', '--against', directory(tmpdir)]) == 0

    told = capfd.readouterr().out
    assert 'as_number: 64512 -> 64999' in told
    assert 'Somebody uploaded facts of the nodes 4' in told


@pytest.mark.parametrize('argv', [['preview'], ['preview', 'facts', '-e', '7']])
def test_preview_needs_one_source(argv, capfd):
    assert main(argv) == 1

    assert 'name either a directory of facts or an environment' in (
        capfd.readouterr().err)


def test_every_command_is_a_subcommand_of_fuels_client():
    with open('calico_fuel_master/entry_points.txt') as stream:
        lines = stream.read().split('\n')

    assert lines[0] == '[fuelclient]'
    assert lines[1:-1] == ['calico_{} = calico_fuel_master.fuel2:{}'.format(
        command.name, command.name.capitalize()) for command in commands.COMMANDS]

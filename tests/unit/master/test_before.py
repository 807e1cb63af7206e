"""Which data a command works on, and its exit status."""

from __future__ import unicode_literals

import pytest

from calico_fuel_master.program import main
from tests.unit.master.builders import directory, mappings, section
from tests.unit.master.nailgun_client import answers


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


def with_settings(coming=None, **kwargs):
    """What Nailgun answers who asks for the settings of the environment 7."""
    coming = coming or mappings()[:1]
    return answers(coming, **{'clusters/7/attributes': {'editable': {
        'common': {}, 'calico-fuel-plugin': section(True, **kwargs)}}})


def test_settings_are_shown_and_nothing_is_saved(api, capfd):
    client = api(with_settings(is_enabled=True))

    assert main(['settings', '-e', '7']) == 0

    told = capfd.readouterr().out
    assert 'Plugin calico-fuel-plugin 4.0.0 in environment 7: on' in told
    assert 'as_number ' in told and told.endswith('settings: good\n')
    assert client.saved == []


def test_settings_are_saved_in_the_section_of_the_plugin_alone(api, capfd):
    client = api(with_settings())

    assert main(['settings', '-e', '7', '--enable', 'as_number=64999', 'bfd=true']) == 0

    (path, data), = client.saved
    assert path == 'clusters/7/attributes'
    assert list(data) == ['editable'] and list(data['editable']) == [
        'calico-fuel-plugin']
    saved = data['editable']['calico-fuel-plugin']['metadata']
    assert saved['enabled'] is True and saved['chosen_id'] == 2
    assert saved['versions'][0]['as_number']['value'] == '64999'
    assert saved['versions'][0]['bfd']['value'] is True
    assert 'fuel2 calico preview -e 7' in capfd.readouterr().out


@pytest.mark.parametrize('change, words', [
    ('as_number=65535', 'AS 65535 is reserved'),
    ('workload_gateway=203.0.113.1', 'workload_prefixes is empty'),
    # Only the networks of the environment tell.
    ('workload_prefixes=192.0.2.0/25', '192.0.2.0/25 lies in 192.0.2.0/24')])
def test_settings_that_cannot_work_are_not_saved(api, capfd, change, words):
    client = api(with_settings(is_enabled=True))

    assert main(['settings', '-e', '7', change]) == 1

    told = capfd.readouterr()
    assert words in told.err and 'nothing was saved' in told.out
    assert client.saved == []


def test_fuel_8_keeps_no_settings_of_a_plugin_that_is_off(api, capfd):
    client = api(with_settings())

    assert main(['settings', '-e', '7', 'as_number=64999']) == 1

    assert 'add --enable' in capfd.readouterr().err and client.saved == []


def test_without_nodes_the_settings_alone_are_checked(api):
    found = with_settings(is_enabled=True)
    found['nodes/?cluster_id=7'] = []
    client = api(found)

    assert main(['settings', '-e', '7', 'workload_prefixes=192.0.2.0/25']) == 0
    assert len(client.saved) == 1


def test_settings_that_are_already_so_are_not_saved_again(api):
    client = api(with_settings(is_enabled=True))

    assert main(['settings', '-e', '7', 'as_number=64512', '--enable']) == 0
    assert client.saved == []

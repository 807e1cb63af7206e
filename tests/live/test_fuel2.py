"""``fuel2 calico`` with the real clients of Fuel 7.0, 9.0 and 11.

Stand-in: Nailgun (``tests.plan.nailgun``).
"""

import os
import shutil
import subprocess
from collections import namedtuple

import pytest

from tests.packaging.rpmtools import ROOT, skip_loudly
from tests.plan.nailgun import served
from tests.unit.master.builders import directory, mappings, section
from tests.unit.master.nailgun_client import answers

# cliff 1.9 (as on Fuel 8.0), cliff 2.18, and the newest.
CLIENTS = ('7.0-py27', '9.0-py27', '11.0-py3')
Done = namedtuple('Done', 'status stdout stderr')


@pytest.fixture(params=CLIENTS)
def fuel2(request, tmp_path):
    """Run ``fuel2`` of a client whose Python has our package as the RPM brings it."""
    program = ROOT / '.cache/fuelclient-{}/bin/fuel2'.format(request.param)
    if not program.exists():
        skip_loudly('no {}: run tools/setup python fuelclient'.format(program))
    egg_info = tmp_path / 'site/calico_fuel_master.egg-info'
    egg_info.mkdir(parents=True)
    for name in 'PKG-INFO', 'entry_points.txt':
        shutil.copy(str(ROOT / 'calico_fuel_master' / name), str(egg_info))

    def fuel2(nailgun, *argv, program=program):
        port = str(nailgun.server_port)
        done = subprocess.run(
            [str(program)] + list(argv), timeout=60, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True,
            env={'PATH': os.environ['PATH'], 'HOME': str(tmp_path), 'LC_ALL': 'C.UTF-8',
                 'PYTHONPATH': '{}:{}'.format(tmp_path / 'site', ROOT),
                 'PYTHONDONTWRITEBYTECODE': '1', 'SERVER_ADDRESS': '127.0.0.1',
                 'SERVER_PORT': port, 'LISTEN_PORT': port})
        return Done(done.returncode, done.stdout, done.stderr)
    return fuel2


def test_preview_asks_for_all_nodes_and_says_each_line_once(fuel2):
    found = answers(mappings(as_number='64999'))
    found['transactions/?cluster_id=7'] = [{'id': 3, 'status': 'ready'}]
    found['transactions/3/deployment_info'] = {'common': {}, 'nodes': {
        facts['uid']: facts for facts in mappings()}}
    with served('9.2', found) as nailgun:
        done = fuel2(nailgun, 'calico', 'preview', '-e', '7')

    assert done.status == 0, done
    assert done.stdout.count('as_number: 64512 -> 64999\n') == 1
    assert done.stdout.endswith('preview: good\n')


def test_the_exit_status_is_that_of_the_command_with_every_cliff(fuel2, tmpdir):
    with served('9.2') as nailgun:
        done = fuel2(nailgun, 'calico', 'preview', directory(
            tmpdir, as_number='65535', external_peers='border 1', bgp_pasword='x'))

    assert done.status == 1, done
    assert 'preview: 3 problems: the deployment would fail' in done.stdout


def test_an_error_of_nailgun_is_told_without_a_traceback(fuel2):
    with served('9.2') as nailgun:
        done = fuel2(nailgun, 'calico', 'preview', '-e', '8')

    assert done.status == 1, done
    assert "fuel2 calico: Fuel's API: nodes/?cluster_id=8: 501" in done.stderr
    assert 'not known here: GET nodes/' in done.stderr
    assert 'Traceback' not in done.stderr


@pytest.fixture
def with_settings():
    """A Nailgun with settings of the environment 7, in which the plugin is off."""
    found = answers(mappings()[:1], **{'clusters/7/attributes': {
        'editable': {'common': {}, 'calico-fuel-plugin': section(True)}}})
    with served('9.2', found) as nailgun:
        yield nailgun


def test_settings_are_saved_in_one_section(fuel2, with_settings):
    done = fuel2(with_settings, 'calico', 'settings', '-e', '7', '--enable',
                 'as_number=64999')

    assert done.status == 0, done
    (path, data), = with_settings.saved
    assert list(data['editable']) == ['calico-fuel-plugin']
    saved = data['editable']['calico-fuel-plugin']['metadata']
    assert saved['enabled'] and saved['versions'][0]['as_number']['value'] == '64999'


def test_the_reason_of_a_refusal_is_told(fuel2, with_settings):
    """The client of 7.0 tells the status alone."""
    with_settings.refusal = "Plugin couldn't be changed after deployment"

    done = fuel2(with_settings, 'calico', 'settings', '-e', '7', '--enable')

    assert done.status == 1, done
    assert "Plugin couldn't be changed after deployment" in done.stderr


def test_the_program_in_its_folder_asks_the_api_too(fuel2, with_settings):
    """As on the master of Fuel 8.0, whose RPM has no scriptlet."""
    done = fuel2(with_settings, str(ROOT / 'calico_fuel_master'), 'settings', '-e', '7',
                 program=ROOT / '.cache/fuelclient-7.0-py27/bin/python')

    assert done.status == 0, done
    assert 'Plugin calico-fuel-plugin 4.0.0 in environment 7: off' in done.stdout


@pytest.mark.parametrize('command, option', [
    ('preview', '--against DIR'), ('settings', '--enable'), ('status', '--html FILE'),
    ('verify', '--nodes FILE'), ('explain', '--ssh-config FILE'),
    ('diag', '--output DIR')])
def test_each_command_has_its_help(fuel2, command, option):
    with served('9.2') as nailgun:
        done = fuel2(nailgun, 'help', 'calico', command)

    assert done.status == 0, done
    assert option in done.stdout

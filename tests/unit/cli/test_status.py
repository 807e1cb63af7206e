"""status and diff as an operator, Nagios and cron run them: output and exit status."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel import __main__
from calico_fuel.cli import show_arguments, status
from calico_fuel.errors import NodeError
from calico_fuel.resources.file import File
from calico_fuel.tasks import cron
from lab.fuel import fuel_metadata
from tests.unit.builders import roles
from tests.unit.fake.system import good
from tests.unit.fake.verify_node import FELIX, FORWARD, Stubborn, Task, node_of

SECRET = 's3cret'
CONF = File('/etc/bird/x.conf', 'a;\n  password "{}";\n'.format(SECRET), 0o640)
TEXTFILE = '/var/lib/node_exporter/calico_fuel.prom'


@pytest.fixture
def node(monkeypatch):
    """node-2, a healthy compute whose tasks want little, in the real program."""
    of, node = node_of('2')
    for path in '/etc/astute.yaml', cron.LIST:
        node.write(path, fuel_metadata.text('6.1', roles(1, 2), '2'))
    node.programs['ip'] = lambda argv, text: good(
        '2: br-mgmt    inet 192.0.2.12/24\n' if 'address' in argv else '')
    monkeypatch.setattr(__main__, 'system', node)

    def wants(*items):
        monkeypatch.setattr(status, 'COMPARED', (('compute', Task(*items)),))
    node.wants = wants
    wants(FELIX, FORWARD)
    return node


@pytest.mark.parametrize('name', show_arguments.FORMATS)
def test_a_good_node_exits_with_0_in_each_format(node, capfd, name):
    assert __main__.main(['status', '--format', name]) == 0

    printed = capfd.readouterr()
    assert printed.err == '' and len(printed.out) > 80


@pytest.mark.parametrize('name, number', [
    ('table', 1), ('json', 1), ('nagios', 2), ('prometheus', 0)])
def test_a_problem_has_the_exit_status_of_the_format(node, capfd, name, number):
    node.silent.add('127.0.0.1:8775')

    assert __main__.main(['status', '--format', name]) == number

    assert 'METADATA_API_DOWN' in capfd.readouterr().out


def test_without_metadata_nagios_gets_unknown_and_people_an_error(node, capfd):
    node.remove('/etc/astute.yaml')

    assert __main__.main(['status', '--format', 'nagios']) == 3
    assert capfd.readouterr().out.startswith(
        'CALICO UNKNOWN - /etc/astute.yaml: does not exist')

    assert __main__.main(['status']) == 1
    assert 'does not exist' in capfd.readouterr().err


def test_a_file_is_written_at_once_and_for_all_to_read(node, capfd):
    assert __main__.main(
        ['status', '--format', 'prometheus', '--output', TEXTFILE]) == 0

    assert capfd.readouterr().out == ''
    assert node.files[TEXTFILE].mode == 0o644
    assert node.text(TEXTFILE).endswith('} 1\n')


def test_no_format_has_a_secret(node, capfd):
    node.wants(CONF)
    for name in show_arguments.FORMATS:
        assert __main__.main(['status', '--format', name]) in (0, 1, 2)

        printed = capfd.readouterr().out
        assert 'DRIFT' in printed and SECRET not in printed


def test_json_is_json_whatever_a_name_has(node, capfd):
    node.bird.sessions += 'client_node_9\x1b BGP master up 12:00:03 Established\n'

    __main__.main(['status', '--format', 'json'])

    assert json.loads(capfd.readouterr().out)['node'] == 'node-2'


def test_diff_of_a_node_as_wanted_says_nothing(node, capfd):
    assert __main__.main(['diff']) == 0

    assert capfd.readouterr().out == ''


def test_diff_shows_what_each_task_would_change_without_passwords(node, capfd):
    node.wants(FORWARD, CONF)
    node.kernel['net.ipv4.ip_forward'] = '0'
    changes = node.changes

    assert __main__.main(['diff']) == 1

    printed = capfd.readouterr().out
    assert '+a;' in printed and '********' in printed and SECRET not in printed
    assert 'would change /etc/bird/x.conf (calico-fuel compute)' in printed
    assert printed.endswith('diff: 2 differences\n')
    assert node.changes == changes


@pytest.mark.parametrize('items', [
    (FORWARD, Stubborn('net.x', '1', others=())), (NodeError('etcd is away. Wait'),)])
def test_diff_of_what_cannot_be_compared_is_trouble(node, capfd, items):
    node.wants(*items)

    assert __main__.main(['diff']) == 2

    printed = capfd.readouterr()
    assert 'no such knob' in printed.err or 'etcd is away' in printed.err


def test_diff_without_metadata_is_trouble_and_no_difference(node, capfd):
    node.remove('/etc/astute.yaml')

    assert __main__.main(['diff']) == 2
    assert 'does not exist' in capfd.readouterr().err


@pytest.mark.parametrize('name', ['status', 'diff'])
def test_metadata_of_another_node_is_refused(node, capfd, name):
    node.write('copy.yaml', fuel_metadata.text('6.1', roles(1, 2), '3'))

    assert __main__.main([name, 'copy.yaml']) == (2 if name == 'diff' else 1)
    assert 'needs the file of its own node' in capfd.readouterr().err

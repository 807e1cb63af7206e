"""What a person gets who types calico-fuel diag."""

from __future__ import unicode_literals

import os
import tarfile

import pytest

from calico_fuel.__main__ import main
from calico_fuel.cli import diag, source
from calico_fuel.diag import bounded
from calico_fuel.tasks import cron
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles
from tests.unit.fake.system import OWNER, Entry, good
from tests.unit.fake.verify_node import Node

PATH = '/var/tmp/calico-fuel-diag-node-2-20151120T061320Z.tar.gz'
FOLDER = 'calico-fuel-diag-node-2-20151120T061320Z/'
SECRET = 'pl4nted-password'


@pytest.fixture
def node(monkeypatch):
    of = environment(roles(1, 1), uid='2')
    node = Node(of)
    del node.files[cron.LIST]
    node.programs['sh'] = lambda argv, text: good('said\n')
    node.programs['ps'] = node.programs['iptables-save'] = lambda argv, text: good()
    node.files['/etc/astute.yaml'] = Entry(fuel_metadata.text(
        '6.1', roles(1, 1), '2', bgp_password=SECRET), OWNER, 0o600)
    monkeypatch.setattr('calico_fuel.__main__.system', node)
    monkeypatch.setattr(diag, 'COMPARED', ())
    return node


def test_the_archive_has_a_summary_and_no_secret(node, capfd):
    node.write('/var/log/calico/felix.log', 'tried {}\n'.format(SECRET))

    assert main(['diag']) == 0

    said = capfd.readouterr().out
    assert said.startswith(PATH + ': ') and 'passwords masked' in said
    found = node.archives[PATH]
    summary = found[FOLDER + 'summary.txt']
    assert summary.startswith('node-2 at 2015-11-20 06:13:20 UTC, calico-fuel-plugin 4')
    assert 'BGP to 1 route reflector' in summary
    for command in 'status', 'verify', 'diff':
        assert '\n---- calico-fuel {}\n'.format(command) in summary
    assert 'files/etc/nova/nova.conf: /etc/nova/nova.conf: No such file' in summary
    assert ' 5 network/iptables.txt\n' in summary
    assert '"as_number"' in found[FOLDER + 'topology.json']
    assert SECRET not in '{}'.format(found)
    assert found[FOLDER + 'files/var/log/calico/felix.log'] == 'tried ********\n'


def test_it_asks_once_where_verify_would_wait(node):
    node.bird.sessions = ''
    begin = node.clock

    assert main(['diag']) == 0

    assert node.clock - begin < 5
    assert 'is not configured' in node.archives[PATH][FOLDER + 'summary.txt']


@pytest.mark.parametrize('text', [None, '{', 'nodes: []'])
def test_without_usable_metadata_it_has_what_is_left(node, text, capfd):
    del node.files['/etc/astute.yaml']
    if text:
        node.files['/etc/astute.yaml'] = Entry(text, OWNER, 0o600)

    assert main(['diag', '--output', '/root/x.tar.gz']) == 0

    found = node.archives['/root/x.tar.gz']
    summary, = [value for name, value in found.items() if 'summary' in name]
    assert '  metadata: /etc/astute.yaml: ' in summary
    assert [name for name in found if name.endswith('bird/protocols.txt')]


@pytest.mark.runs_programs
def test_commands_that_hang_are_ended_and_named(tmpdir, monkeypatch):
    """Real ones: birdc of a BIRD that hangs waits without an end."""
    program = tmpdir.join('birdc')
    program.write('#!/bin/sh\nexec sleep 600\n')
    program.chmod(0o755)
    monkeypatch.setenv(str('PATH'), str('{}:{}'.format(tmpdir, os.environ['PATH'])))
    monkeypatch.setattr(bounded, 'SECONDS_FOR_ONE', 1)
    path = str(tmpdir.join('x.tar.gz'))

    assert main(['diag', '--output', path]) == 0

    with tarfile.open(path) as found:
        name, = [one for one in found.getnames() if one.endswith('/summary.txt')]
        summary = found.extractfile(name).read().decode('utf-8')
    assert ('bird/status.txt: "birdc show status" took too long, and was ended'
            ) in summary
    assert 'bird/protocols.txt: birdc hung before' in summary
    assert 'node/kernel.txt' in summary


def test_a_file_that_exists_is_not_replaced(node, capfd):
    node.write('/root/x.tar.gz', 'kept')

    assert main(['diag', '--output', '/root/x.tar.gz']) == 1

    assert capfd.readouterr().err == (
        'calico-fuel: /root/x.tar.gz: exists. Name a file that does not exist yet\n')
    assert node.text('/root/x.tar.gz') == 'kept' and not node.archives
    assert source.METADATA_FILES[0] in node.files

"""What a person sees who types calico-fuel explain."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.__main__ import main
from calico_fuel.cli import explain, source
from tests.unit.builders import environment, roles
from tests.unit.fake.explained_node import NOBODY, OTHER, OWN, Node, explained


@pytest.fixture
def command(monkeypatch):
    """Run it on a node -> its exit status."""
    def command(node, *argv):
        of = environment(roles(2, 2), uid=node.uid)
        monkeypatch.setattr('calico_fuel.__main__.system', node)
        monkeypatch.setattr(source, 'environment', lambda options, system: of)
        return main(['explain'] + list(argv))
    return command


def test_each_link_is_a_line_with_what_was_seen(command, capfd):
    assert command(Node('3'), OWN, 'to', OTHER) == 0

    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == '203.0.113.21 -> 203.0.113.31, seen from node-3'
    assert lines[1].split() == (
        '1 endpoint in etcd (sender) 203.0.113.21, tap21 on node-3').split()
    assert lines[13].split() == '? 13 tap only node-4 sees it'.split()
    assert lines[-3].startswith('good: 16 of 21 links; other nodes see the rest:')
    assert lines[-1].split(':')[1].strip() == (
        'calico-fuel explain 203.0.113.21 to 203.0.113.31')


def test_a_break_is_the_last_line_with_its_fix_and_the_exit_status(command, capfd):
    assert command(Node('3'), NOBODY) == 1

    lines = capfd.readouterr().out.splitlines()
    assert lines[1].startswith('X  1  endpoint in etcd  none has 203.0.113.99')
    assert lines[2] == 'broken at link 1 (endpoint in etcd): NO_ENDPOINT'
    assert lines[3].startswith('  No instance has it: on a controller, "neutron port')


def test_json_has_what_a_program_joins(command, capfd):
    assert command(Node('4'), OTHER, '--format', 'json') == 0

    said = json.loads(capfd.readouterr().out)
    assert (said['to'], said['from'], said['node']) == (OTHER, None, 'node-4')
    assert said['links'][4] == {
        'name': 'tap', 'state': 'tap31 is up', 'verdict': 'good', 'code': '', 'fix': '',
        'where': 'node-4'}
    assert said['links'][8] == {
        'name': 'route reflector node-1', 'state': 'only node-1 sees it', 'code': '',
        'verdict': 'elsewhere', 'fix': 'calico-fuel explain 203.0.113.31',
        'where': 'node-1'}


@pytest.mark.parametrize('argv, words', [
    ([], 'explain'), (['web'], '"web" is neither an IPv4 address'),
    ([OWN, OTHER], 'write ADDRESS, or ADDRESS to ADDRESS'),
    ([OWN, 'to'], 'write ADDRESS'), ([OWN, 'from', OTHER], 'write ADDRESS'),
    ([OWN, 'to', OTHER, OTHER], 'write ADDRESS'), ([OWN, 'to', OWN], 'both ends are'),
    (['x\x1b[2J'], '"x\\x1b[2J" is neither')])
def test_wrong_usage_is_refused(argv, words, capfd):
    with pytest.raises(SystemExit) as error:
        main(['explain'] + argv)

    assert error.value.code == 2
    assert words in capfd.readouterr().err


def test_what_etcd_says_forges_no_line():
    node = Node('3')
    node.binds(OTHER, 'node-4', 'db', name='tap\n  X 9 forged')

    text = explain.table(explained(node, OTHER), OTHER, None, 'node-3')

    assert '\n  X 9' not in text

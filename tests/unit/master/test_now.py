"""Commands that ask nodes: what they ask, and their exit status."""

from __future__ import unicode_literals

import base64
import json

import pytest

from calico_fuel_master import now
from calico_fuel_master.program import main
from calico_fuel_master.remote import Answer
from tests.unit.master.answers import links, status


@pytest.fixture
def nodes(monkeypatch, tmpdir):
    """Let nodes answer so: name -> status and text; their file, and what was asked."""
    asked = []

    def nodes(**of):
        def ask(targets, command, system, seconds, config=None):
            asked.append((command, [target.name for target in targets], seconds))
            assert config is None or config.startswith('/')
            return [Answer(target, of[target.name][0], of[target.name][1], '', '')
                    if of[target.name] else Answer(target, None, '', '', 'is away')
                    for target in targets]
        monkeypatch.setattr(now.remote, 'ask', ask)
        path = tmpdir.join('nodes')
        path.write_text('\n'.join(sorted(of)), 'utf-8')
        return str(path), asked
    return nodes


@pytest.mark.parametrize('of, expected', [
    ({'a': (0, json.dumps(status('a')))}, 0),
    ({'a': (1, json.dumps(status('a', 'BGP_DOWN')))}, 1),
    ({'a': (0, json.dumps(status('a'))), 'b': None}, 1)])
def test_status_fails_with_a_problem_or_without_an_answer(nodes, capfd, of, expected):
    path, asked = nodes(**of)

    assert main(['status', '--nodes', path]) == expected
    assert asked == [('/usr/local/sbin/calico-fuel status --format json', sorted(of),
                      30)]
    assert main(['status', '--nodes', path, '--format', 'json']) == expected
    assert [node['name'] for node in json.loads(
        capfd.readouterr().out.partition('\n[')[2].join(['[', '']))] == sorted(of)


def test_nodes_of_an_environment_are_those_of_nailgun(nodes, api):
    _, asked = nodes(**{'node-4': (0, json.dumps(status('node-4')))})
    api({'nodes/?cluster_id=7': [{'id': 4, 'ip': '10.20.0.4', 'status': 'ready'}]})

    assert main(['status', '-e', '7', '--timeout', '9', '--ssh-config', 'ssh']) == 0
    assert asked[0][1:] == (['node-4'], 9)


@pytest.mark.parametrize('argv, words', [
    (['status'], 'name either an environment (--env) or a file of nodes'),
    (['status', '--nodes', 'FILE', '--timeout', '0'], 'write a number of seconds'),
    (['status', '--nodes', 'FILE', '--node', 'c'], 'c: is no node here'),
    (['explain', '--nodes', 'FILE', 'a;b'], 'a;b: is no address'),
    (['explain', '--nodes', 'FILE', '--', '-x'], '-x: is no address'),
    (['explain', '--nodes', 'FILE', 'a', 'b', 'c'],
     'write ADDRESS, or ADDRESS to ADDRESS')])
def test_wrong_usage_is_refused(nodes, capfd, argv, words):
    path, asked = nodes(a=(0, ''))

    assert main([path if word == 'FILE' else word for word in argv]) == 1
    assert words in capfd.readouterr().err and asked == []


def test_explain_asks_all_nodes_for_the_same_way(nodes, capfd):
    path, asked = nodes(a=(0, json.dumps(links('a', '12', where='b'))),
                        b=(0, json.dumps(links('b', '3', where='a'))))

    assert main(['explain', '--nodes', path, '203.0.113.2', 'to', 'tap1']) == 0
    assert asked[0][0] == (
        '/usr/local/sbin/calico-fuel explain 203.0.113.2 to tap1 --format json')
    assert 'good: 3 of 3 links' in capfd.readouterr().out


def test_explain_of_one_address_fails_where_one_node_does_not_reach_it(nodes, capfd):
    path, _ = nodes(a=(0, json.dumps(links('a', '123'))),
                    b=(1, json.dumps(links('b', '', broken='1'))))

    assert main(['explain', '--nodes', path, '203.0.113.2']) == 1
    assert 'from b: broken at link 1 (TAP_DOWN)' in capfd.readouterr().out


def test_verify_fails_with_the_node_that_does(nodes, capfd):
    path, _ = nodes(a=(0, 'x\nverify: good\n'), b=(1, 'verify: 1 problem\n'), c=None)

    assert main(['verify', '--nodes', path]) == 1

    told = capfd.readouterr()
    assert 'a: verify: good' in told.out
    assert told.err == ('calico-fuel: b: verify: 1 problem\n'
                        'calico-fuel: c: no answer: is away\n')
    assert told.out.endswith('verify: 2 of 3 nodes with problems\n')


def test_diag_writes_each_archive_for_its_owner_only(nodes, tmpdir, capfd):
    path, _ = nodes(a=(1, base64.b64encode(b'\x00\xff').decode('ascii')), b=(1, ''))

    assert main(['diag', '--nodes', path, '--output', str(tmpdir.join('out'))]) == 1

    archive = tmpdir.join('out', 'a.tar.gz')
    assert archive.read_binary() == b'\x00\xff' and archive.stat().mode & 0o777 == 0o600
    told = capfd.readouterr()
    assert 'b: no archive' in told.err and told.out.endswith('diag: 1 of 2 nodes\n')

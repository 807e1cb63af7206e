"""Which files a command reads, and where the list of nodes is from."""

from __future__ import unicode_literals

import os
import re

import pytest

from calico_fuel.__main__ import main
from calico_fuel.bgp import kernel
from calico_fuel.cli import arguments, source
from calico_fuel.tasks import preflight
from lab.fuel import fuel_metadata
from tests.unit.builders import roles

SUBCOMMANDS = next(action.choices for action in arguments.parser()._actions
                   if action.choices)


def test_a_metadata_file_that_is_missing_is_told(capfd):
    assert main(['topology', 'missing.yaml']) == 1
    assert 'calico-fuel: missing.yaml: No such file' in capfd.readouterr().err


def test_without_a_file_the_newest_of_the_node_is_read(
        metadata, tmpdir, monkeypatch, capfd):
    old = metadata(name='primary-controller.yaml')
    new = metadata(roles(3, 1), name='controller.yaml')
    os.utime(old, (1, 1))
    monkeypatch.setattr(source, 'METADATA_FILES', (str(
        tmpdir.join('etc', 'astute.yaml')), old, new))

    assert main(['topology']) == 0

    assert 'node-4' in capfd.readouterr().out


@pytest.mark.parametrize('argv, takes_any', [
    ('render', True), ('topology', True), ('preflight', True), ('status', False),
    ('diff', False), ('explain 10.65.0.31', False)])
def test_on_a_machine_without_metadata_a_fix_is_told_that_the_command_has(
        argv, takes_any, monkeypatch, capfd):
    monkeypatch.setattr(source, 'METADATA_FILES', ('/nonexistent/a.yaml',))

    assert main(argv.split()) > 0

    assert capfd.readouterr().err == (
        'calico-fuel: /nonexistent/a.yaml: does not exist. Run this on a node that '
        'Fuel deployed{}\n'.format(', or name the metadata file of one' * takes_any))


@pytest.mark.parametrize('name', sorted(SUBCOMMANDS))
def test_another_nodes_file_is_taken_by_these_commands_alone(
        name, metadata, monkeypatch, capfd):
    monkeypatch.setattr(kernel, 'addresses', lambda system: {})
    monkeypatch.setattr(preflight, 'checks_of', lambda *_: [])
    takes_file = any(action.dest == 'metadata' for action in SUBCOMMANDS[name]._actions)
    if takes_file:
        options = ['--dry-run'] * ('--dry-run' in SUBCOMMANDS[name].format_help())
        main([name, metadata()] + options)

    assert (takes_file and 'no interface here has that address'
            not in capfd.readouterr().err) == (name in source.OF_ANY_NODE)


def test_nodes_yaml_beside_the_metadata_is_merged(metadata, tmpdir, capfd):
    path = metadata()
    tmpdir.join('etc', 'hiera', 'nodes.yaml').write_text(
        fuel_metadata.nodes_text(roles(1, 5)), 'utf-8', ensure=True)

    main(['topology', path])

    assert 'node-6' in capfd.readouterr().out


@pytest.mark.parametrize('release, of_metadata, of_list, listed', [
    ('8.0', 2, 1, 'node-3'), ('8.0', 1, 2, 'node-6'), ('8.0', 1, 1, 'node-6'),
    # A clock that was set back between the two, or an edit of the metadata.
    ('6.1', 2, 1, 'node-6'), ('7.0', 2, 1, 'node-6')])
def test_nodes_yaml_has_the_list_unless_it_is_older_on_fuel_8(
        metadata, tmpdir, capfd, release, of_metadata, of_list, listed):
    """Where Fuel linked the metadata to its file, the time of that file counts."""
    target = metadata(roles(1, 2), release, name='compute.yaml')
    tmpdir.join('astute.yaml').mksymlinkto(target)
    nodes = tmpdir.join('hiera', 'nodes.yaml')
    nodes.write_text(fuel_metadata.nodes_text(roles(1, 5)), 'utf-8', ensure=True)
    os.utime(target, (of_metadata, of_metadata))
    os.utime(str(nodes), (of_list, of_list))

    main(['topology', str(tmpdir.join('astute.yaml'))])

    assert max(re.findall('node-.', capfd.readouterr().out)) == listed


def test_a_warning_about_a_key_is_one_line(metadata, capfd):
    main(['topology', metadata(**{str('x\nverify: good'): ''})])

    assert 'x\\x0averify: good: is no setting' in capfd.readouterr().err

"""What --help says, and that what it says can be typed."""

from __future__ import unicode_literals

import re

import pytest

from calico_fuel.cli import arguments, subcommand
from calico_fuel.etcd import backup

PARSER = arguments.parser()
SUBCOMMANDS = next(action.choices for action in PARSER._actions if action.choices)
EXAMPLE = re.compile(r'^  calico-fuel (.+?)(?: [|>].*)?$', re.M)


def has_arguments(name):
    return any(action.dest != 'help' for action in SUBCOMMANDS[name]._actions)


def test_help_shows_each_subcommand_in_one_group():
    named = [name for _, names in arguments.GROUPS for name in names]

    assert sorted(named) == sorted(SUBCOMMANDS)
    text = PARSER.format_help()
    assert re.findall(r'^  ([a-z-]+) +\w', text.partition('check,')[2], re.M) == named
    assert text.index('\ncheck,') < text.index('\nrepair') < text.index('\ntasks that')


@pytest.mark.parametrize('name', sorted(SUBCOMMANDS))
def test_a_subcommand_is_described_by_one_sentence(name):
    text = ' '.join(SUBCOMMANDS[name].description.split())

    assert re.match(r'[A-Z].{15,120}\.(?: \(.*\)\.)?\Z', text) and '. ' not in text


@pytest.mark.parametrize('name', [one for one in sorted(SUBCOMMANDS)
                                  if has_arguments(one)])
def test_an_example_can_be_typed_as_it_stands(name):
    """Of each subcommand that takes arguments."""
    examples = EXAMPLE.findall(SUBCOMMANDS[name].format_help())

    assert examples
    for example in examples:
        assert PARSER.parse_args(example.split()).subcommand == name


@pytest.mark.parametrize('name', [
    'hold', 'release', 'etcd-doors', 'revive', 'backup', 'restore', 'forget'])
def test_a_former_name_is_no_command(name, capfd):
    with pytest.raises(SystemExit):
        PARSER.parse_args([name])

    assert 'invalid choice' in capfd.readouterr().err


@pytest.mark.parametrize('option', ['--from-this-node', '--new-cluster'])
def test_recovery_takes_one_source_of_data(option):
    chosen = PARSER.parse_args(['etcd-recover', option])

    assert chosen.run and sum([chosen.from_this_node, chosen.new_cluster]) == 1
    with pytest.raises(SystemExit):
        PARSER.parse_args(['etcd-recover', '--from-this-node', '--new-cluster'])


def test_help_breaks_no_path():
    """What it names can be copied."""
    assert backup.DIRECTORY in arguments.parser().format_help()


@pytest.mark.parametrize('name', sorted(SUBCOMMANDS))
def test_the_function_that_a_subcommand_names_is_there(name):
    assert callable(subcommand.function(SUBCOMMANDS[name].get_default('run')))

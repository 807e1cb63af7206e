"""What subcommands share: the text of their help, and their options."""

from __future__ import unicode_literals

import argparse

import pytest

from calico_fuel.cli import subcommand


@pytest.fixture
def top():
    return argparse.ArgumentParser().add_subparsers()


def test_help_has_the_sentence_and_the_examples_as_they_are_typed(top):
    one = subcommand.subcommand(
        top, 'x', len, 'Do a thing to /var/lib/some-long-name.', 'x', 'x --all | wc')

    text = one.format_help()

    assert 'Do a thing to /var/lib/some-long-name.' in text
    assert text.endswith('examples:\n  calico-fuel x\n  calico-fuel x --all | wc\n')
    assert one.parse_args([]).run is len


def test_one_that_reads_metadata_takes_its_file_and_a_list_of_nodes(top):
    one = subcommand.of_metadata(top, 'x', len, 'Do a thing.')
    subcommand.dry_run(one)

    options = one.parse_args(['a.yaml', '--nodes', 'n.yaml', '--dry-run'])

    assert (options.metadata, options.nodes, options.dry_run) == (
        'a.yaml', 'n.yaml', True)
    assert one.parse_args([]).metadata is None


def test_an_empty_place_to_write_to_is_refused():
    """A variable of a shell that is not set would mean the root of the file system."""
    with pytest.raises(argparse.ArgumentTypeError):
        subcommand.place('')
    assert subcommand.place('configs') == 'configs'

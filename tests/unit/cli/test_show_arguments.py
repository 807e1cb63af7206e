"""The options of what changes nothing."""

from __future__ import unicode_literals

import pytest

from calico_fuel.cli import arguments, diag, show_arguments, status
from calico_fuel.cli.subcommand import function


@pytest.mark.parametrize('argv, run', [
    (['status'], status.status), (['diff'], status.diff)])
def test_each_has_its_function(argv, run):
    options = arguments.parser().parse_args(argv)

    assert function(options.run) is run and options.metadata is None


def test_status_is_a_table_unless_a_program_asks():
    parse = arguments.parser().parse_args

    assert parse(['status']).format == 'table'
    assert parse(['status', '--format', 'prometheus', '--output', 'x']).output == 'x'
    with pytest.raises(SystemExit):
        parse(['status', '--format', 'xml'])
    with pytest.raises(SystemExit):
        parse(['status', '--output', ''])


def test_the_help_of_diag_says_where_the_archive_is(capfd):
    with pytest.raises(SystemExit):
        arguments.parser().parse_args(['diag', '--help'])

    assert diag.DIRECTORY + '/calico-fuel-diag-' in ''.join(
        capfd.readouterr().out.split())


def test_what_changes_nothing_is_the_first_group_of_the_help():
    assert arguments.GROUPS[0][1] == show_arguments.CHANGE_NOTHING

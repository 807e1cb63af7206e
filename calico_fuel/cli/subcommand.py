"""Parsers of the program and its subcommands, and options that several have."""

from __future__ import unicode_literals

import argparse
import importlib
import textwrap

METADATA_HELP = '''\
metadata file; default: the newest of /etc/astute.yaml and the role files that
Fuel 6.1-8.0 writes. The list in hiera/nodes.yaml beside it is used instead of its
own, unless it is older. Only render, topology and preflight accept the file of
another node'''


def program(name, usage, description):
    return argparse.ArgumentParser(
        prog=name, usage=usage, description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter)


def dry_run(parser):
    parser.add_argument('--dry-run', action='store_true', help=(
        'show what would change, passwords masked, and change nothing'))


def place(text):
    if not text:
        raise argparse.ArgumentTypeError('is empty: name a place')
    return text


def subcommand(subcommands, name, run, text, *examples):
    """A parser for *name*; *examples* are command lines without the program.

    *run* names its function, for ``function``.
    """
    parser = subcommands.add_parser(
        name, description=textwrap.fill(text, 80, break_on_hyphens=False),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='example{}:\n{}'.format('s' * (len(examples) > 1), '\n'.join(
            '  calico-fuel ' + example for example in examples)) if examples else None)
    parser.set_defaults(run=run)
    return parser


def function(run):
    """The function MODULE.NAME of a command, whose module is imported only now."""
    module, _, name = run.partition('.')
    return getattr(importlib.import_module(str('calico_fuel.cli.' + module)), name)


def of_metadata(subcommands, name, run, text, *examples):
    """One that reads the metadata of a node."""
    parser = subcommand(subcommands, name, run, text, *examples)
    parser.add_argument(
        'metadata', nargs='?', metavar='FILE', help=METADATA_HELP)
    parser.add_argument('--nodes', metavar='NODES_YAML', help=(
        "a node's /etc/hiera/nodes.yaml, whose list of nodes replaces that "
        'of the metadata file'))
    return parser

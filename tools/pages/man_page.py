"""The man page calico-fuel(8), from the parser of the program."""

import re

from calico_fuel import __version__
from calico_fuel.cli import arguments
from calico_fuel.errors import LOG
from calico_fuel.resources.file import BACKUPS
from calico_fuel.tasks.command import FOLDER
from tools.pages import command_line

NAME = 'Calico networking on a node that Mirantis Fuel deploys'
FILES = (
    ('/etc/astute.yaml', 'The metadata that Fuel writes; read, never changed.'),
    ('/etc/calico-fuel.paused', 'While it exists, cron runs no task (Fuel 6.1-8.0).'),
    (BACKUPS, 'Each file as it was before its first change, and the last ten versions '
     'that were replaced.'),
    (LOG, 'Every run with its time.'),
    (FOLDER, 'The program.'),
)


def page():
    """The text of the page."""
    commands = {one.name: one for one in command_line.commands(arguments.parser())}
    common = command_line.common(commands.values())
    lines = [
        '.\\" Written by make pages of calico-fuel-plugin.',
        '.TH CALICO\\-FUEL 8 "" "calico\\-fuel {}"'.format(__version__),
        # Commands are to be copied: no line ends within a word.
        '.nh', '.ad l',
        '.SH NAME', 'calico\\-fuel \\- ' + _text(NAME),
        '.SH SYNOPSIS', '.B calico\\-fuel', '.I SUBCOMMAND', '[\\fIOPTION\\fR ...]',
        '.SH DESCRIPTION', _text(arguments.DESCRIPTION),
        '.SH OPTIONS', 'These mean the same in each command that has them.']
    lines += _arguments(common)
    for title, names in arguments.GROUPS:
        lines.append('.SH ' + _text(title).upper())
        for command in map(commands.get, names):
            lines += ['.SS ' + _text(command.name), '.B ' + _text(command.synopsis),
                      '.PP', _text(command.text)]
            lines += _arguments(one for one in command.arguments if one not in common)
            if command.examples:
                lines += ['.PP', 'For example:', '.PP', '.nf', '.RS']
                lines += map(_text, command.examples)
                lines += ['.RE', '.fi']
    lines += ['.SH EXIT STATUS', _text(command_line.sentence(
        arguments.EXIT_STATUS.partition(': ')[2])),
              '.SH FILES']
    for path, text in FILES:
        lines += ['.TP', '.I ' + _text(path), _text(text)]
    return '\n'.join(lines) + '\n'


def _arguments(of):
    for one in of:
        yield '.TP'
        yield '.B ' + _text(', '.join(one.words()))
        yield _text(one.help + (
            '. One of ' + ', '.join(one.choices) if one.choices else '') + '.')


def _text(text):
    """*text* as groff prints it: a hyphen is to be found and copied as typed."""
    text = ' '.join(text.split()).replace('\\', '\\e').replace('-', '\\-')
    return re.sub("^[.']", r'\\&\g<0>', text)

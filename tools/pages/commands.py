"""docs/commands.md, from the parsers of the two programs."""

from calico_fuel.cli import arguments
from calico_fuel_master import program
from tools.pages import command_line
from tools.pages.command_line import sentence

HEAD = '''\
# Commands

`calico-fuel` is on each node, where `man calico-fuel` shows the same. `pip install .`
installs it on a workstation. `calico-fuel-master` is for the Fuel master and for
workstations; on the master of Fuel 9 it is also `fuel2 calico`: [master.md](master.md).

`make pages` writes this page from what the programs themselves parse.
'''
COMMON = '\nThese arguments mean the same in each command that has them:\n\n'


def page():
    """The text of the page."""
    node = command_line.commands(arguments.parser())
    common = command_line.common(node)
    parts = [HEAD, '\n## calico-fuel\n\n', arguments.DESCRIPTION, '\n',
             sentence(arguments.EXIT_STATUS), COMMON, _table(common)]
    for title, names in arguments.GROUPS:
        parts.append('\n### {}\n'.format(sentence(title)))
        parts += [_section(one, common) for name in names for one in node
                  if one.name == name]

    top = program.parser()
    master = command_line.commands(top)
    common = command_line.common(master)
    parts += ['\n## calico-fuel-master\n\n', top.description, '\n',
              sentence(top.epilog), '.\n', COMMON, _table(common)]
    return ''.join(parts + [_section(one, common, '###') for one in master])


def _section(command, common, level='####'):
    own = [one for one in command.arguments if one not in common]
    parts = ['\n{} {}\n\n{}\n\n    {}\n'.format(
        level, command.name, command.text, command.synopsis)]
    if own:
        parts.append('\n' + _table(own))
    if command.examples:
        parts.append('\nFor example:\n\n' + ''.join(
            '    {}\n'.format(line) for line in command.examples))
    return ''.join(parts)


def _table(arguments_):
    return '| Argument | Meaning |\n|---|---|\n' + ''.join(
        '| {} | {} |\n'.format(', '.join(
            '`{}`'.format(words) for words in one.words()), _meaning(one))
        for one in arguments_)


def _meaning(argument):
    text = argument.help.replace('|', '\\|')
    if not argument.choices:
        return text
    return '{}. One of {}'.format(
        text, ', '.join('`{}`'.format(one) for one in argument.choices))

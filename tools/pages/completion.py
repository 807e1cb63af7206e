"""The completion of calico-fuel for bash, from the parser of the program."""

from calico_fuel.cli import arguments
from tools.pages import command_line

# With -o default bash completes names of files where the function has no word.
TEXT = '''\
# bash completion for calico-fuel(8). Written by make pages of calico-fuel-plugin.
_calico_fuel() {{
    local words=
    case $COMP_CWORD:${{COMP_WORDS[1]}}:${{COMP_WORDS[COMP_CWORD - 1]}} in
{}
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _calico_fuel calico-fuel
'''


def text():
    """The text of the file."""
    commands = command_line.commands(arguments.parser())
    # What the command line begins with, and the words that may follow.
    cases = [('1:*', [one.name for one in commands] + ['--help', '--version'])]
    for command in commands:
        cases += [('*:{}:{}'.format(command.name, name), one.choices)
                  for one in command.arguments if one.choices for name in one.names]
    values = sorted({name for command in commands for one in command.arguments
                     if one.metavar and not one.choices for name in one.names})
    cases.append((' | '.join('*:' + name for name in values), []))
    cases += [('*:{}:*'.format(command.name), [
        name for one in command.arguments for name in one.names] + ['--help'])
        for command in commands]
    return TEXT.format('\n'.join(
        "    {}) words='{}' ;;".format(pattern, ' '.join(words))
        for pattern, words in cases))

"""What an argparse parser takes, as data for the pages about commands."""

from collections import Counter, namedtuple

# In more commands than these an argument is described once, for all.
FEW = 2


class Command(namedtuple('Command', 'name synopsis text arguments examples')):
    """A subcommand.

    ``synopsis`` is its command line as man pages write it, ``arguments`` are Arguments,
    ``examples`` the lines of its epilog.
    """


class Argument(namedtuple('Argument', 'names metavar choices help')):
    """An option by all its names, or with none a positional argument."""

    def words(self):
        """As in a command line, by each name: -e ENV, --env ENV."""
        return [' '.join([name, self.metavar]).strip() for name in self.names or ['']]


def commands(top):
    """The Commands of a parser, in its order."""
    choices, = [action.choices for action in top._actions
                if isinstance(action.choices, dict)]
    return [_command(parser) for parser in choices.values()]


def common(of):
    """The Arguments that more than FEW of these Commands have."""
    counts = Counter(one for command in of for one in command.arguments)
    return [one for one, count in counts.items() if count > FEW]


def sentence(text):
    """*text* with a capital letter."""
    return text[0].upper() + text[1:]


def _command(parser):
    actions = [one for one in parser._actions if one.dest != 'help']
    exclusive = [group._group_actions for group in parser._mutually_exclusive_groups]
    parts = []
    # Positional arguments come last.
    for action in sorted(actions, key=lambda one: not one.option_strings):
        group = next((group for group in exclusive if action in group), [action])
        if action is group[0]:
            parts.append(_part(action, group))
    lines = (parser.epilog or '').splitlines()
    return Command(
        parser.prog.split()[-1], ' '.join([parser.prog] + parts),
        ' '.join(parser.description.split()), [_argument(one) for one in actions],
        [line.strip() for line in lines[1:]])


def _part(action, group):
    text = ' | '.join(_words(one) for one in group)
    if action.nargs in ('*', '+'):
        text += ' ...'
    is_needed = not action.option_strings and action.nargs not in ('?', '*')
    return text if is_needed else '[{}]'.format(text)


def _words(action):
    """An action as in a command line: --node NODE."""
    return ' '.join(action.option_strings[:1] + [_metavar(action)]).rstrip()


def _metavar(action):
    if action.nargs == 0:
        return ''
    return action.metavar or action.dest.upper().replace('_', '-')


def _argument(action):
    return Argument(
        tuple(action.option_strings), _metavar(action),
        tuple(map(str, action.choices or ())),
        # argparse replaces %(default)s.
        sentence(' '.join((action.help % vars(action)).split())))

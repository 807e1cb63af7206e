"""Results of checks, row by row: good, a note, or bad with its fix.

A fix such as "calico-fuel TASK" is for this node.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.codes.code import NOTE, PROBLEM

# What a terminal or a reader of the log could take for something else: controls, line
# separators, marks that change the direction of what follows.
CONTROL = re.compile('[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]')
# Limits of a cell of the table and of a message.
CELL_WIDTH = 60
LINES_SHOWN = 12
# Names in a row, unless it has room for more.
MOST_NAMED = 3

GOOD = 'good'
# Before a row of a table.
MARKS = {PROBLEM: 'BAD', NOTE: 'note', GOOD: ''}


class Check(namedtuple('Check', 'code severity subject state expected fix')):
    """One row: what was checked, its state, and the expected state.

    ``code`` is what is wrong, or was checked; ``severity`` is that of the code, or
    GOOD.  A row that is not good has a ``fix``.  One whose ``subject`` says everything
    in a sentence has no other text, and no code if it is good.
    """

    @property
    def is_good(self):
        return self.severity == GOOD

    @property
    def is_problem(self):
        return self.severity == PROBLEM

    @property
    def is_row(self):
        """Whether it stands in the table."""
        return bool(self.expected)

    @property
    def sentence(self):
        text = self.subject
        if self.is_row:
            text = '{}: {}, expected: {}.{}{}'.format(
                one_line(self.subject), one_line(self.state), self.expected,
                '\n' if '\n' in self.fix else ' ', self.fix)
        return text if self.is_good else '{}: {}'.format(self.code.name, text)


def good(code, subject, state, expected=None):
    """A good row; *code* is what was checked."""
    return Check(code, GOOD, subject, state, expected or state, '')


def fault(code, subject, state, expected, fix):
    """A row that is not good, as severe as its Code."""
    return Check(code, code.severity, subject, state, expected, fix)


def said(sentence):
    return Check(None, GOOD, sentence, '', '', '')


def complaint(code, sentence):
    """A fault with its fix, both in a sentence, such as that of an error."""
    return Check(code, code.severity, sentence, '', '', '')


def of_resource(code, label, runs, difference, fix):
    """A fault of a resource; *runs* says that it is a service."""
    expected = 'runs' if runs else 'as wanted'
    lines = difference.split('\n')
    state = difference[len(label) + 2:] if difference.startswith(
        label + ': ') else difference
    if len(lines) == 1 and len(state) <= CELL_WIDTH:
        return fault(code, label, state, expected, fix)
    left = len(lines) - LINES_SHOWN
    return fault(code, label, 'differs', expected, '{}{}\n{}'.format(
        '\n'.join(lines[:LINES_SHOWN]),
        '\n({} more lines)'.format(left) if left > 0 else '', fix))


def one_line(text):
    """*text* with its control characters escaped, those that end a line too."""
    return CONTROL.sub(lambda found: '\\x{:02x}'.format(ord(found.group())), text)


def cut(text, most):
    """*text* as one line of at most so many characters."""
    text = one_line(text)
    return text if len(text) <= most else text[:most - 3] + '...'


def counted(number, noun):
    return '{} {}{}'.format(number, noun, 's' * (number != 1))


def some(words, most=MOST_NAMED):
    """The first *most* of *words*, and how many more there are."""
    more = len(words) - most
    return ', '.join(words[:most]) + (' and {} more'.format(more) if more > 0 else '')


def verdict(checks):
    """Their result in words, such as "2 problems, 1 note"."""
    numbers = [(sum(check.severity == severity for check in checks), severity)
               for severity in (PROBLEM, NOTE)]
    return ', '.join(counted(*one) for one in numbers if one[0]) or GOOD


def report(checks):
    """What to print of *checks*: pairs of is_problem and text, problems last."""
    rows = [check for check in checks if check.is_row]
    texts = [(False, table(rows))] if rows else []
    texts += [(False, check.sentence) for check in checks
              if not check.is_row and check.is_good]
    texts += [(False, 'note: ' + check.sentence) for check in checks
              if not check.is_good and not check.is_problem]
    return texts + [(True, check.sentence) for check in checks if check.is_problem]


def table(checks):
    """The Checks as lines of columns; a row that is not good is marked."""
    rows = [('', 'SUBJECT', 'STATE', 'EXPECTED')]
    return columns(rows + [
        (MARKS[check.severity], cut(check.subject, CELL_WIDTH),
         cut(check.state, CELL_WIDTH), check.expected) for check in checks])


def columns(rows):
    """*rows* of texts as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return '\n'.join('  '.join(
        cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in rows)

"""What people see of the texts of files: without passwords and control characters."""

from __future__ import unicode_literals

import difflib
import re

from calico_fuel.checks import one_line
from calico_fuel.fuel.passwords import MASK

# In a line of others: quoted texts, and all behind a word that may name a secret.
HIDDEN = re.compile(
    r'''"[^"]*"?|'[^']*'?|(\w*(?:passw|passphrase|secret|token|key)\w*|\bdefine\b).*''',
    re.I)


def text_difference(path, old, new):
    """A unified diff without passwords, of texts as those of ``text_of``.

    The *new* one is ours.  Lines that only the *old* one has may be of others, who
    write passwords in any form: nothing quoted is shown of them.
    """
    new_lines = masked(new).split('\n')
    old_lines = [line if line in new_lines else hidden(line)
                 for line in masked(old or '').split('\n')]
    lines = difflib.unified_diff(
        old_lines, new_lines, path if old is not None else '(no such file)', path,
        lineterm='', n=1)
    return '\n'.join(shown(line) for line in lines) or (
        '{}: a password changes'.format(path))


def shown(line):
    """A line of ``text_of`` for people: UTF-8 if it is that, else Latin-1.

    Control characters are escaped.
    """
    try:
        line = line.encode('latin-1').decode('utf-8')
    except UnicodeError:
        pass
    return one_line(line)


def masked(text):
    """*text* without its passwords, for terminals, logs and diffs."""
    return re.sub('(?m)^( *password) ".*";$', r'\1 "{}";'.format(MASK), text)


def hidden(line):
    """A line of others without what may be a secret."""
    return HIDDEN.sub(lambda found: (found.group(1) or '') + MASK, line)


def has_secrets(text):
    return masked(text) != text

"""What a Code is: a name that alerts, documents and searches refer to.

A name keeps its meaning: another meaning gets another name.
"""

from __future__ import unicode_literals

from collections import namedtuple

PROBLEM, NOTE = 'problem', 'note'


class Code(namedtuple('Code', 'name severity meaning where fix')):
    """``where`` says where to check; ``fix`` is for any case, that of a Check for one.

    Severity NOTE: the environment works, or a tenant can cause it.
    """


def problem(name, meaning, where, fix):
    return Code(name, PROBLEM, meaning, where, fix)


def note(name, meaning, where, fix):
    return Code(name, NOTE, meaning, where, fix)

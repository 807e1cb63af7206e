"""What a task that only looks has found."""

from __future__ import unicode_literals

from collections import namedtuple


class Finding(namedtuple('Finding', 'is_problem text')):
    """One sentence or row; a problem names its cure and fails the task."""

    __slots__ = ()


def good(text):
    return Finding(False, text)


def problem(text):
    return Finding(True, text)

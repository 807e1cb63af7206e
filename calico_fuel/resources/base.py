"""Base classes of all resources."""

from __future__ import unicode_literals

import hashlib
from collections import namedtuple

from calico_fuel.codes.node import DRIFT

# What the plugin remembers on a node.
STATE = '/var/lib/calico-fuel/'


def digest(text):
    """A short text that no other *text* gives."""
    return '{}'.format(hashlib.sha256(text.encode('utf-8')).hexdigest())


class Kind(object):
    """Base beside a namedtuple: compares the type too, and is never false."""

    def __eq__(self, other):
        return type(self) is type(other) and tuple.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((type(self).__name__, tuple.__hash__(self)))

    def __bool__(self):
        return True

    __nonzero__ = __bool__


class Resource(Kind):
    """Base of the kinds, beside a namedtuple.

    ``label_format`` of a kind gives the label: the resource is its argument 0.
    ``code`` is that of a difference, and ``fix`` what to do about it: its argument 0 is
    the task's name.
    """

    fix = 'Run calico-fuel {0}'
    code = DRIFT
    is_told = True
    is_service = False
    # ``difference`` never waits.  After a change it may take so long to become ''.
    seconds_to_settle = 0

    @property
    def label(self):
        return self.label_format.format(self)


class Message(Resource, namedtuple('Message', 'text')):
    """Something that the operator has to know; there is nothing to change."""

    label_format = '{0.text}'

    def difference(self, system):
        return ''

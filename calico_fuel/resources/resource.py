"""What all kinds of resources have in common."""

from __future__ import unicode_literals


class Resource(object):
    """Base of the kinds, beside a namedtuple: kinds with equal fields differ."""

    __slots__ = ()

    def __eq__(self, other):
        return type(self) is type(other) and tuple.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((type(self).__name__, tuple.__hash__(self)))

    def loaded(self, system):
        return '{!r}'.format(self)

"""What all kinds of resources have in common."""

from __future__ import unicode_literals

from calico_fuel.kind import Kind


class Resource(Kind):
    """Base of the kinds, beside a namedtuple."""

    __slots__ = ()
    is_vital = True

    def loaded(self, system):
        return '{!r}'.format(self)

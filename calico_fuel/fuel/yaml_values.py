"""Values that a YAML parser made, on Python 2 or 3, as text."""

from __future__ import unicode_literals


def plain(value):
    """Any value as text; bytes that are no UTF-8 lose their odd characters."""
    if isinstance(value, type('')):
        return value
    if isinstance(value, bytes):
        return value.decode('utf-8', 'replace')
    return '{}'.format(value)


def mapping(value):
    """*value* if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value):
    """The mappings in a list; whatever else stands there counts as empty."""
    return [mapping(entry) for entry in value] if isinstance(value, list) else []

"""One link on the way to an instance: what was seen, and the fix if it is broken."""

from __future__ import unicode_literals

from collections import namedtuple

GOOD, BROKEN, ELSEWHERE = 'good', 'broken', 'elsewhere'


class Link(namedtuple('Link', 'name state verdict code fix where')):
    """``name`` is the same on every node, so that what one sees completes another's.

    ``where`` names the node that sees the link.  If that is not this node, the verdict
    is ELSEWHERE, and ``fix`` is the command to run there.  ``code`` is the Code of a
    BROKEN link, else None.
    """


def intact(name, state, where):
    return Link(name, state, GOOD, None, '', where)


def broken(code, name, state, where, fix):
    return Link(name, state, BROKEN, code, fix, where)


def elsewhere(name, where, command, state=''):
    return Link(name, state or 'only {} sees it'.format(where), ELSEWHERE, None,
                command, where)


def up_to_a_break(links):
    """Yield the *links*, the first that is broken as the last."""
    for link in links:
        yield link
        if link.verdict == BROKEN:
            return

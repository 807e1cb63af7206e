"""One link on the way to an instance: what was seen, and the fix if it is broken."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.codes import cluster

GOOD, BROKEN, ELSEWHERE = 'good', 'broken', 'elsewhere'
# Before a link in a table.
MARKS = {GOOD: ' ', BROKEN: 'X', ELSEWHERE: '?'}


class Link(namedtuple('Link', 'name state verdict code fix where')):
    """``name`` is the same on every node, so that what one sees completes another's.

    ``where`` names the node that sees the link, '' for this one.  If it is another, the
    verdict is ELSEWHERE, and ``fix`` is the command to run there.  ``code`` is the Code
    of a BROKEN link, else None.
    """


def intact(name, state):
    return Link(name, state, GOOD, None, '', '')


def broken(code, name, state, fix):
    return Link(name, state, BROKEN, code, fix, '')


def elsewhere(name, where, command, state=''):
    return Link(name, state or 'only {} sees it'.format(where), ELSEWHERE, None,
                command, where)


def without_etcd(name):
    return broken(cluster.ETCD_DOWN, name, 'etcd does not answer',
                  'Run calico-fuel etcd, then calico-fuel verify')


def up_to_a_break(links):
    """Yield the *links*, the first that is broken as the last."""
    for link in links:
        yield link
        if link.verdict == BROKEN:
            return

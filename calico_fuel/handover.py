"""When a compute may leave a session: once others have what it brings.

Pure: the text of a bird.conf, and what BIRD replied.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import bird
from calico_fuel import health

# As the template writes them.
SESSION = re.compile(r'(?ms)^protocol bgp (\S+) \{\n.*?^\}\n')
NEIGHBOR = re.compile(r'(?m)^ *neighbor (\S+) as ')


class Configured(namedtuple('Configured', 'name neighbor text')):
    """A session in a bird.conf: its name, the neighbor's address, all its lines."""

    __slots__ = ()


def configured(text):
    """The sessions in the *text* of a bird.conf."""
    found = []
    for match in SESSION.finditer(text):
        neighbor = NEIGHBOR.search(match.group())
        found.append(Configured(
            match.group(1), neighbor and neighbor.group(1), match.group()))
    return tuple(found)


def unwanted(sessions, text):
    """The sessions in *text* that are none of the wanted *sessions*.

    One to the same neighbor is: BIRD would have two sessions to one address.
    """
    names = set(session.name for session in sessions)
    neighbors = set(session.address for session in sessions)
    return tuple(one for one in configured(text)
                 if one.name not in names and one.neighbor not in neighbors)


def relied_on(leaving, protocols, routes, nodes):
    """Those of the sessions *leaving* that this node or others rely on.

    *protocols* and *routes* are what BIRD has, *nodes* those of the environment.
    """
    return tuple(one for one in leaving if bird.is_established(protocols, one.name)
                 or homes(routes, one.name, nodes))


def lacking(sessions, ending, protocols, routes, nodes):
    """What the wanted *sessions* lack of those *ending*, and what to do; '' if nothing.

    The others are *protocols*, *routes* and *nodes*, as in ``relied_on``.
    """
    if any(bird.is_established(protocols, one.name) for one in ending) and not any(
            bird.is_established(protocols, session.name) for session in sessions):
        return _complaints(sessions, protocols)
    known = set(prefix for session in sessions
                for prefix in routes.get(session.name, ()))
    late = set(home for one in ending for prefix, home in
               homes(routes, one.name, nodes).items() if prefix not in known)
    if not late:
        return ''
    return (' The others lack routes of {}: run calico-fuel compute there, then '
            'here.{}'.format(', '.join(sorted(late)), _complaints(sessions, protocols)))


def homes(routes, name, nodes):
    """Prefix -> name of its node, of what the session *name* brought from *nodes*."""
    names = dict((node.address, node.name) for node in nodes)
    return dict((prefix, names[hop]) for prefix, hop in
                routes.get(name, {}).items() if hop in names)


def _complaints(sessions, protocols):
    staying = dict((session.name, protocols[session.name])
                   for session in sessions if session.name in protocols)
    return ''.join(' {}.'.format(check.sentence) for check in health.bgp(
        sessions, staying, 'compute') if check.is_problem)

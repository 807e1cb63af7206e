"""Read and change Neutron through the node's command line client.

Rule: thin calls and a pure parser; other modules decide which network to delete.

Tested with python-neutronclient 2.3.11 (Juno), 4.1.1 (Mitaka) and 6.1.1 (Ocata), which
list as CSV.  In the C locale the first fails if a listed name is not ASCII, and any
tenant can choose such a name.  So names are used as filters, and never listed.
"""

from __future__ import unicode_literals

import csv
from collections import namedtuple

from calico_fuel.checks import one_line
from calico_fuel.codes.cluster import NEUTRON_DOWN
from calico_fuel.errors import NodeError
from calico_fuel.resources.base import Resource
from calico_fuel.resources.question import ask

# Exports the administrator's OS_* variables, on controllers.  Its quoting differs
# between releases of Fuel, so a shell reads it.
CREDENTIALS = '/root/openrc'
CLIENT = ('bash', '-c', '. {} && exec neutron "$@"'.format(CREDENTIALS), 'neutron')
# Neutron-server may need so long to answer again after a restart.
SECONDS_TO_COME_BACK = 60
SECONDS_BETWEEN_TRIES = 3
# Thousands of ports take a while.
SECONDS_TO_ANSWER = 60
# The client's messages if neither neutron-server nor Keystone has seen the request: its
# own, and those of the haproxy in front of them.
NOT_REACHED = ('Connection to neutron failed', 'Unable to establish connection',
               'Connection refused', '503 Service Unavailable')
PROBE = ('net-list', '-f', 'csv', '--quote', 'all', '-c', 'id', '--name=calico-fuel')


class Answers(Resource, namedtuple('Answers', [])):
    """Neutron answers: for what reads and changes it after this resource."""

    code = NEUTRON_DOWN
    label_format = 'API of Neutron'

    def difference(self, system):
        return 'does not answer' if _is_away(_run(system, PROBE)) else ''

    def change(self, system):
        _stdout(PROBE, system.eventually(
            lambda: _run(system, PROBE), SECONDS_TO_COME_BACK, SECONDS_BETWEEN_TRIES,
            until=lambda answer: not _is_away(answer)))


def rows(system, kind, columns, seconds=SECONDS_TO_ANSWER, **filters):
    """The objects of *kind* (net, subnet, router, port) as dicts, in stable order.

    *filters* are attributes and the value that each must have.  Values are
    one line of text, '' for none.  NodeError without an answer within *seconds*.
    """
    argv = [kind + '-list', '-f', 'csv', '--quote', 'all']
    for column in columns:
        argv += ['-c', column]
    argv += ['--{}={}'.format(*pair) for pair in sorted(filters.items())]
    found = [dict((column, one_line(row.get(column, ''))) for column in columns)
             for row in parse_rows(_stdout(argv, _run(system, argv, seconds)))]
    return sorted(found, key=lambda row: [row[column] for column in columns])


def change(system, *argv):
    """One change, such as ('net-delete', ID).  NodeError if it is refused.

    It is not repeated: it may have succeeded although the answer was lost.
    """
    _stdout(argv, _run(system, argv))


def parse_rows(text):
    """CSV with a header -> a list of dicts of text."""
    # A quoted cell may hold a line break; Python 2's csv reads bytes only, and no NUL.
    lines = [line.encode('utf-8') if str is bytes else line
             for line in text.replace('\0', '').splitlines(True)]
    table = [[cell.decode('utf-8') if str is bytes else cell for cell in row]
             for row in csv.reader(lines) if row]
    return [dict(zip(table[0], row)) for row in table[1:]]


def _is_away(answer):
    return answer.status and any(words in answer.stderr for words in NOT_REACHED)


def _run(system, argv, seconds=SECONDS_TO_ANSWER):
    return ask(system, list(CLIENT) + list(argv), seconds, _fix, None,
               'neutron ' + ' '.join(argv))


def _fix(_):
    return ('neutron-server, or a service that it waits for, hangs: see '
            '/var/log/neutron, restart what is named there, and run this again')


def _stdout(argv, answer):
    if answer.status:
        raise NodeError(
            'neutron {}: exit status {}: {}. Try this command after ". {}"; if it '
            'fails too, see /var/log/neutron and fix what is named there, then run '
            'this again'.format(
                ' '.join(argv), answer.status,
                ' '.join(answer.stderr.split()) or 'it said nothing', CREDENTIALS))
    return answer.stdout

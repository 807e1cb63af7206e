"""The operator's additions to BIRD's configuration -> a Check.

BIRD reads them when it starts, and refuses to start if one is wrong.
"""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.codes.bgp import LOCAL_FILE_REFUSED
from calico_fuel.errors import NotInstalledError

DIRECTORY = '/etc/bird/local.d'
# BIRD rejects an include pattern whose directory is missing: this file keeps the
# directory, and explains it to the operator.
README = DIRECTORY + '/00-readme.conf'
# Only while a deployment resets sessions: see ``held_announcements``.
PINNED = DIRECTORY + '/01-pinned-routes.conf'
MOST_NAMED = 5


def of_node(environment, node, system):
    """Whether BIRD accepts bird.conf with all that it includes, by name.

    Nothing without BIRD or bird.conf, which have rows of their own.
    """
    if not roles.speaks_bgp(environment, node) or not system.exists(BIRD_CONF):
        return []
    try:
        answer = system.run(['bird', '-p', '-c', BIRD_CONF], accept=None)
    except NotInstalledError:
        return []
    subject, expected = 'configuration of BIRD', 'accepted'
    if answer.status < 0:
        return [checks.fault(
            LOCAL_FILE_REFUSED, subject,
            'signal {} ended "bird -p"'.format(-answer.status), expected,
            'Install the package again')]
    if answer.status:
        return [checks.fault(LOCAL_FILE_REFUSED, subject, 'refused: ' + checks.one_line(
            answer.stderr.strip()), expected, (
                'BIRD runs with what it loaded before, and would not start again. Fix '
                'the file that is named, try it with "bird -p -c {}", and run "birdc '
                'configure"'.format(BIRD_CONF)))]
    added = [name for name in system.names_in(DIRECTORY) if name.endswith('.conf')
             and '{}/{}'.format(DIRECTORY, name) not in (README, PINNED)]
    return [checks.good(LOCAL_FILE_REFUSED, subject, 'accepted' + (
        ', with your ' + checks.some(added, MOST_NAMED) if added else ''), expected)]

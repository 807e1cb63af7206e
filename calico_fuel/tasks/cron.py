"""The tasks of cron between deployments, in one file in /etc/cron.d.

Up to Fuel 8.0 it runs this node's tasks again when the list of nodes changes, at
boot and once an hour.  The task graph of Fuel 9 follows the nodes.  On every release
cron saves the keys of etcd once an hour, whatever else it may do.

Where a node_exporter reads text files, cron writes metrics for it up to Fuel 8.0.
"""

from __future__ import unicode_literals

from calico_fuel import checks, render, roles
from calico_fuel.codes.node import REFRESH_OFF
from calico_fuel.etcd import settings
from calico_fuel.resources.deployed_settings import DeployedSettings
from calico_fuel.resources.file import File, NoFile
from calico_fuel.tasks import command

# Of the script "refresh" there.
LIST = '/etc/hiera/nodes.yaml'
PAUSED = '/etc/calico-fuel.paused'
REFRESHED = '/run/calico-fuel/refreshed'
# Each member saves its keys.
BACKUP = '17 * * * * root [ ! -d {} ] || {} etcd-backup >/dev/null'.format(
    settings.MEMBER_DIR, command.PROGRAM)
# Of node_exporter, if it was started with this --collector.textfile.directory.
TEXTFILES = '/var/lib/node_exporter/textfile_collector'
METRICS_FILE = TEXTFILES + '/calico.prom'
METRICS = ('* * * * * root [ ! -d {} ] || {} status --format prometheus --output {} '
           '2>&1 >/dev/null | logger -t calico-fuel'.format(
               TEXTFILES, command.PROGRAM, METRICS_FILE))


def resources(environment, node, system):
    if environment.is_of_fuel_9 or not roles.has_calico_role(environment, node):
        return []
    return [DeployedSettings(environment.settings), _file(
        '* * * * * root {}refresh 2>&1 >/dev/null | logger -t calico-fuel'.format(
            command.FOLDER),
        # After that the next minute runs everything; not on all nodes at once.
        '{} * * * * root rm -f {}'.format(node.number % 60, REFRESHED),
        BACKUP, METRICS)]


def backups(environment, node):
    """A part of the task ``etcd``, because Fuel 9 does not run ``cron``."""
    if not environment.is_of_fuel_9:
        return []
    if not roles.is_etcd_member(environment, node):
        return [NoFile(render.CRON_FILE)]
    return [_file(BACKUP)]


def _file(*lines):
    return File(render.CRON_FILE, render.cron_file(lines), 0o644, 'root:root')


def notes(environment, system):
    """A Check where cron does not run the tasks of this node again."""
    if environment.is_of_fuel_9:
        return []
    if system.exists(PAUSED):
        state, fix = 'is paused', 'Remove {}'.format(PAUSED)
    elif not system.exists(LIST):
        state, fix = 'is off: {} is missing'.format(LIST), (
            'Fuel removes it before it deploys a node, and that deployment has not '
            'come to its end: deploy changes')
    else:
        return []
    return [checks.fault(REFRESH_OFF, 'refresh by cron', state, 'runs every minute', (
        '{}. Until then this node does not follow the list of nodes, and does not '
        'correct itself'.format(fix)))]

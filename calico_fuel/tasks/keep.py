"""What happens between deployments.

Up to Fuel 8.0 a service runs this node's tasks again at boot and when nodes change.
The task graph of Fuel 9 does that; there cron saves the keys of etcd, which nobody
else would from one change of the members to the next.
"""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel import topology
from calico_fuel.resources.boot import Enabled
from calico_fuel.resources.boot import EnabledUnit
from calico_fuel.resources.boot import has_systemd
from calico_fuel.resources.boot import has_upstart
from calico_fuel.resources.no_file import NoFile
from calico_fuel.resources.service import Service
from calico_fuel.resources.service import UnitService
from calico_fuel.tasks import command

SERVICE = 'calico-fuel'


def resources(environment, node, system):
    if environment.is_of_fuel_9 or not topology.has_calico_role(environment, node):
        return []
    start = command.PROGRAM + ' watch'
    if has_systemd(system):
        script = render.systemd_unit(SERVICE, start)
        return [script, EnabledUnit(SERVICE), UnitService(SERVICE, (script,))]
    if has_upstart(system):
        script = render.upstart_job(SERVICE, start)
        return [script, Service(SERVICE, (script,))]
    script = render.sysv_script(SERVICE, start)._replace(mode=0o755)
    return [script, Enabled(SERVICE), Service(SERVICE, (script,))]


def backups(environment, node):
    """A part of the task ``etcd``, because Fuel 9 runs no ``keep``."""
    if not environment.is_of_fuel_9:
        return []
    if not topology.is_etcd_member(environment, node):
        return no_backups(environment)
    return [render.backup_job(command.PROGRAM + ' backup')._replace(mode=0o644)]


def no_backups(environment):
    return [NoFile(render.BACKUP_JOB)] if environment.is_of_fuel_9 else []

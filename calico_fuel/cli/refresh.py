"""Run tasks again when the list of nodes changes, at boot and once an hour.

When a compute is added or removed, Fuel 6.1-8.0 runs no task of a plugin on the other
nodes, but writes a new /etc/hiera/nodes.yaml on all of them.
"""

from __future__ import unicode_literals

from calico_fuel.cli import output
from calico_fuel.errors import CalicoFuelError
from calico_fuel.errors import CommandError
from calico_fuel.resources.deployed_settings import DeployedSettings
from calico_fuel.tasks import cleanup
from calico_fuel.tasks import compute
from calico_fuel.tasks import etcd
from calico_fuel.tasks import hold_routes
from calico_fuel.tasks import release_routes
from calico_fuel.tasks import route_reflector

# Pairs of name and module.  Sessions first: they do not wait for etcd.
OF_THE_LIST = (
    ('route-reflector', route_reflector), ('etcd', etcd), ('compute', compute))


def refresh(system, environment, is_all, apply):
    """Run those tasks, with *is_all* all -> exit status, 1 if one of them failed.

    *apply* is a function (name, module) -> exit status.  If Fuel has written other
    settings and its deployment has not finished on this node, no task runs.
    """
    if not is_deployed(system, environment):
        output.warn(
            '{}: the settings are not those of the last deployment that finished on '
            'this node. Nothing is changed until one finishes: deploy changes, or run '
            'the tasks by hand, "cron" last'.format(environment.source))
        # Not an error: else cron would start Python every minute to repeat it.
        return 0
    return max([_status(apply, *task) for task in tasks(system, is_all)])


def is_deployed(system, environment):
    """Whether a deployment with these settings has finished on this node."""
    return not DeployedSettings(environment.settings).difference(system)


def tasks(system, is_all):
    """Pairs of name and module, in order.

    ``cleanup`` is left out while Puppet runs: Puppet waits for the agents that it
    starts and for the bridges that it creates.
    """
    if not is_all:
        return OF_THE_LIST
    every = (('hold-routes', hold_routes),) + OF_THE_LIST + (
        ('release-routes', release_routes),)
    return every if _puppet_runs(system) else every + (('cleanup', cleanup),)


def _puppet_runs(system):
    try:
        return system.run(['pgrep', '-f', 'puppet apply'], accept=None).status == 0
    except CommandError:
        return False


def _status(apply, name, module):
    try:
        return apply(name, module)
    except CalicoFuelError as error:
        output.warn(error.args[0])
        return 1

"""Run tasks again when the list of nodes changes, at boot and once an hour.

When a compute is added or removed, Fuel 6.1-8.0 runs no task of a plugin on the other
nodes, but writes a new /etc/hiera/nodes.yaml on all of them.
"""

from __future__ import unicode_literals

from calico_fuel.cli import apply, output, source
from calico_fuel.cli.task_list import BY_NAME, OF_THE_LIST, load
from calico_fuel.errors import CalicoFuelError, CommandError
from calico_fuel.resources.deployed_settings import DeployedSettings


def refresh(options, system):
    """Run the tasks that depend on the list of nodes, or all.

    If Fuel has written other settings and its deployment has not finished on this node,
    no task runs.  Others may have the lock of the node between two tasks, which may
    wait for minutes.
    """
    output.keep_log()
    load(BY_NAME if options.all else OF_THE_LIST)
    with source.lock(system):
        environment = source.environment(options, system)
    if not _is_deployed(system, environment):
        output.warn(
            '{}: the settings are not those of the last deployment that finished on '
            'this node. Nothing is changed until one finishes: deploy changes, or run '
            'the tasks by hand, "cron" last'.format(environment.source))
        # Not an error: else cron would start Python every minute to repeat it.
        return 0
    return max([_status(name, environment, system)
                for name in (_every(system) if options.all else OF_THE_LIST)])


def _is_deployed(system, environment):
    """Whether a deployment with these settings has finished on this node."""
    return not DeployedSettings(environment.settings).difference(system)


def _every(system):
    """The names of all tasks to run, in order.

    ``cleanup`` is left out while Puppet runs: Puppet waits for the agents that it
    starts and for the bridges that it creates.
    """
    names = ('hold-routes',) + OF_THE_LIST + ('release-routes',)
    try:
        is_puppet = system.run(['pgrep', '-f', 'puppet apply'], accept=None).status == 0
    except CommandError:
        is_puppet = False
    return names + ('cleanup',) * (not is_puppet)


def _status(name, environment, system):
    try:
        with source.lock(system):
            # "remove" may have had the lock meanwhile.
            if not _is_deployed(system, environment):
                return 0
            return apply.run(name, environment, system, apply.say_change)
    except CalicoFuelError as error:
        output.warn(error.args[0])
        return 1

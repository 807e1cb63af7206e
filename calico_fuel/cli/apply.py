"""Commands that change the node: each task, refresh, remove."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import route_policy
from calico_fuel.cli import output
from calico_fuel.cli import refresh as refreshing
from calico_fuel.cli import source
from calico_fuel.converge import FAILED
from calico_fuel.converge import NOT_REACHED
from calico_fuel.converge import converge
from calico_fuel.converge import summary
from calico_fuel.tasks import remove as removal


def task(options, system):
    """Run a task: bring this node to its wanted state."""
    return change(options, system, resources_of(options.task, system))


def refresh(options, system):
    """Run the tasks again that depend on the list of nodes, or all.

    Others may have the lock of the node between two tasks, which may wait for minutes.
    """
    output.keep_log()
    with source.lock(system):
        environment = source.environment(options, system)

    def apply_one(name, module):
        with source.lock(system):
            # "remove" may have had the lock meanwhile.
            if not refreshing.is_deployed(system, environment):
                return 0
            return status(apply(
                name, resources_of(module, system)(environment, environment.this_node),
                system, say=say_change))
    return refreshing.refresh(system, environment, options.all, apply_one)


def remove(options, system):
    """Remove the plugin from this node; settings that cannot work do not matter."""
    return change(options, system, lambda environment, node: removal.resources(
        environment, node, system, options.with_etcd_data))


def resources_of(module, system):
    """A function (environment, node) -> resources of the task *module*."""
    def resources(environment, node):
        roles.check(environment)
        route_policy.check(environment)
        return module.resources(environment, node, system)
    return resources


def change(options, system, resources):
    """Apply *resources*, or with --dry-run show what would change -> exit status.

    *resources* is a function (environment, node) -> list of resources.
    """
    if options.dry_run:
        preview(options, system, resources)
        return 0
    output.keep_log()
    with source.lock(system):
        environment = _own_environment(options, system)
        return status(apply(options.subcommand, resources(
            environment, environment.this_node), system))


def preview(options, system, resources):
    """Show what *resources*, as those of ``change``, would change -> Outcomes."""
    environment = _own_environment(options, system)
    return apply(options.subcommand + ' (dry run)', resources(
        environment, environment.this_node), system, dry_run=True)


def _own_environment(options, system):
    environment = source.environment(options, system)
    source.refuse_another_node(options, environment, system)
    source.say(environment)
    return environment


def say(outcome):
    """Print the result of one resource."""
    if outcome.difference:
        (output.warn if outcome.state == FAILED else output.tell)(outcome.difference)
    output.tell('{:12} {} ({:.1f} s)'.format(
        outcome.state, outcome.label, outcome.seconds))


def say_change(outcome):
    """Print the result of one resource, unless it is unchanged."""
    if outcome.difference:
        say(outcome)


def apply(name, resources, system, dry_run=False, say=say):
    """Converge on *resources*, print each Outcome and the summary -> Outcomes."""
    outcomes = []
    for outcome in converge(resources, system, dry_run):
        outcomes.append(outcome)
        say(outcome)
    output.tell('{}: {}'.format(name, summary(outcomes)))
    return outcomes


def status(outcomes):
    """The exit status: 1 if a resource failed."""
    return int(any(one.state in (FAILED, NOT_REACHED) for one in outcomes))

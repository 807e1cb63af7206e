"""Each task: bring the node to its wanted state."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import route_policy
from calico_fuel.cli import output, source
from calico_fuel.cli.task_list import BY_NAME
from calico_fuel.converge import FAILED, NOT_REACHED, converge, summary


def task(options, system):
    """Run a task: bring this node to its wanted state."""
    return change(options, system, resources_of(options.subcommand))


def resources_of(name):
    """The function ``resources`` of a task, after a check of the environment."""
    def resources(environment, node, system):
        roles.check(environment)
        route_policy.check(environment)
        return BY_NAME[name].resources(environment, node, system)
    return resources


def change(options, system, resources):
    """Apply *resources*, or with --dry-run show what would change -> exit status.

    *resources* is a function as those of tasks.
    """
    if options.dry_run:
        preview(options, system, resources)
        return 0
    output.keep_log()
    with source.lock(system):
        return status(_applied(options, system, resources, options.subcommand))


def run(name, environment, system, say):
    """Run the task *name*; *say* prints each Outcome -> exit status."""
    return status(apply(name, resources_of(name)(
        environment, environment.this_node, system), system, say=say))


def preview(options, system, resources):
    """Show what *resources*, as those of ``change``, would change -> Outcomes."""
    return _applied(options, system, resources, options.subcommand + ' (dry run)', True)


def _applied(options, system, resources, name, dry_run=False):
    environment = source.own_environment(options, system)
    source.say(environment)
    return apply(name, resources(
        environment, environment.this_node, system), system, dry_run)


def say(outcome):
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

"""The commands status and diff: what this node is like now, and what would change."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import route_policy
from calico_fuel.checks import counted
from calico_fuel.cli import formats, metrics, output, source
from calico_fuel.cli.task_list import COMPARED
from calico_fuel.codes.code import PROBLEM
from calico_fuel.converge import FAILED, WOULD_CHANGE
from calico_fuel.errors import CalicoFuelError
from calico_fuel.tasks import status as of_now
from calico_fuel.tasks.compared import compared

DIFFERS, TROUBLE = 1, 2


def status(options, system):
    """Check this node once -> exit status, that of Nagios for its format."""
    try:
        text, number = _status(options, system)
    except CalicoFuelError as error:
        if options.format != 'nagios':
            raise
        text, number = formats.unknown(error.args[0])
    if options.output:
        # For all to read: it has no secret.
        system.write(options.output, text + '\n', 0o644)
    else:
        output.tell(text)
    return number


def _status(options, system):
    environment = source.own_environment(options, system)
    seen = of_now.of_node(environment, environment.this_node, system, COMPARED)
    if options.format == 'nagios':
        return formats.nagios(seen)
    if options.format == 'prometheus':
        # A problem is in the metrics; cron needs none of its own.
        return metrics.text(seen, of_now.NOT_CHECKED).rstrip('\n'), 0
    form = formats.table if options.format == 'table' else formats.as_json
    return form(seen), int(seen.result == PROBLEM)


def diff(options, system):
    """Show what all tasks would change -> 0 nothing, 1 something, 2 trouble."""
    try:
        environment = source.own_environment(options, system)
        roles.check(environment)
        route_policy.check(environment)
        found = [one for one in compared(
            environment, environment.this_node, system, COMPARED)
            if one.difference or one.error]
    except CalicoFuelError as error:
        output.complain(error)
        return TROUBLE
    for one in found:
        (output.warn if one.error else output.tell)(one.error or one.difference)
        output.tell('{:12} {} (calico-fuel {})'.format(
            FAILED if one.error else WOULD_CHANGE, one.label, one.task))
    if not found:
        return 0
    output.tell('diff: {}'.format(counted(len(found), 'difference')))
    return TROUBLE if any(one.error for one in found) else DIFFERS

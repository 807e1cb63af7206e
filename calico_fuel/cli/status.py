"""The commands status and diff: what this node is like now, and what would change."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp import route_policy
from calico_fuel.checks import counted
from calico_fuel.cli import formats, metrics, output, source
from calico_fuel.cli.task_list import COMPARED
from calico_fuel.converge import FAILED, WOULD_CHANGE
from calico_fuel.errors import CalicoFuelError
from calico_fuel.tasks import status as of_now
from calico_fuel.tasks.compared import compared

FORMATS = ('table', 'json', 'nagios', 'prometheus')
DIFFERS, TROUBLE = 1, 2


def status(options, system):
    """Check this node once -> exit status, that of Nagios for its format."""
    if options.format != 'nagios':
        return _status(options, system)
    try:
        return _status(options, system)
    except CalicoFuelError as error:
        _put(options, system, formats.unknown(error.args[0]))
        return formats.UNKNOWN


def _status(options, system):
    environment = source.environment(options, system)
    source.refuse_another_node(options, environment, system)
    seen = of_now.of_node(environment, environment.this_node, system, COMPARED)
    number = int(bool(formats.number_of(seen, formats.PROBLEM)))
    if options.format == 'nagios':
        text, number = formats.nagios(seen)
    elif options.format == 'prometheus':
        # A problem is in the metrics; cron needs none of its own.
        text, number = metrics.text(seen, of_now.NOT_CHECKED).rstrip('\n'), 0
    else:
        text = {'table': formats.table, 'json': formats.as_json}[options.format](seen)
    _put(options, system, text)
    return number


def _put(options, system, text):
    """Print *text*, or write it for all to read: it has no secret."""
    if options.output:
        system.write(options.output, text + '\n', 0o644)
    else:
        output.tell(text)


def diff(options, system):
    """Show what all tasks would change -> 0 nothing, 1 something, 2 trouble."""
    try:
        environment = source.environment(options, system)
        source.refuse_another_node(options, environment, system)
        roles.check(environment)
        route_policy.check(environment)
        found = [one for one in compared(
            environment, environment.this_node, system, COMPARED)
            if one.difference or one.error]
    except CalicoFuelError as error:
        for line in error.args[0].split('\n'):
            output.warn(line)
        return TROUBLE
    for one in found:
        (output.warn if one.error else output.tell)(one.error or one.difference)
        output.tell('{:12} {} (calico-fuel {})'.format(
            FAILED if one.error else WOULD_CHANGE, one.label, one.task))
    if not found:
        return 0
    output.tell('diff: {}'.format(counted(len(found), 'difference')))
    return TROUBLE if any(one.error for one in found) else DIFFERS
